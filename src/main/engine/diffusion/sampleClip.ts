import { setImmediate as nextTurn } from 'node:timers/promises'
import type { PackSource, SamplingParams } from '../../../shared/contract/sources.js'
import type { PackManifest } from '../../../shared/contract/pack.js'
import type { PackModel } from '../models/packModel.js'
import { clipVelocity, compose, passesPerVelocity } from './clipVelocity.js'
import type { Conditioning } from './clipVelocity.js'
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
  /** Size of the clip's pictures where it is larger than the network's. */
  readonly canvas?: { readonly width: number; readonly height: number }
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
  const canvas = options.canvas ?? manifest
  const area = canvas.width * canvas.height
  // A pass has the graph's length: a shorter clip is the beginning of one.
  const total = Math.max(options.frames, manifest.frames)
  const plan = planSampling(manifest, {
    ...{ sampling, canvas, frames: total, loop: options.loop },
    strength: start?.strength ?? 1,
  })
  const { windows, schedule, passes } = plan
  const texts = { prompt: await model.encodeText(prompt), empty: await model.encodeText('') }

  let passed = 0
  const velocity = clipVelocity({
    pass: (sample, t, text) => model.velocity(sample, t, texts[text]),
    ...{ windows, canvas, network: manifest, conditioning },
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
  let made = x
  let steps = 0
  for await (const step of integrate(x, schedule, sampling.solver, velocity)) {
    steps = step.done
    const last = steps === schedule.length - 1
    made = last ? step.x : step.estimate
    shown = compose(made, area, conditioning)
    await options.onStep(shown, steps, schedule.length - 1)
    signal.throwIfAborted()
    if (finish.aborted) break
  }
  const values = options.frames * 3 * area
  return {
    clip: shown.subarray(0, values),
    made: made.subarray(0, values),
    ...{ frames: options.frames, steps },
  }
}

/** How a clip will be sampled, known before it is. */
export interface SamplingPlan {
  readonly windows: readonly TimeWindow[]
  readonly schedule: Float32Array
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
  },
): SamplingPlan {
  const { sampling, frames, canvas, loop, strength } = wanted
  const windows = planWindows(frames, manifest.frames, loop)
  const tiles = planTiles(canvas, manifest).length
  // A clip that is changed by half takes half of the steps.
  const steps = Math.max(1, Math.round(strength * sampling.steps))
  const start = startTime(strength, manifest)
  const schedule = createSchedule(steps, manifest.scheduler.shift, start)
  const each = passesPerVelocity(windows, sampling.guidance, tiles)
  return { windows, schedule, passes: passesOf(schedule, sampling.solver) * each }
}
