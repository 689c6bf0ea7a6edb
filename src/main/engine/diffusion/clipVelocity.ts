import { guide } from './scheduler.js'
import type { Velocity } from './scheduler.js'
import type { TimeWindow } from './windows.js'

/** What the network is told beside the noisy clip. */
export interface Conditioning {
  /** `[frames, height * width]`, 1 where a pixel is given. */
  readonly mask: Float32Array
  /** `[frames, 3, height * width]` in -1..1; read where the mask is 1. */
  readonly given: Float32Array
}

/** One pass over one window: sample `[T, 7, H, W]` to velocity `[T, 3, H, W]`, both flat. */
export type Pass = (
  sample: Float32Array,
  t: number,
  text: 'prompt' | 'empty',
) => Promise<Float32Array>

/** Channels of the network's input: noisy RGB, mask, given RGB. */
const CHANNELS = 7

/**
 * The velocity of a whole clip `[frames, 3, H, W]`: every window, with and without the prompt,
 * averaged over time.
 *
 * @param options.area pixels of a frame
 * @param options.guidance 1 follows the prompt in one pass; any other value takes two
 * @param options.onPass called after each pass, for progress and for a chance to stop
 */
export function clipVelocity(options: {
  readonly pass: Pass
  readonly windows: readonly TimeWindow[]
  readonly area: number
  readonly guidance: number
  readonly conditioning: Conditioning | null
  readonly onPass: () => Promise<void>
}): Velocity {
  const { pass, windows, area, guidance, conditioning, onPass } = options
  const size = 3 * area

  async function predict(window: TimeWindow, x: Float32Array, t: number): Promise<Float32Array> {
    const sample = networkInput(window.frames, x, area, conditioning)
    const text = await pass(sample, t, 'prompt')
    await onPass()
    if (guidance === 1) return text
    const empty = await pass(sample, t, 'empty')
    await onPass()
    return guide(text, empty, guidance)
  }

  return async (x, t) => {
    const sum = new Float32Array(x.length)
    for (const window of windows) {
      const velocity = await predict(window, x, t)
      window.frames.forEach((frame, n) => {
        const weight = window.weights[n]!
        for (let k = 0; k < size; k++) sum[frame * size + k]! += weight * velocity[n * size + k]!
      })
    }
    return sum
  }
}

/** Passes for one velocity of the clip. */
export function passesPerVelocity(windows: readonly TimeWindow[], guidance: number): number {
  return windows.length * (guidance === 1 ? 1 : 2)
}

function networkInput(
  frames: readonly number[],
  x: Float32Array,
  area: number,
  conditioning: Conditioning | null,
): Float32Array {
  const sample = new Float32Array(frames.length * CHANNELS * area)
  frames.forEach((frame, n) => {
    const at = n * CHANNELS * area
    sample.set(x.subarray(frame * 3 * area, (frame + 1) * 3 * area), at)
    if (conditioning === null) return
    const mask = conditioning.mask.subarray(frame * area, (frame + 1) * area)
    sample.set(mask, at + 3 * area)
    for (let c = 0; c < 3; c++) {
      const from = (frame * 3 + c) * area
      const to = at + (4 + c) * area
      for (let k = 0; k < area; k++) sample[to + k] = conditioning.given[from + k]! * mask[k]!
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
