import { AppError, toErrorData } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import type { PackSource, SamplingParams } from '../../../shared/contract/sources.js'
import type { RepaintInput } from '../../../shared/contract/job.js'
import type { PackIdentity, PackManifest } from '../../../shared/contract/pack.js'
import type { RepaintTaskInput, RepaintTaskResult } from '../../../shared/contract/repaint.js'
import { isStyleInWords, recordOf } from '../../../shared/document/model.js'
import type {
  AssetRec,
  MaskRec,
  ProjectDoc,
  RegenerateSegmentRec,
  ReplaceSegmentRec,
} from '../../../shared/document/model.js'
import { beneathNow } from '../../../shared/document/stale.js'
import { USUAL_EMPHASIS } from '../../../shared/emphasis.js'
import { enlargedPixels } from '../../../shared/enlargement.js'
import { PAINTED, defaultGrowth } from '../../../shared/mask/growth.js'
import { toNumber } from '../../../shared/rational.js'
import { verifyPack } from '../packs/readPack.js'
import type { Pack, UpscalePack } from '../packs/readPack.js'
import { resolveInside } from '../project/folder.js'
import { coversNothing } from './coversNothing.js'
import { makeWholeTake } from './makeWholeTake.js'
import {
  ENLARGING_WORK,
  FIXED_WORK,
  identityOf,
  modelMemory,
  openUpscaler,
  samplingWork,
} from './packWork.js'
import { assetOfSegment } from './prepareJob.js'
import type { JobHandler } from './queue.js'
import { asMade } from './recipes.js'
import { completeForecast, megapixelFrames, megapixels } from './resources.js'
import type { JobResources } from './resources.js'
import { takesBelow } from './takesBelow.js'
import { updatable } from './updateTake.js'

/** The two verbs that have a model make part of a clip anew. */
export type RepaintVerb = 'replace' | 'regenerate'

/** Longer ranges would have to be held in memory for too long; the whole is sampled at once. */
const LONGEST_SECONDS = 30
/** Reading, fitting and writing a megapixel-frame, in the unit of sampling. */
const PAINTING_WORK = 15
/** Share of a pass that is given around the range, on both sides together. */
const CONTEXT = 0.2

interface Target {
  readonly segment: ReplaceSegmentRec | RegenerateSegmentRec
  readonly asset: AssetRec
  readonly mask: MaskRec | null
}

