import type { WindowPlan } from './fillShot.js'
import { analysisFactor, type Size } from './image.js'

/** Bytes one held frame costs: its picture, and its share of masks, motion and coordinates. */
export function bytesPerFrame(size: Size): number {
  const pixels = size.width * size.height
  return pixels * (3 + 1 + 8) + (pixels / analysisFactor(size) ** 2) * 48
}

/**
 * How many frames to hold: as many as the budget allows, since what lies outside the window cannot
 * be borrowed; never so few that a slow camera reveals nothing.
 */
export function planWindow(size: Size, budgetBytes: number): WindowPlan {
  const frames = Math.min(160, Math.max(24, Math.floor(budgetBytes / bytesPerFrame(size))))
  const lookback = Math.floor(frames / 4)
  return { lookback, lookahead: lookback, core: frames - 2 * lookback }
}
