/** How hard a fill cuts off what is around it in a frame, in levels; 0 = not at all. */
export type Fit = number

/** Frames after which something that spoils a fill is not a thing that passes any more. */
const LASTING = 8

/** Levels beyond those at home by which a fill no longer fits. */
const SPOILT = 4

/**
 * How far in time a fill may be carried: not beyond where it stops to fit for good. What only passes
 * is cut off rather than to change the fill twice.
 *
 * @param fits of a frame; null where it does not need the fill
 * @param start the frame that it was made in
 * @returns `[from, to)`
 */
export function reachOf(
  fits: (t: number) => Fit | null,
  start: number,
  from: number,
  to: number,
): { readonly from: number; readonly to: number } {
  const limit = SPOILT + (fits(start) ?? 0)
  const end = (step: 1 | -1): number => {
    let spoilt = 0
    let since = start
    for (let t = start; t >= from - 1 && t < to; t += step) {
      const fit = fits(t)
      if (fit === null) continue
      if (fit <= limit) spoilt = 0
      else if (spoilt++ === 0) since = t
      if (spoilt >= LASTING) return since
    }
    return step === 1 ? to : from - 1
  }
  return { from: end(-1) + 1, to: end(1) }
}