/** Makes a take of a region (replace) or a range (regenerate) that a model makes anew. */
export function repaintJob<V extends RepaintVerb>(resources: JobResources, verb: V): JobHandler<V> {
  const { session, packs } = resources
  const packOf = ({ packId }: RepaintInput, target: Target | null): Promise<Pack> =>
    packs.find({
      capability: target !== null && isStyleInWords(target.segment) ? 'stylize' : 'inpaint',
      ...(packId === undefined ? {} : { id: packId }),
    })

  /** Detail that comes from the clip needs no enlarging. */
  const upscalerOf = ({ segment }: Target): Promise<UpscalePack | null> =>
    isStyleInWords(segment) ? Promise.resolve(null) : packs.findUpscaler()

  async function find(input: RepaintInput): Promise<{
    doc: ProjectDoc
    target: Target | null
    problems: ErrorData[]
    /** With the pack of the take that is made again. */
    input: RepaintInput
  }> {
    try {
      const { doc, packId } = await asMade(session, input)
      const found = await findTarget({ doc, folder: session.folder }, input.segmentId, verb)
      return { doc, ...found, input: packId === undefined ? input : { packId, ...input } }
    } catch (error) {
      return { doc: session.doc, target: null, problems: [toErrorData(error)], input }
    }
  }

  return updatable<V>(resources, {
    lane: 'engine',
    plan: [
      { phase: 'analysing', weight: 1 },
      { phase: 'loading', weight: 1 },
      { phase: 'sampling', weight: 20 },
      { phase: 'writing', weight: 3 },
      { phase: 'preview', weight: 1 },
    ],

    async forecast(asked) {
      const { target, problems, input } = await find(asked)
      let work = 0
      let memoryBytes = 0
      try {
        const { manifest } = await packOf(input, target)
        if (target !== null) {
          work = workOf(manifest, target, (await upscalerOf(target)) !== null)
          memoryBytes = modelMemory(manifest) + megapixels(target.asset.info) * 80e6
        }
      } catch (error) {
        problems.push(toErrorData(error))
      }
      const frames = target === null ? 0 : target.segment.to - target.segment.from
      const size = target === null ? 0 : megapixels(target.asset.info)
      return completeForecast(resources, {
        ...{ kind: verb, work, problems },
        memoryBytes: Math.round(memoryBytes),
        // FFV1 of what changed, or of whole frames, and the preview proxy.
        diskBytes: Math.round(size * frames * (target?.mask === null ? 1.6e6 : 0.5e6)),
      })
    },

    async run(context) {
      const { signal, finish, report } = context
      const { doc, target, problems, input } = await find(context.input)
      const [problem] = problems
      if (problem !== undefined) throw AppError.from(problem)
      if (target === null) throw gone()
      const { segment, asset, mask } = target
      const pack = await packOf(input, target)
      report({ phase: 'loading', done: 0, total: null })
      await verifyPack(pack, { signal })
      const source = await packs.source(pack)
      const upscaler = isStyleInWords(segment) ? null : await openUpscaler(packs, signal)
      return makeWholeTake(resources, context, {
        ...{ kind: verb, segment, asset },
        work: workOf(pack.manifest, target, upscaler !== null),
        beneath: beneathNow(doc, segment, segment),
        async make(outputFolder, tools, onProgress) {
          const task: RepaintTaskInput = {
            ...taskOf(target, source, session.folder),
            upscaler: upscaler?.source ?? null,
            source: { path: await resolveInside(session.folder, asset.path), info: asset.info },
            under: takesBelow(doc, segment, session.folder, {
              from: 0,
              to: asset.info.frames,
            }),
            outputFolder,
            ffmpegPath: tools.ffmpeg,
          }
          const options = { signal, finish, onProgress }
          const result = await resources.engine.run('repaint', task, options)
          await packs.learn(pack, result.refused)
          if (upscaler !== null) await packs.learn(upscaler.pack, result.enlarged?.refused ?? [])
          return {
            // All of it is invented: there is nothing to be more or less sure of.
            confidence: { confidence: [], seen: [] },
            recipe: describe(task, {
              ...{ mask, result, pack: identityOf(pack) },
              upscale: upscaler === null ? null : identityOf(upscaler.pack),
              sha256: await resources.digest(task.source.path),
            }),
            cutShort: finish.aborted,
          }
        },
      })
    },
  })
}

function taskOf(
  { segment, asset, mask }: Target,
  pack: PackSource,
  root: string,
): Omit<RepaintTaskInput, 'source' | 'under' | 'upscaler' | 'outputFolder' | 'ffmpegPath'> {
  const { params, from, to, verb } = segment
  return {
    range: { from, to },
    mask: mask === null ? null : { kind: 'keyframes', mask, root },
    // The rim of what was there has to go with it; a region made once more has none to lose.
    growth: verb === 'replace' ? defaultGrowth(asset.info) : Math.max(2, params.feather),
    feather: params.feather,
    pack,
    prompt: params.prompt,
    sampling: samplingOf(pack.manifest, segment),
    strength: verb === 'replace' ? 1 : params.strength,
    joins: verb === 'regenerate',
    detail: verb === 'replace' ? 'none' : isStyleInWords(segment) ? 'borrowed' : 'unchanged',
  }
}

function samplingOf({ scheduler }: PackManifest, segment: Target['segment']): SamplingParams {
  const { params } = segment
  return {
    seed: params.seed,
    steps: params.steps ?? scheduler.steps,
    guidance: params.guidance ?? scheduler.guidanceScale,
    solver: scheduler.solver,
    // A style in words keeps the clip's colours unless it says others, which is what it is for.
    emphasis: isStyleInWords(segment) ? 0 : (params.emphasis ?? USUAL_EMPHASIS),
  }
}

