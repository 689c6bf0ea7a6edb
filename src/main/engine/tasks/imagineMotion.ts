import type { AnimateTaskInput } from '../../../shared/contract/engine.js'
import type { Conditioning } from '../diffusion/clipVelocity.js'
import { frameOf } from '../diffusion/clipPictures.js'
import { sampleClip } from '../diffusion/sampleClip.js'
import { openPackModel } from '../models/packModel.js'
import type { PackModel } from '../models/packModel.js'
import type { TaskContext } from '../taskContext.js'
import { denseFlow } from '../vision/flow.js'
import type { Picture, Plane, Size } from '../vision/image.js'
import { loadOpenCv } from '../vision/opencv.js'
import { bilinear } from '../vision/sample.js'
import type { MotionField } from '../vision/stillMotion.js'
import { showSheets } from './showSheets.js'

/**
 * Lets a model continue the still, small, with everything outside the region held (first-frame and
 * region conditioning, Lumiere, sections 4.2 and 4.3), and measures where things went: the mean
 * optical flow of its frames.
 *
 * @returns the field in cells a frame of the model's clip
 */
export async function imagineMotion(
  input: AnimateTaskInput,
  motion: Extract<AnimateTaskInput['motion'], { kind: 'words' }>,
  scene: { readonly still: Picture; readonly region: Uint8Array; readonly size: Size },
  context: TaskContext,
): Promise<{ readonly field: MotionField } & Pick<PackModel, 'provider' | 'refused'>> {
  const { pack, prompt, sampling } = motion
  const { manifest } = pack
  context.report({ phase: 'loading', done: 0, total: null })
  const model = await openPackModel(pack)
  try {
    const { frames } = manifest
    const { clip } = await sampleClip({
      ...{ pack, model, prompt, sampling, frames },
      loop: false,
      conditioning: holdOutside(scene, manifest),
      ...{ start: null, reranker: null },
      signal: context.signal,
      finish: context.finish,
      ...showSheets(context, input.outputFolder, frames, frames / manifest.seconds, manifest),
    })
    const field = await meanFlow(clip, frames, manifest, context)
    return { field: resize(field, scene.size), provider: model.provider, refused: model.refused }
  } finally {
    await model.release()
  }
}

/** The first frame is given whole, later ones outside the region. */
function holdOutside(
  { still, region, size }: { still: Picture; region: Uint8Array; size: Size },
  { width, height, frames }: Size & { readonly frames: number },
): Conditioning {
  const area = width * height
  const mask = new Float32Array(frames * area)
  const given = new Float32Array(frames * 3 * area)
  const colour = new Float32Array(3)
  const small = shrinkTo(still, { width, height })
  for (let n = 0; n < area; n++) {
    const x = n % width
    const y = Math.floor(n / width)
    const cellX = Math.min(size.width - 1, Math.floor(((x + 0.5) * size.width) / width))
    const cellY = Math.min(size.height - 1, Math.floor(((y + 0.5) * size.height) / height))
    const outside = region[cellY * size.width + cellX]! < 128 ? 1 : 0
    colour.set(small.data.subarray(n * 3, n * 3 + 3))
    for (let frame = 0; frame < frames; frame++) {
      mask[frame * area + n] = frame === 0 ? 1 : outside
      for (let c = 0; c < 3; c++) given[(frame * 3 + c) * area + n] = colour[c]! / 127.5 - 1
    }
  }
  return { mask, given }
}

/** Area average to another, smaller size; the sides may shrink by different amounts. */
function shrinkTo(picture: Picture, { width, height }: Size): Picture {
  const sums = new Float64Array(width * height * 3)
  const counts = new Uint32Array(width * height)
  for (let y = 0; y < picture.height; y++) {
    const row = Math.floor((y * height) / picture.height) * width
    for (let x = 0; x < picture.width; x++) {
      const cell = row + Math.floor((x * width) / picture.width)
      counts[cell]!++
      for (let c = 0; c < 3; c++) {
        sums[cell * 3 + c]! += picture.data[(y * picture.width + x) * 3 + c]!
      }
    }
  }
  const data = new Uint8Array(sums.length)
  for (let n = 0; n < sums.length; n++) {
    data[n] = Math.round(sums[n]! / Math.max(1, counts[Math.floor(n / 3)]!))
  }
  return { width, height, data }
}

async function meanFlow(
  clip: Float32Array,
  frames: number,
  size: Size,
  context: TaskContext,
): Promise<MotionField> {
  const { width, height } = size
  const opencv = await loadOpenCv()
  const x = new Float32Array(width * height)
  const y = new Float32Array(width * height)
  let before = grey(frameOf(clip, 0, size))
  for (let frame = 1; frame < frames; frame++) {
    context.signal.throwIfAborted()
    const after = grey(frameOf(clip, frame, size))
    const { data } = denseFlow(opencv, before, after)
    for (let n = 0; n < x.length; n++) {
      x[n]! += data[n * 2]! / (frames - 1)
      y[n]! += data[n * 2 + 1]! / (frames - 1)
    }
    before = after
  }
  return { width, height, x, y }
}

function grey({ width, height, data }: Picture): Plane {
  const plane = new Float32Array(width * height)
  for (let n = 0; n < plane.length; n++) {
    plane[n] = 0.299 * data[n * 3]! + 0.587 * data[n * 3 + 1]! + 0.114 * data[n * 3 + 2]!
  }
  return { width, height, data: plane }
}

/** A field at another size, its speeds in that size's cells. */
function resize(field: MotionField, size: Size): MotionField {
  const scaled = (data: Float32Array, factor: number): Float32Array => {
    const plane = { width: field.width, height: field.height, data }
    return Float32Array.from({ length: size.width * size.height }, (_, n) => {
      const x = (((n % size.width) + 0.5) * field.width) / size.width - 0.5
      const y = ((Math.floor(n / size.width) + 0.5) * field.height) / size.height - 0.5
      return bilinear(plane, x, y) * factor
    })
  }
  return {
    ...size,
    x: scaled(field.x, size.width / field.width),
    y: scaled(field.y, size.height / field.height),
  }
}
