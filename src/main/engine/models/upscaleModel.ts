import { enlargementSteps } from '../../../shared/enlargement.js'
import type { FloatPicture } from '../repaint/resample.js'
import { resample } from '../repaint/resample.js'
import type { Picture, Size } from '../vision/image.js'
import { providersToTry } from './runtime.js'
import type { Session } from './runtime.js'
import { chooseSession, openSession, runtimeOrThrow } from './session.js'
import type { RefusedProvider, UpscalePackSource } from '../../../shared/contract/sources.js'

/** An upscale pack's networks, loaded. */
export interface UpscaleModel {
  readonly provider: string
  /** Providers tried before it, each with the reason why it is not used. */
  readonly refused: readonly RefusedProvider[]
  /**
   * A frame at another size: by the network as far as it has learned to, the rest by Lanczos.
   *
   * @param picture RGB, 0..255
   * @returns unrounded, 0..255; the given numbers where `size` asks for no enlargement
   */
  enlarge(picture: Picture | FloatPicture, size: Size): Promise<FloatPicture>
  release(): Promise<void>
}

/**
 * Loads an upscale pack, which core has verified.
 *
 * @throws AppError `pack-failed` with every provider's reason
 */
export async function openUpscaleModel(
  { folder, manifest, slow }: UpscalePackSource,
  providers: readonly string[] = providersToTry(),
): Promise<UpscaleModel> {
  const runtime = await runtimeOrThrow()
  const { by2, by4, processorBy2 } = manifest.components

  async function pass(session: Session, picture: FloatPicture, by: number): Promise<FloatPicture> {
    // By two, four neighbours become channels: sides are even.
    const even = by === 2 ? evened(picture) : picture
    const dims = [1, 3, even.height, even.width]
    const pictures = new runtime.Tensor('float32', toPlanes(even), dims)
    const data = (await session.run({ pictures }))['enlarged']?.data as Float32Array | undefined
    if (data?.[0] === undefined || !Number.isFinite(data[0])) throw new Error('no numbers came out')
    const size = { width: picture.width * by, height: picture.height * by }
    return fromPlanes(data, even.width * by, size)
  }

  const common = { packId: manifest.id, folder, slow }
  const four = await chooseSession(runtime, {
    ...{ ...common, component: by4, providers },
    pass: async (session) => {
      await pass(session, floats(testPattern()), 4)
    },
  })
  let two: Session
  try {
    const component = four.provider === 'cpu' ? (processorBy2 ?? by2) : by2
    two = await openSession(runtime, folder, component, four.provider)
  } catch (error) {
    await four.session.release()
    throw error
  }
  return {
    provider: four.provider,
    refused: four.refused,
    async enlarge(picture, size) {
      let made = floats(picture)
      for (const by of enlargementSteps(picture, size)) {
        made = await pass(by === 4 ? four.session : two, made, by)
      }
      if (made.width === size.width && made.height === size.height) return made
      return resample(made, { x: 0, y: 0, width: made.width, height: made.height }, size)
    },
    async release() {
      await four.session.release()
      await two.release()
    },
  }
}

/** A picture with something to see in it: the same everywhere, for self-tests. */
export function testPattern(): Picture {
  const size = { width: 48, height: 32 }
  const data = new Uint8Array(size.width * size.height * 3)
  for (let i = 0; i < data.length; i++) data[i] = (i * 7 + ((i >> 6) % 5) * 31) & 255
  return { ...size, data }
}

/** Rounded to what is written. */
export function toBytes({ width, height, data }: FloatPicture): Picture {
  // The array rounds and clamps.
  return { width, height, data: new Uint8Array(Uint8ClampedArray.from(data).buffer) }
}

function floats({ width, height, data }: Picture | FloatPicture): FloatPicture {
  return { width, height, data: data instanceof Float32Array ? data : Float32Array.from(data) }
}

/** With its last column and row once more where a side is odd. */
function evened(picture: FloatPicture): FloatPicture {
  const width = 2 * Math.ceil(picture.width / 2)
  const height = 2 * Math.ceil(picture.height / 2)
  if (width === picture.width && height === picture.height) return picture
  const data = new Float32Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    const row = Math.min(y, picture.height - 1) * picture.width
    for (let x = 0; x < width; x++) {
      const from = (row + Math.min(x, picture.width - 1)) * 3
      for (let c = 0; c < 3; c++) data[(y * width + x) * 3 + c] = picture.data[from + c]!
    }
  }
  return { width, height, data }
}

function toPlanes({ width, height, data }: FloatPicture): Float32Array {
  const area = width * height
  const planes = new Float32Array(3 * area)
  for (let n = 0; n < area; n++) {
    for (let c = 0; c < 3; c++) {
      planes[c * area + n] = Math.min(255, Math.max(0, data[n * 3 + c]!)) / 255
    }
  }
  return planes
}

/** @param stride width of the planes, which may be wider and higher than the picture */
function fromPlanes(planes: Float32Array, stride: number, { width, height }: Size): FloatPicture {
  const area = planes.length / 3
  const data = new Float32Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const to = (y * width + x) * 3
      const from = y * stride + x
      for (let c = 0; c < 3; c++) data[to + c] = planes[c * area + from]! * 255
    }
  }
  return { width, height, data }
}
