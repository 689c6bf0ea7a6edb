import type { Size } from './view.js'

/** Longest side of an overlay: beyond this the eye sees no gain and rasterising falls behind playback. */
const LONGEST = 1280
/** Steps of the scale, so that turning the wheel does not rasterise at every notch. */
const STEPS = [1 / 8, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 2 / 3, 1] as const

/**
 * The size to rasterise a mask at: enough for how large it is shown (`scale` = device pixels
 * per source pixel), never above the source itself.
 */
export function overlaySize(source: Size, scale: number): Size {
  const limit = Math.min(1, LONGEST / Math.max(source.width, source.height))
  const step = STEPS.find((candidate) => candidate >= scale) ?? 1
  const chosen = Math.min(limit, step)
  return {
    width: Math.max(1, Math.round(source.width * chosen)),
    height: Math.max(1, Math.round(source.height * chosen)),
  }
}
