import type { TakeConfidence } from './projectPaths.js'

/** Belief in content that was never filmed and looks right, beside which 1 would be a lie. */
export const INVENTED_BELIEF = 0.55

/** Below this the parts of a take that other frames show come out visibly soft. */
const DOUBTED = 0.7

/** Share of a hole that other frames must show for their content to matter. */
const WORTH_ASKING = 0.3

/**
 * True where a good part of what a removal uncovered was found in other frames and doubted there, so
 * that showing it whole (`Doubtful`) is worth a try.
 */
export function isFoundDoubted({ confidence, seen, invented }: TakeConfidence): boolean {
  let belief = 0
  let share = 0
  for (const [frame, found] of seen.entries()) {
    const value = confidence[frame] ?? 1
    if (value === 1 && found === 1) continue
    if (found < WORTH_ASKING) continue
    // The mean over the hole without the part that was invented.
    belief += value - (invented?.[frame] ?? INVENTED_BELIEF * (1 - found))
    share += found
  }
  return share > 0 && belief / share < DOUBTED
}
