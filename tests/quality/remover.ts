import type { Doubtful } from '../../src/shared/document/model.js'
import { fillShot, type WindowPlan } from '../../src/main/engine/vision/fillShot.js'
import { listHole } from '../../src/main/engine/vision/hole.js'
import { paintHole } from '../../src/main/engine/vision/keyFrame.js'
import { loadOpenCv } from '../../src/main/engine/vision/opencv.js'
import type { Size } from '../../src/main/engine/vision/image.js'

export interface Removed {
  readonly frames: Uint8Array[]
  readonly masks: Uint8Array[]
  readonly seen: number[]
  readonly confidence: number[]
  readonly secondsPerFrame: number
}

/** Grows a 0/255 mask by a square of this radius. */
export function grow(mask: Uint8Array, size: Size, radius: number): Uint8Array {
  const out = new Uint8Array(mask.length)
  for (const pixel of listHole(mask, size, radius)?.pixels ?? []) out[pixel] = 1
  return out
}

/** Runs the engine's method on frames in memory. */
export async function removeInMemory(
  clip: Size & { readonly frames: readonly Uint8Array[]; readonly masks: readonly Uint8Array[] },
  {
    plan = { lookback: 24, core: 64, lookahead: 32 },
    doubtful = 'soft',
  }: { readonly plan?: WindowPlan; readonly doubtful?: Doubtful } = {},
): Promise<Removed> {
  const margin = Math.max(2, Math.round((12 * clip.height) / 480))
  const opencv = await loadOpenCv()
  const masks = clip.masks.map((mask) => grow(mask, clip, margin))
  const size = { width: clip.width, height: clip.height }
  const frames: Uint8Array[] = []
  const seen: number[] = []
  const confidence: number[] = []
  const start = performance.now()
  async function* input(): AsyncGenerator<{
    picture: { width: number; height: number; data: Uint8Array }
    mask: Uint8Array
  }> {
    await Promise.resolve()
    for (let t = 0; t < clip.frames.length; t++) {
      yield { picture: { ...size, data: clip.frames[t]! }, mask: masks[t]! }
    }
  }
  const signal = new AbortController().signal
  for await (const result of fillShot(opencv, input(), { plan, signal, seed: 1, doubtful })) {
    frames.push(
      result.filled === null
        ? result.frame.picture.data
        : paintHole(result.frame, result.filled.colours).data,
    )
    seen.push(result.seen)
    confidence.push(result.confidence)
  }
  const secondsPerFrame = (performance.now() - start) / 1000 / clip.frames.length
  return { frames, masks, seen, confidence, secondsPerFrame }
}