/** @param enlarged by a network */
function workOf(
  manifest: PackManifest,
  { segment, asset, mask }: Target,
  enlarged: boolean,
): number {
  const frames = segment.to - segment.from
  const seconds = frames / toNumber(asset.info.fps)
  const rate = manifest.frames / manifest.seconds
  const { width, height } = asset.info
  const ratio = Math.max(width, height) / Math.min(width, height)
  // A painted region is shown as a square; whole frames need tiles side by side.
  const tiles = mask === null ? 1 + Math.ceil((ratio - 1) / 0.75) : 1
  const sampling = samplingOf(manifest, segment)
  const length = seconds * rate + CONTEXT * manifest.frames
  const share = segment.verb === 'regenerate' ? segment.params.strength : 1
  return (
    FIXED_WORK +
    share * samplingWork(manifest, { sampling, frames: length }, tiles) +
    PAINTING_WORK * megapixelFrames(asset.info, frames) +
    // How large the crop is only the mask's path will tell: at most the whole frame.
    (enlarged ? (ENLARGING_WORK * enlargedPixels(manifest, asset.info) * frames) / 1e6 : 0)
  )
}

/** What a verb works on, and every reason why it cannot. */
async function findTarget(
  { doc, folder }: { readonly doc: ProjectDoc; readonly folder: string },
  segmentId: string,
  verb: RepaintVerb,
): Promise<{ target: Target | null; problems: ErrorData[] }> {
  const segment = recordOf(doc, 'segment', segmentId)
  const asset = assetOfSegment(doc, segmentId)
  const isOurs = segment?.verb === 'replace' || segment?.verb === 'regenerate'
  if (!isOurs || segment.verb !== verb || asset === null) {
    return { target: null, problems: [gone().toData()] }
  }
  const mask = recordOf(doc, 'mask', segment.maskId) ?? null
  const problems: ErrorData[] = []
  const isStyle = isStyleInWords(segment)
  if ((verb === 'replace' || isStyle) && segment.params.prompt.trim() === '') {
    problems.push({
      code: 'prompt-empty',
      message: 'There is no prompt.',
      hint: isStyle
        ? 'Say the style in words, such as “watercolour”.'
        : 'Describe what should be there instead.',
    })
  }
  if (mask !== null && (await coversNothing(folder, { mask, asset }, segment, PAINTED))) {
    problems.push({
      code: 'mask-empty',
      message: 'The mask is empty: nothing is marked.',
      hint: 'Paint over what should be made anew on one frame, then run it again.',
    })
  }
  const seconds = (segment.to - segment.from) / toNumber(asset.info.fps)
  if (seconds > LONGEST_SECONDS) {
    problems.push({
      code: 'range-too-long',
      message: `The range lasts ${seconds.toFixed(0)} seconds; at most ${LONGEST_SECONDS} can be made at once.`,
      hint: 'Choose a shorter range: mark it with in and out points, then use it.',
    })
  }
  return { target: { segment, asset, mask }, problems }
}

function gone(): AppError {
  return new AppError('not-found', 'This edit is no longer in the project.', {
    hint: 'Undo the deletion, or start a new edit.',
  })
}

/** Everything needed to make the same take again, and to say what made it. */
function describe(
  task: RepaintTaskInput,
  made: {
    readonly mask: MaskRec | null
    readonly result: RepaintTaskResult
    readonly pack: PackIdentity
    /** Null: Lanczos. */
    readonly upscale: PackIdentity | null
    /** Of the source. */
    readonly sha256: string
  },
): Record<string, unknown> {
  const { result, mask, pack } = made
  return {
    range: task.range,
    ...{ prompt: task.prompt, sampling: task.sampling, strength: task.strength },
    ...{
      growth: task.growth,
      feather: task.feather,
      joins: task.joins,
      detail: task.detail,
      upscale: task.detail === 'borrowed' ? null : (made.upscale ?? 'lanczos'),
    },
    pack,
    inputs: {
      source: { sha256: made.sha256, info: task.source.info },
      mask: mask === null ? null : { mask },
      under: task.under.map(({ first, from, to }) => ({ first, from, to })),
    },
    result: {
      ...{ frames: result.frames, untouched: result.untouched, steps: result.steps },
      ...{ canvas: result.canvas, provider: result.provider, refused: result.refused },
      enlarged: result.enlarged,
    },
    timings: { phases: result.phasesSeconds },
    peakMemoryBytes: result.peakMemoryBytes,
  }
}
