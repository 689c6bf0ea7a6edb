import type { Picture, Size } from '../vision/image.js'
import { providersToTry } from './runtime.js'
import type { Session } from './runtime.js'
import { chooseSession, openSession, runtimeOrThrow } from './session.js'
import type { RefusedProvider, StylePackSource } from '../../../shared/contract/sources.js'

/** A style pack's networks, loaded. Pictures are RGB of 8 bits; any size. */
export interface StyleModel {
  /** Execution provider that frames are painted on. */
  readonly provider: string
  /** Providers tried before it, each with the reason why it is not used. */
  readonly refused: readonly RefusedProvider[]
  /** What a picture asks for: gains, offsets and filters of every layer. */
  encode(picture: Picture): Promise<Float32Array>
  /**
   * Statistics of the layers over frames of one clip, all of one size: painting every frame with
   * the same ones is what keeps it from flickering.
   */
  measure(frames: readonly Picture[], modulation: Float32Array): Promise<Float32Array>
  /** A frame of the same size, painted. */
  paint(frame: Picture, modulation: Float32Array, statistics: Float32Array): Promise<Picture>
  release(): Promise<void>
}

/**
 * Loads a style pack, which core has verified.
 *
 * @throws AppError `pack-failed` with every provider's reason
 */
export async function openStyleModel(
  { folder, manifest, slow }: StylePackSource,
  providers: readonly string[] = providersToTry(),
): Promise<StyleModel> {
  const runtime = await runtimeOrThrow()
  const { components, style } = manifest
  const tensor = (data: Float32Array, dims: readonly number[]) =>
    new runtime.Tensor('float32', data, dims)
  const row = (data: Float32Array) => tensor(data, [1, data.length])

  async function run(
    session: Session,
    feeds: Parameters<Session['run']>[0],
    output: string,
  ): Promise<Float32Array> {
    const data = (await session.run(feeds))[output]?.data as Float32Array | undefined
    if (data?.[0] === undefined || !Number.isFinite(data[0])) throw new Error('no numbers came out')
    return data
  }

  async function paint(
    session: Session,
    frame: Picture,
    modulation: Float32Array,
    statistics: Float32Array,
  ): Promise<Picture> {
    const around = padded(frame, style)
    const planes = tensor(toPlanes([frame], around, style.margin), dimsOf(1, around))
    const feeds = { frames: planes, modulation: row(modulation), statistics: row(statistics) }
    const painted = await run(session, feeds, 'painted')
    return fromPlanes(painted, around, frame, style.margin)
  }

  // Both are called a few times a clip, on small pictures: the processor is always there.
  const encoder = await openSession(runtime, folder, components.styleEncoder, 'cpu')
  const opened: Session[] = [encoder]
  try {
    const measurer = await openSession(runtime, folder, components.measure, 'cpu')
    opened.push(measurer)
    const { session, provider, refused } = await chooseSession(runtime, {
      ...{ packId: manifest.id, folder, component: components.painter, providers, slow },
      pass: async (one) => {
        const ones = new Float32Array(style.statistics).fill(1)
        await paint(one, testPicture(), new Float32Array(style.modulation), ones)
      },
    })
    opened.push(session)
    return {
      provider,
      refused,
      async encode(picture) {
        const planes = tensor(toPlanes([picture], picture, 0), dimsOf(1, picture))
        return (await run(encoder, { picture: planes }, 'modulation')).slice()
      },
      async measure(frames, modulation) {
        const [first] = frames
        if (first === undefined) throw new Error('no frames to measure')
        const around = padded(first, style)
        const planes = tensor(toPlanes(frames, around, style.margin), dimsOf(frames.length, around))
        const feeds = { frames: planes, modulation: row(modulation) }
        return (await run(measurer, feeds, 'statistics')).slice()
      },
      paint: (frame, modulation, statistics) => paint(session, frame, modulation, statistics),
      async release() {
        for (const one of opened) await one.release()
      },
    }
  } catch (error) {
    for (const one of opened) await one.release()
    throw error
  }
}

/** A picture with something to see in it: the same everywhere, for self-tests. */
export function testPicture(): Picture {
  const size = { width: 64, height: 48 }
  const data = new Uint8Array(size.width * size.height * 3)
  for (let i = 0; i < data.length; i++) data[i] = (i * 7 + ((i >> 6) % 5) * 31) & 255
  return { ...size, data }
}

/** Size of a frame with the margin around it, rounded up to what the network takes. */
function padded(
  { width, height }: Size,
  { margin, sizeMultiple }: { readonly margin: number; readonly sizeMultiple: number },
): Size {
  const up = (side: number): number => Math.ceil((side + 2 * margin) / sizeMultiple) * sizeMultiple
  return { width: up(width), height: up(height) }
}

const dimsOf = (count: number, { width, height }: Size): number[] => [count, 3, height, width]

/** 8-bit RGB as planes 0..1; around the picture its border is mirrored. */
function toPlanes(pictures: readonly Picture[], around: Size, margin: number): Float32Array {
  const area = around.width * around.height
  const planes = new Float32Array(pictures.length * 3 * area)
  for (const [n, { width, height, data }] of pictures.entries()) {
    const columns = mirrored(around.width, margin, width)
    const rows = mirrored(around.height, margin, height)
    let to = n * 3 * area
    for (const row of rows) {
      const base = row * width
      for (const column of columns) {
        const from = (base + column) * 3
        planes[to] = data[from]! / 255
        planes[to + area] = data[from + 1]! / 255
        planes[to + 2 * area] = data[from + 2]! / 255
        to++
      }
    }
  }
  return planes
}

/** For every place of the padded side, the place in the picture that is shown there. */
function mirrored(length: number, margin: number, side: number): Int32Array {
  const period = Math.max(1, 2 * side - 2)
  return Int32Array.from({ length }, (_, at) => {
    const wrapped = (((at - margin) % period) + period) % period
    return Math.min(side - 1, wrapped < side ? wrapped : period - wrapped)
  })
}

function fromPlanes(
  planes: Float32Array,
  around: Size,
  { width, height }: Size,
  margin: number,
): Picture {
  const area = around.width * around.height
  const data = new Uint8ClampedArray(width * height * 3)
  let to = 0
  for (let y = 0; y < height; y++) {
    let from = (y + margin) * around.width + margin
    for (let x = 0; x < width; x++, from++, to += 3) {
      // The array rounds and clamps.
      data[to] = planes[from]! * 255
      data[to + 1] = planes[from + area]! * 255
      data[to + 2] = planes[from + 2 * area]! * 255
    }
  }
  return { width, height, data: new Uint8Array(data.buffer) }
}
