import type { JobPhase } from '../../../shared/contract/job.js'

/** The phases of a job in order, with the share of its time that each is expected to take. */
export type PhasePlan = readonly { readonly phase: JobPhase; readonly weight: number }[]

/** How far a job is as a whole. */
export interface Progressed {
  /** 0..1, never less than before; null while the plan does not say. */
  readonly share: number | null
  /** Null while there is too little to go by. */
  readonly secondsLeft: number | null
}

export interface EtaEstimator {
  /**
   * How far the job is after this report.
   * @param now milliseconds of a monotonic clock
   * @param earlier how much of `done` an earlier run did: it took none of this one's time
   */
  update(
    phase: JobPhase,
    done: number,
    total: number | null,
    now: number,
    earlier?: number,
  ): Progressed
}

// Below these a rate is mostly start-up noise, and a wrong number is worse than none.
const MIN_SECONDS = 0.8
const MIN_SHARE = 0.02
/**
 * What was expected counts like this share of the work. The first steps of a job are often its
 * quickest: going by them alone, minutes look like seconds.
 */
const WORTH_OF_EXPECTED = 0.25

/**
 * Time left from the share done so far, and from what was expected beforehand. The share never
 * goes back: a streaming task that returns to an earlier phase for its next window keeps what it
 * has reached.
 *
 * @param expected seconds that the forecast gave to what this run has to do; null where there is none
 */
export function createEta(
  plan: PhasePlan,
  startedAt: number,
  expected: number | null = null,
): EtaEstimator {
  const sum = plan.reduce((weights, one) => weights + one.weight, 0)
  let reached = 0
  let begun = 0
  let smoothed: number | null = null

  return {
    update(phase, done, total, now, earlier = 0) {
      const index = plan.findIndex((one) => one.phase === phase)
      if (index >= 0 && total !== null && total > 0) {
        const before = plan.slice(0, index).reduce((weights, one) => weights + one.weight, 0)
        const weight = plan[index]?.weight ?? 0
        const shareOf = (count: number): number =>
          (before + weight * Math.min(1, count / total)) / sum
        reached = Math.max(reached, shareOf(done))
        if (earlier > 0) begun = shareOf(earlier)
      }
      const elapsed = (now - startedAt) / 1000
      const share = reached === 0 ? null : reached
      if (elapsed < MIN_SECONDS || reached - begun < MIN_SHARE) return { share, secondsLeft: null }
      const whole = begun < 1 && expected !== null ? expected / (1 - begun) : null
      const worth = whole === null ? 0 : WORTH_OF_EXPECTED
      const perShare = (elapsed + worth * (whole ?? 0)) / (reached - begun + worth)
      const left = perShare * (1 - reached)
      smoothed = smoothed === null ? left : smoothed * 0.7 + left * 0.3
      return { share, secondsLeft: smoothed }
    },
  }
}
