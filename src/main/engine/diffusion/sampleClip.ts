import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PackSource, SamplingParams } from '../../../shared/contract/engine.js'
import type { PackModel } from '../models/packModel.js'
import { clipVelocity, compose, passesPerVelocity } from './clipVelocity.js'
import type { Conditioning } from './clipVelocity.js'
import { seededNoise } from './noise.js'
import { addNoise, createSchedule, integrate, passesOf } from './scheduler.js'
import { planWindows } from './windows.js'

/** A clip as the network makes it: `[frames, 3, height, width]` in -1..1. */
export interface SampledClip {
  readonly clip: Float32Array
  readonly frames: number
  /** Steps that were really done. */
  readonly steps: number
}

export interface SampleOptions {
  readonly pack: PackSource
  readonly model: PackModel
  readonly prompt: string
  readonly sampling: SamplingParams
  readonly frames: number
  readonly loop: boolean
  readonly conditioning: Conditioning | null
  /** A clip to start from in place of pure noise, and how much of it may change, 0..1 (SDEdit). */
  readonly start: { readonly clip: Float32Array; readonly strength: number } | null
  readonly signal: AbortSignal
  readonly finish: AbortSignal
  readonly onPass: (done: number, total: number) => void
  /** After each step, with the clip as it now looks. */
  readonly onStep: (estimate: Float32Array, done: number, total: number) => Promise<void>
}

/**
 * Samples one clip from noise (or from a noised clip) to its end, or to the step at which the
 * person says that it is good enough.
 *
 * @throws AbortError when cancelled, at the next pass
 */
export async function sampleClip(options: SampleOptions): Promise<SampledClip> {
  const { pack, model, prompt, sampling, conditioning, start, signal, finish } = options
  const { manifest } = pack
  const area = manifest.width * manifest.height
  // A pass has the graph's length: a shorter clip is the beginning of one.
  const total = Math.max(options.frames, manifest.frames)
  const windows = planWindows(total, manifest.frames, options.loop)
  const whole = createSchedule(sampling.steps, manifest.scheduler.shift)
  const schedule = start === null ? whole : whole.subarray(firstStep(whole, start.strength))
  const passes = passesOf(schedule, sampling.solver) * passesPerVelocity(windows, sampling.guidance)
  const texts = { prompt: await model.encodeText(prompt), empty: await model.encodeText('') }

  let passed = 0
  const velocity = clipVelocity({
    pass: (sample, t, text) => model.velocity(sample, t, texts[text]),
    ...{ windows, area, conditioning },
    guidance: sampling.guidance,
    async onPass() {
      options.onPass(++passed, passes)
      // A pass blocks this process: only here can word of a cancellation come in.
      await nextTurn()
      signal.throwIfAborted()
    },
  })
  const noise = seededNoise(sampling.seed, total, 3 * area)
  const x = start === null ? noise : addNoise(start.clip, noise, schedule[0]!)
  let shown = x
  let steps = 0
  for await (const step of integrate(x, schedule, sampling.solver, velocity)) {
    steps = step.done
    const last = steps === schedule.length - 1
    shown = compose(last ? step.x : step.estimate, area, conditioning)
    await options.onStep(shown, steps, schedule.length - 1)
    signal.throwIfAborted()
    if (finish.aborted) break
  }
  return { clip: shown.subarray(0, options.frames * 3 * area), frames: options.frames, steps }
}

/** Strength 1 starts from pure noise; less skips that share of the steps. At least one is done. */
function firstStep(schedule: Float32Array, strength: number): number {
  const steps = schedule.length - 1
  return Math.min(steps - 1, Math.max(0, Math.round((1 - strength) * steps)))
}
