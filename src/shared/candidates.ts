/**
 * Several candidates of a clip are begun, and the one in which the words are found best is made
 * (docs/adr/0030-several-beginnings-one-clip.md).
 */
export const MOST_CANDIDATES = 8
/** Where a pack can compare and nothing else is asked for. */
export const USUAL_CANDIDATES = 4

/** Share of the steps after which a clip shows what it will be of. */
const COMPARED_AFTER = 0.2

/** Steps that every candidate takes before they are compared; the rest is for one of them. */
export function stepsOfCandidates(steps: number): number {
  return Math.max(1, Math.round(COMPARED_AFTER * steps))
}

/** Steps in all for one clip. */
export function stepsWithCandidates(steps: number, candidates: number): number {
  return steps + (candidates - 1) * stepsOfCandidates(steps)
}
