import { guide } from './scheduler.js'
import type { Velocity } from './scheduler.js'
import { planTiles } from './tiles.js'
import type { Tile } from './tiles.js'
import type { TimeWindow } from './windows.js'

/** What the network is told beside the noisy clip. */
export interface Conditioning {
  /** `[frames, height * width]`, 1 where a pixel is given. */
  readonly mask: Float32Array
  /** `[frames, 3, height * width]` in -1..1; read where the mask is 1. */
  readonly given: Float32Array
}

/** A text that a pass can be told: the prompt, nothing, or the prompt without what is stressed in it. */
export type Told = 'prompt' | 'empty' | 'rest'

/** One pass over one window: sample `[T, 7, H, W]` to velocity `[T, 3, H, W]`, both flat. */
export type Pass = (sample: Float32Array, t: number, text: Told) => Promise<Float32Array>

/** What the prompt's pass is compared with, and how far it is exaggerated; at 1 there is nothing to compare. */
export interface Guidance {
  readonly against: 'empty' | 'rest'
  readonly scale: number
}

/** Channels of the network's input: noisy RGB, mask, given RGB. */
const CHANNELS = 7

/** Pixels of a picture's sides. */
interface Size {
  readonly width: number
  readonly height: number
}

/**
 * The velocity of a whole clip `[frames, 3, H, W]`: every window and every tile, with the prompt
 * and without, averaged where they overlap.
 *
 * @param options.canvas size of the clip's pictures
 * @param options.network size of a pass's pictures; a larger canvas is covered by tiles
 * @param options.guidance at a time of the schedule; a scale of 1 takes one pass, any other two
 * @param options.onPass called after each pass, for progress and for a chance to stop
 */
export function clipVelocity(options: {
  readonly pass: Pass
  readonly windows: readonly TimeWindow[]
  readonly canvas: Size
  readonly network: Size
  readonly guidance: (t: number) => Guidance
  readonly conditioning: Conditioning | null
  readonly onPass: () => Promise<void>
}): Velocity {
  const { pass, windows, canvas, network, guidance, conditioning, onPass } = options
  const tiles = planTiles(canvas, network)

  async function predict(
    window: TimeWindow,
    tile: Tile,
    x: Float32Array,
    t: number,
  ): Promise<Float32Array> {
    const sample = networkInput(window.frames, tile, { x, canvas, network, conditioning })
    const text = await pass(sample, t, 'prompt')
    await onPass()
    const { against, scale } = guidance(t)
    if (scale === 1) return text
    const without = await pass(sample, t, against)
    await onPass()
    return guide(text, without, scale)
  }

  return async (x, t) => {
    const sum = new Float32Array(x.length)
    for (const window of windows) {
      for (const tile of tiles) {
        const velocity = await predict(window, tile, x, t)
        addTile(sum, velocity, { window, tile, canvas, network })
      }
    }
    return sum
  }
}

/** Passes for one velocity of the clip. */
export function passesPerVelocity(
  windows: readonly TimeWindow[],
  guidance: number,
  tiles = 1,
): number {
  return windows.length * tiles * (guidance === 1 ? 1 : 2)
}

function addTile(
  sum: Float32Array,
  velocity: Float32Array,
  place: {
    readonly window: TimeWindow
    readonly tile: Tile
    readonly canvas: Size
    readonly network: Size
  },
): void {
  const { window, tile, canvas, network } = place
  const { width, height } = network
  window.frames.forEach((frame, n) => {
    const weight = window.weights[n]!
    for (let c = 0; c < 3; c++) {
      for (let y = 0; y < height; y++) {
        const from = ((n * 3 + c) * height + y) * width
        const to = ((frame * 3 + c) * canvas.height + tile.y + y) * canvas.width + tile.x
        const share = weight * tile.down[y]!
        for (let k = 0; k < width; k++)
          sum[to + k]! += share * tile.across[k]! * velocity[from + k]!
      }
    }
  })
}

function networkInput(
  frames: readonly number[],
  tile: Tile,
  clip: {
    readonly x: Float32Array
    readonly canvas: Size
    readonly network: Size
    readonly conditioning: Conditioning | null
  },
): Float32Array {
  const { x, canvas, network, conditioning } = clip
  const { width, height } = network
  const sample = new Float32Array(frames.length * CHANNELS * width * height)
  frames.forEach((frame, n) => {
    for (let y = 0; y < height; y++) {
      const rowOf = (channel: number): number => ((n * CHANNELS + channel) * height + y) * width
      const inFrame = (tile.y + y) * canvas.width + tile.x
      const area = canvas.width * canvas.height
      for (let c = 0; c < 3; c++) {
        const from = (frame * 3 + c) * area + inFrame
        sample.set(x.subarray(from, from + width), rowOf(c))
      }
      if (conditioning === null) continue
      const maskAt = frame * area + inFrame
      const mask = conditioning.mask.subarray(maskAt, maskAt + width)
      sample.set(mask, rowOf(3))
      for (let c = 0; c < 3; c++) {
        const from = (frame * 3 + c) * area + inFrame
        const to = rowOf(4 + c)
        for (let k = 0; k < width; k++) sample[to + k] = conditioning.given[from + k]! * mask[k]!
      }
    }
  })
  return sample
}

/** Given pixels come back bit for bit, the others within -1..1. */
export function compose(
  made: Float32Array,
  area: number,
  conditioning: Conditioning | null,
): Float32Array {
  return made.map((value, index) => {
    const frame = Math.floor(index / (3 * area))
    const pixel = index % area
    return conditioning !== null && conditioning.mask[frame * area + pixel]! >= 0.5
      ? conditioning.given[index]!
      : Math.min(1, Math.max(-1, value))
  })
}
