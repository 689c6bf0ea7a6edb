import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { toErrorData } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import type { GenerateTaskInput, GenerateTaskResult } from '../../../shared/contract/engine.js'
import type { GenerateInput } from '../../../shared/contract/job.js'
import type { PackIdentity, PackManifest } from '../../../shared/contract/pack.js'
import { USUAL_CANDIDATES } from '../../../shared/candidates.js'
import { USUAL_EMPHASIS } from '../../../shared/emphasis.js'
import { enlargedPixels } from '../../../shared/enlargement.js'
import { newId } from '../../../shared/ids.js'
import { toNumber } from '../../../shared/rational.js'
import type { Rational } from '../../../shared/rational.js'
import { verifyPack } from '../packs/readPack.js'
import type { Pack } from '../packs/readPack.js'
import { keepMade } from './keepMade.js'
import {
  ENLARGING_WORK,
  FIXED_WORK,
  identityOf,
  modelMemory,
  openUpscaler,
  samplingWork,
} from './packWork.js'
import type { JobHandler } from './queue.js'
import { completeForecast } from './resources.js'
import type { JobResources } from './resources.js'

export function generateJob(resources: JobResources): JobHandler<'generate'> {
  const { session, packs } = resources
  const packOf = ({ packId }: GenerateInput): Promise<Pack> =>
    packs.find({ capability: 'generate', ...(packId === undefined ? {} : { id: packId }) })

  return {
    lane: 'engine',
    plan: [
      { phase: 'loading', weight: 1 },
      { phase: 'sampling', weight: 20 },
      // One of the two: by the network, or by Lanczos on the way into the file.
      { phase: 'enlarging', weight: 12 },
      { phase: 'encoding', weight: 1 },
      { phase: 'proxy', weight: 1 },
    ],

    async forecast(input) {
      const problems: ErrorData[] = []
      if (input.prompt.trim() === '') {
        problems.push({
          code: 'prompt-empty',
          message: 'There is no prompt.',
          hint: 'Describe what the clip should show.',
        })
      }
      let work = 0
      let memoryBytes = 0
      let diskBytes = 0
      try {
        const { manifest } = await packOf(input)
        const plan = planClip(manifest, input)
        work = workOf(manifest, plan, (await packs.findUpscaler()) !== null)
        memoryBytes = modelMemory(manifest)
        diskBytes = plan.width * plan.height * plan.frames * 0.5
      } catch (error) {
        problems.push(toErrorData(error))
      }
      return completeForecast(resources, {
        ...{ kind: 'generate', work, memoryBytes, problems },
        diskBytes: Math.round(diskBytes),
      })
    },

    async run({ input, signal, finish, report }) {
      const started = performance.now()
      const pack = await packOf(input)
      report({ phase: 'loading', done: 0, total: null })
      await verifyPack(pack, { signal })
      const plan = planClip(pack.manifest, input)
      const isLarger = enlargedPixels(pack.manifest, plan) > 0
      const upscaler = isLarger ? await openUpscaler(packs, signal) : null
      const tools = await resources.tools()
      // Named like an asset's cache, so that opening the project clears what a crash left.
      const workPath = `cache/${newId('asset')}`
      const work = join(session.folder, workPath)
      await mkdir(work, { recursive: true })
      try {
        const task: GenerateTaskInput = {
          pack: await packs.source(pack),
          prompt: input.prompt,
          ...plan,
          loop: input.loop,
          upscaler: upscaler?.source ?? null,
          outputFolder: work,
          ffmpegPath: tools.ffmpeg,
        }
        const result = await resources.engine.run('generate', task, {
          ...{ signal, finish },
          onProgress: ({ phase, done, total, preview }) => {
            report({
              ...{ phase, done, total },
              ...(preview === undefined
                ? {}
                : { preview: { ...preview, path: `${workPath}/${preview.file}` } }),
            })
          },
        })
        await packs.learn(pack, result.refused)
        if (upscaler !== null) await packs.learn(upscaler.pack, result.enlarged?.refused ?? [])
        const seconds = (performance.now() - started) / 1000
        const identity = identityOf(pack)
        const kept = await keepMade(
          resources,
          {
            path: join(work, 'clip.mp4'),
            name: input.prompt,
            extension: '.mp4',
            recipe: describe(resources, {
              ...{ task, result, pack: identity, seconds },
              upscale: upscaler === null ? null : identityOf(upscaler.pack),
            }),
            by: { task: 'generate', prompt: input.prompt, seed: input.seed, pack: identity },
            place: input.place,
          },
          { signal, report },
        )
        if (result.steps === plan.sampling.steps) {
          const total = (performance.now() - started) / 1000
          const done = workOf(pack.manifest, plan, upscaler !== null)
          await resources.rates.learn('generate', done, total)
        }
        return kept
      } finally {
        await rm(work, { recursive: true, force: true })
      }
    },
  }
}

