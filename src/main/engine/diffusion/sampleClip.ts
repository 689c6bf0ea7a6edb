import { setImmediate as nextTurn } from 'node:timers/promises'
import type {
  ChosenCandidate,
  PackSource,
  SamplingParams,
} from '../../../shared/contract/sources.js'
import type { PreviewSheet } from '../../../shared/contract/job.js'
import type { PackManifest } from '../../../shared/contract/pack.js'
import { stepsOfCandidates, stepsWithCandidates } from '../../../shared/candidates.js'
import { withoutNamed } from '../../../shared/text/emphasis.js'
import { splitWords } from '../../../shared/text/tokenizer.js'
import type { PackModel } from '../models/packModel.js'
import { mirrorRows } from '../models/reranker.js'
import type { Reranker } from '../models/reranker.js'
import { chooseBeginning, comparedBy, fitsMirrored } from './candidates.js'
import { clipVelocity, compose, passesPerVelocity } from './clipVelocity.js'
import type { Conditioning, Guidance } from './clipVelocity.js'
import { seededNoise } from './noise.js'
import { addNoise, createSchedule, integrate, passesOf, startTime } from './scheduler.js'
import { planTiles } from './tiles.js'
import { planWindows } from './windows.js'
import type { TimeWindow } from './windows.js'

/** A clip as the network makes it: `[frames, 3, height, width]` in -1..1. */
export interface SampledClip {
  readonly clip: Float32Array
  /** The same before given pixels were put back: what the network makes of those too. */
  readonly made: Float32Array
  readonly frames: number
  /** Steps that were really done, of the clip itself. */
  readonly steps: number
  /** Which of several candidates it is; null where there was nothing to choose. */
  readonly chosen: ChosenCandidate | null
}

export interface SampleOptions {
  readonly pack: PackSource
  readonly model: PackModel
  readonly prompt: string
  readonly sampling: SamplingParams
  readonly frames: number
  readonly loop: boolean
  /** Size of the clip's pictures where it is larger than the network's. */
  readonly canvas?: { readonly width: number; readonly height: number }
  readonly conditioning: Conditioning | null
  /** A clip to start from in place of pure noise, and how much of it may change, 0..1 (SDEdit). */
  readonly start: { readonly clip: Float32Array; readonly strength: number } | null
  /** Finds the prompt in clips: several candidates take it. */
  readonly reranker: Reranker | null
  readonly signal: AbortSignal
  readonly finish: AbortSignal
  readonly onPass: (done: number, total: number) => void
  /** After each step, with the clip as it now looks, and which candidate it is while they are compared. */
  readonly onStep: (
    estimate: Float32Array,
    done: number,
    total: number,
    candidate: Candidate | null,
  ) => Promise<void>
}

/** One of several, from 1. */
type Candidate = NonNullable<PreviewSheet['candidate']>

/** A part of the schedule, in steps; all of it when nothing is said. */
interface Stretch {
  readonly from?: number
  readonly to?: number
  readonly candidate?: Candidate
}

/** A clip on its way: the noisy one, and what it now looks like. */
interface Advanced {
  readonly x: Float32Array
  readonly made: Float32Array
  /** `made` with given pixels put back. */
  readonly shown: Float32Array
  /** Where in the schedule it is. */
  readonly steps: number
}

/**
 * Samples one clip from noise (or from a noised clip) to its end, or to the step at which the
 * person says that it is good enough.
 *
 * @throws AbortError when cancelled, at the next pass
 */
