import type { ChosenCandidate } from '../../../shared/contract/sources.js'
import type { Agreement, Reranker } from '../models/reranker.js'
import type { TimeWindow } from './windows.js'

/** Several noises are begun with, and the one that shows the prompt best goes on (reranking: Ramesh et al., 2021). */
export interface Candidates {
  readonly count: number
  /** Of a clip `[frames, 3, height, width]` in -1..1 as it looks, on its way or done. */
  readonly compare: (estimate: Float32Array) => Promise<Agreement>
}

/** Compared window by window where the clip is longer than a pass: each is of all that the prompt says. */
export function comparedBy(
  reranker: Reranker,
  clip: {
    readonly prompt: string
    readonly count: number
    readonly windows: readonly TimeWindow[]
    readonly canvas: { readonly width: number; readonly height: number }
  },
): Candidates {
  const { prompt, count, windows } = clip
  // Nothing else of what may be a whole manifest.
  const { width, height } = clip.canvas
  return {
    count,
    async compare(estimate) {
      let [plain, mirrored] = [0, 0]
      for (const { frames } of windows) {
        const one = await reranker.agreement(prompt, { clip: estimate, frames, width, height })
        plain += one.plain / windows.length
        mirrored += one.mirrored / windows.length
      }
      return { plain, mirrored }
    },
  }
}

const SEEDS = 0x8000_0000
/** A mirror image must fit by so much better, in nats: what a prompt leaves open is not turned round for nothing. */
const MIRROR_GAIN = 0.25

/**
 * Begins every candidate, and says which fits best. One that the person calls good enough is kept
 * as it is, whatever the others look like.
 *
 * @param seed of the first; the others follow
 * @param begin takes a candidate, numbered from 1, as far as they are compared
 */
export async function chooseBeginning<T extends { readonly shown: Float32Array }>(
  { count, compare }: Candidates,
  seed: number,
  finish: AbortSignal,
  begin: (seed: number, number: number) => Promise<T>,
): Promise<{ readonly begun: T; readonly chosen: Omit<ChosenCandidate, 'mirrored'> }> {
  const agreements: number[] = []
  let best: { begun: T; seed: number; agreement: number } | null = null
  for (let n = 0; n < count || best === null; n++) {
    const own = (seed + n) % SEEDS
    const begun = await begin(own, n + 1)
    if (finish.aborted) return { begun, chosen: { seed: own, agreements } }
    const { plain: agreement } = await compare(begun.shown)
    agreements.push(agreement)
    if (best === null || agreement > best.agreement) best = { begun, seed: own, agreement }
  }
  return { begun: best.begun, chosen: { seed: best.seed, agreements } }
}

/**
 * Whether a clip is to be turned round: a world without writing makes mirror images as readily, so
 * what moves the wrong way is right in one.
 */
export function fitsMirrored({ plain, mirrored }: Agreement): boolean {
  return mirrored > plain + MIRROR_GAIN
}
