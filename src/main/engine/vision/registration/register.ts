import { compose, enlarge, type Homography } from '../homography.js'
import { measure } from './alignment.js'
import { solveStep, type Freedom } from './fit.js'
import type { RegistrationLevel } from './level.js'
import { landing, pickPoints } from './points.js'

/** How one frame maps onto another, with the brightness change between them. */
export interface Registration {
  /** From the first frame's cells to the second's. */
  readonly h: Homography
  /** Share 0..1 of the textured points that line up to about half a cell. */
  readonly aligned: number
  /** Share 0..1 of the first frame's known points that fall on known points of the second. */
  readonly overlap: number
}

/**
 * Registers two pictures directly: robust Gauss-Newton over eight motion parameters plus gain and
 * offset, coarse to fine (Baker & Matthews 2004, forward compositional with the template's
 * gradient). Cells covered by the hole in either picture take no part.
 *
 * @param start first guess, in cells of the finest level
 * @param search also try whole translations at the coarsest level, for frames without a good guess
 * @param freedom `shift` leaves everything but the translation as the first guess has it
 */
export function register(
  a: readonly RegistrationLevel[],
  b: readonly RegistrationLevel[],
  start: Homography,
  search: boolean,
  freedom: Freedom = 'full',
): Registration {
  const top = a.length - 1
  let h = enlarge(start, 1 / 2 ** top)
  if (search) h = searchTranslation(a[top]!, b[top]!, h)
  let quality = { aligned: 0, overlap: 0 }
  for (let level = top; level >= 0; level--) {
    const points = pickPoints(a[level]!)
    let gain = 1
    let offset = 0
    const iterations = level === 0 ? 5 : 7
    for (let iteration = 0; iteration < iterations; iteration++) {
      const step = solveStep(a[level]!, b[level]!, points, h, gain, offset, freedom)
      if (step === null) break
      h = step.h
      gain = step.gain
      offset = step.offset
      if (step.shift < 0.003) break
    }
    if (level === 0) quality = measure(a[0]!, b[0]!, points, h, gain, offset)
    else h = enlarge(h, 2)
  }
  return { h, ...quality }
}

/** Tries whole-cell translations of up to 9 cells around a start, by truncated difference. */
function searchTranslation(
  a: RegistrationLevel,
  b: RegistrationLevel,
  start: Homography,
): Homography {
  const points = pickPoints(a)
  const stride = Math.max(1, Math.floor(points.count / 900))
  let best = start
  let bestCost = Number.POSITIVE_INFINITY
  for (let dy = -9; dy <= 9; dy++) {
    for (let dx = -9; dx <= 9; dx++) {
      const h = compose([1, 0, dx, 0, 1, dy, 0, 0, 1], start)
      let cost = 0
      let count = 0
      let total = 0
      for (let n = 0; n < points.count; n += stride) {
        total++
        const value = landing(b, h, points.x[n]!, points.y[n]!)
        if (Number.isNaN(value)) continue
        cost += Math.min(40, Math.abs(value - points.value[n]!))
        count++
      }
      if (count * 3 < total) continue
      // A slight preference for the guess breaks ties in repeating textures.
      const mean = cost / count + 0.05 * Math.hypot(dx, dy)
      if (mean < bestCost) {
        bestCost = mean
        best = h
      }
    }
  }
  return best
}