export async function sampleClip(options: SampleOptions): Promise<SampledClip> {
  const { pack, model, prompt, sampling, conditioning, start, reranker, signal, finish } = options
  const { manifest } = pack
  const canvas = options.canvas ?? manifest
  const area = canvas.width * canvas.height
  // A pass has the graph's length: a shorter clip is the beginning of one.
  const total = Math.max(options.frames, manifest.frames)
  // Only from noise with nothing given: in what is made into a clip, choosing gained nothing (ADR 0032).
  const free = conditioning === null && start === null
  const count = reranker !== null && free ? (sampling.candidates ?? 1) : 1
  const plan = planSampling(manifest, {
    ...{ sampling, canvas, frames: total, loop: options.loop },
    strength: start?.strength ?? 1,
    candidates: count,
  })
  const { windows, schedule, passes } = plan
  const rest = withoutNamed(prompt)
  const texts = {
    prompt: await model.encodeText(prompt),
    empty: await model.encodeText(''),
    rest: await model.encodeText(rest),
  }
  const emphasis = rest === splitWords(prompt).join(' ') ? 0 : (sampling.emphasis ?? 0)

  let passed = 0
  const velocity = clipVelocity({
    pass: (sample, t, text) => model.velocity(sample, t, texts[text]),
    ...{ windows, canvas, network: manifest, conditioning },
    guidance: (t) => guidanceAt(schedule.indexOf(t), sampling.guidance, emphasis),
    async onPass() {
      options.onPass(++passed, passes)
      // A pass blocks this process: only here can word of a cancellation come in.
      await nextTurn()
      signal.throwIfAborted()
    },
  })
  const steps = schedule.length - 1
  let looks = 0
  /** Takes `x`, which is overwritten, along the schedule, or as far as the person says. */
  async function advance(
    x: Float32Array,
    { from = 0, to = steps, candidate }: Stretch = {},
  ): Promise<Advanced> {
    let at: Advanced = { x, made: x, shown: x, steps: from }
    const part = schedule.subarray(from, to + 1)
    for await (const step of integrate(x, part, sampling.solver, velocity)) {
      const done = from + step.done
      const made = done === steps ? step.x : step.estimate
      at = { x, made, shown: compose(made, area, conditioning), steps: done }
      await options.onStep(at.shown, ++looks, plan.steps, candidate ?? null)
      signal.throwIfAborted()
      if (finish.aborted) break
    }
    return at
  }

  const noiseOf = (seed: number): Float32Array => seededNoise(seed, total, 3 * area)
  let chosen: ChosenCandidate | null = null
  let at: Advanced
  if (reranker !== null && count > 1) {
    const candidates = comparedBy(reranker, { prompt, count, windows, canvas })
    const to = stepsOfCandidates(steps)
    const choice = await chooseBeginning(candidates, sampling.seed, finish, (seed, number) =>
      advance(noiseOf(seed), { to, candidate: { number, of: count } }),
    )
    at = choice.begun
    if (!finish.aborted) at = await advance(at.x, { from: at.steps })
    // What is good enough as it is seen is kept as it is seen.
    const mirrored = !finish.aborted && fitsMirrored(await candidates.compare(at.shown))
    if (mirrored) at = turnedRound(at, canvas.width)
    chosen = { ...choice.chosen, mirrored }
  } else {
    const noise = noiseOf(sampling.seed)
    at = await advance(start === null ? noise : addNoise(start.clip, noise, schedule[0]!))
  }
  const values = options.frames * 3 * area
  return {
    clip: at.shown.subarray(0, values),
    made: at.made.subarray(0, values),
    ...{ frames: options.frames, steps: at.steps, chosen },
  }
}

/**
 * What the prompt's pass is compared with in a step. Every second one asks what the stressed words
 * alone change, where there are any: as many passes as without.
 */
function guidanceAt(step: number, guidance: number, emphasis: number): Guidance {
  return guidance === 1 || emphasis === 0 || step % 2 === 1
    ? { against: 'empty', scale: guidance }
    : { against: 'rest', scale: 1 + emphasis }
}

function turnedRound(at: Advanced, width: number): Advanced {
  return { ...at, made: mirrorRows(at.made, width), shown: mirrorRows(at.shown, width) }
}

/** How a clip will be sampled, known before it is. */
export interface SamplingPlan {
  readonly windows: readonly TimeWindow[]
  readonly schedule: Float32Array
  /** Steps in all, those of candidates too. */
  readonly steps: number
  /** Network passes in all. */
  readonly passes: number
}

/**
 * @param wanted.frames at least those of a pass
 * @param wanted.strength 1 from pure noise; see {@link SampleOptions.start}
 */
export function planSampling(
  manifest: PackManifest,
  wanted: {
    readonly sampling: SamplingParams
    readonly frames: number
    readonly canvas: { readonly width: number; readonly height: number }
    readonly loop: boolean
    readonly strength: number
    readonly candidates?: number
  },
): SamplingPlan {
  const { sampling, frames, canvas, loop, strength, candidates = 1 } = wanted
  const windows = planWindows(frames, manifest.frames, loop)
  const tiles = planTiles(canvas, manifest).length
  // A clip that is changed by half takes half of the steps.
  const steps = Math.max(1, Math.round(strength * sampling.steps))
  const start = startTime(strength, manifest)
  const schedule = createSchedule(steps, manifest.scheduler.shift, start)
  const each = passesPerVelocity(windows, sampling.guidance, tiles)
  // What is left out here are steps that do not reach the schedule's end.
  const all = stepsWithCandidates(steps, candidates)
  const perStep = sampling.solver === 'heun' ? 2 : 1
  const passes = (passesOf(schedule, sampling.solver) + (all - steps) * perStep) * each
  return { windows, schedule, steps: all, passes }
}
