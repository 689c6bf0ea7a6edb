/**
 * Rectified flow (Liu et al., 2022): time runs from 1 (noise) to 0 (clip), the network gives the
 * velocity, noise minus clean. Pure functions over flat arrays; the same as
 * training/lumiere_training/flow_matching.py, golden-tested against it.
 */
export type Solver = 'euler' | 'heun'

/** The clip's velocity at `x` and time `t`; the array is the caller's. */
export type Velocity = (x: Float32Array, t: number) => Promise<Float32Array>

/**
 * `steps + 1` times from 1, or from `start`, to 0, as float32 like those of training.
 *
 * @param shift above 1 spends more steps at the noisy end: t' = s t / (1 + (s - 1) t)
 */
export function createSchedule(steps: number, shift: number, start = 1): Float32Array {
  const first = start / (shift - (shift - 1) * start)
  return Float32Array.from({ length: steps + 1 }, (_, index) => {
    const t = (first * (steps - index)) / steps
    return (shift * t) / (1 + (shift - 1) * t)
  })
}

/** Coarsest patterns of a clip, as in training (settings.py): a few places across, down and along time. */
const LAYOUT_MODES = 50
const CLIP_DEVIATION = 0.6
/** At half strength noise is by so much weaker than where it hides the layout: that stays, details go. */
const HALF_STRENGTH = Math.exp(-1.5)

/** Training saw none smaller. */
const LEAST_TIME = 1e-4

/**
 * Time at which a clip that is changed by `strength` starts (SDEdit, Meng et al., 2022): 0 keeps
 * all of it, at a half details are made anew, near 1 the composition too.
 *
 * Noise averages away over pixels, pictures do not: larger passes show their layout for longer
 * (ADR 0020). What a strength keeps does not depend on how the steps are laid.
 */
export function startTime(
  strength: number,
  pass: { readonly frames: number; readonly width: number; readonly height: number },
): number {
  if (strength >= 1) return 1
  const pixels = pass.frames * pass.width * pass.height
  const layout = CLIP_DEVIATION * Math.sqrt(pixels / LAYOUT_MODES)
  const odds = (layout * HALF_STRENGTH * strength) / (1 - strength)
  return Math.max(LEAST_TIME, odds / (1 + odds))
}

/** x_t of a clean clip (SDEdit, Meng et al., 2022, starts from it): (1 - t) clean + t noise. */
export function addNoise(clean: Float32Array, noise: Float32Array, t: number): Float32Array {
  return clean.map((value, index) => (1 - t) * value + t * noise[index]!)
}

/** Classifier-free guidance (Ho & Salimans, 2022), into the first array: empty + scale (text - empty). */
export function guide(text: Float32Array, empty: Float32Array, scale: number): Float32Array {
  for (let n = 0; n < text.length; n++) text[n] = empty[n]! + scale * (text[n]! - empty[n]!)
  return text
}

export interface Step {
  /** Steps done, from 1. */
  readonly done: number
  /** The clip that the latest velocity points to: what a live preview shows. */
  readonly estimate: Float32Array
  /** The clip at the new time; the result after the last step. */
  readonly x: Float32Array
}

/**
 * Integrates from `schedule[0]` to its end, one yield a step. `heun` is second order at two
 * passes a step (one for the last).
 *
 * @param x overwritten step by step
 */
export async function* integrate(
  x: Float32Array,
  schedule: Float32Array,
  solver: Solver,
  velocity: Velocity,
): AsyncGenerator<Step> {
  for (let step = 0; step + 1 < schedule.length; step++) {
    const now = schedule[step]!
    const after = schedule[step + 1]!
    const first = await velocity(x, now)
    const estimate = advance(x, first, now, 0)
    if (solver === 'heun' && after > 0) {
      const second = await velocity(advance(x, first, now, after), after)
      for (let n = 0; n < first.length; n++) first[n] = (first[n]! + second[n]!) / 2
    }
    x.set(advance(x, first, now, after))
    yield { done: step + 1, estimate, x }
  }
}

/** Network passes of one sampling, guidance not counted. */
export function passesOf(schedule: Float32Array, solver: Solver): number {
  const steps = schedule.length - 1
  return solver === 'heun' ? 2 * steps - 1 : steps
}

function advance(x: Float32Array, velocity: Float32Array, now: number, to: number): Float32Array {
  const out = new Float32Array(x.length)
  const span = to - now
  for (let n = 0; n < x.length; n++) out[n] = x[n]! + span * velocity[n]!
  return out
}