type ClipPlan = Pick<GenerateTaskInput, 'sampling' | 'frames' | 'fps' | 'width' | 'height'>

/** What is asked for, in the pack's own frames; what is not said is the pack's. */
function planClip(manifest: PackManifest, input: GenerateInput): ClipPlan {
  const { scheduler } = manifest
  const fps = exactRate(manifest)
  const seconds = input.seconds ?? manifest.seconds
  const longer = Math.max(manifest.width, manifest.height)
  const side = (length: number): number => 2 * Math.round((input.size * length) / longer / 2)
  return {
    sampling: {
      seed: input.seed,
      steps: input.steps ?? scheduler.steps,
      guidance: input.guidance ?? scheduler.guidanceScale,
      solver: input.solver ?? scheduler.solver,
      // Without something that compares them, the first would be as good as any.
      candidates:
        manifest.components.reranker === undefined ? 1 : (input.candidates ?? USUAL_CANDIDATES),
      emphasis: input.emphasis ?? USUAL_EMPHASIS,
    },
    // A loop shorter than a pass would be cut, and jump at its end.
    frames: Math.max(input.loop ? manifest.frames : 1, Math.round(seconds * toNumber(fps))),
    fps,
    width: side(manifest.width),
    height: side(manifest.height),
  }
}

/** Frames a second as a fraction: 16 frames of 2.5 s are 32/5. */
function exactRate({ frames, seconds }: PackManifest): Rational {
  const num = frames * 1000
  const den = Math.round(seconds * 1000)
  const common = greatestDivisor(num, den)
  return { num: num / common, den: den / common }
}

function greatestDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestDivisor(b, a % b)
}

/** @param enlarged by a network */
function workOf(manifest: PackManifest, plan: ClipPlan, enlarged: boolean): number {
  const pixels = enlarged ? enlargedPixels(manifest, plan) * plan.frames : 0
  return FIXED_WORK + samplingWork(manifest, plan) + (ENLARGING_WORK * pixels) / 1e6
}

/** Everything needed to make the clip again, and to say what made it. */
function describe(
  resources: JobResources,
  made: {
    readonly task: GenerateTaskInput
    readonly result: GenerateTaskResult
    readonly pack: PackIdentity
    /** Null: Lanczos. */
    readonly upscale: PackIdentity | null
    readonly seconds: number
  },
): object {
  const { task, result, pack } = made
  return {
    version: 1,
    task: 'generate',
    app: resources.appVersion,
    createdAt: new Date().toISOString(),
    prompt: task.prompt,
    sampling: task.sampling,
    ...{ frames: task.frames, fps: task.fps, loop: task.loop },
    ...{ width: task.width, height: task.height, upscale: made.upscale ?? 'lanczos' },
    pack,
    result: {
      ...{
        steps: result.steps,
        chosen: result.chosen,
        provider: result.provider,
        refused: result.refused,
      },
      enlarged: result.enlarged,
    },
    timings: { seconds: made.seconds, phases: result.phasesSeconds },
    peakMemoryBytes: result.peakMemoryBytes,
  }
}
