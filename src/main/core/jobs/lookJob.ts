import type { EditTaskInput } from '../../../shared/contract/edit.js'
import type { EngineProgress } from '../../../shared/contract/engine.js'
import { AppError, toErrorData } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import type { TakeInput } from '../../../shared/contract/job.js'
import { recordOf } from '../../../shared/document/model.js'
import type {
  AssetRec,
  EditSegmentRec,
  MaskRec,
  ProjectDoc,
  StyliseSegmentRec,
} from '../../../shared/document/model.js'
import { resolveInside } from '../project/folder.js'
import type { PhasePlan } from './eta.js'
import { makeTake } from './makeTake.js'
import { assetOfSegment } from './prepareJob.js'
import type { JobHandler } from './queue.js'
import { asMade } from './recipes.js'
import { coversNothing } from './coversNothing.js'
import { completeForecast, megapixelFrames, megapixels } from './resources.js'
import type { JobResources } from './resources.js'
import { goesOnFrom, stoppedTake } from './stoppedTake.js'
import { inputsOf } from './takeInputs.js'
import { takesBelow } from './takesBelow.js'
import type { TakeInputs } from './unfinishedTake.js'
import { updatable } from './updateTake.js'

/** The least coverage: a look fades with its mask, down to nothing. */
const ANY = 1

type LookSegment = EditSegmentRec | StyliseSegmentRec

/** What a verb that gives frames another look works on. */
export interface LookTarget<S extends LookSegment> {
  readonly segment: S
  readonly asset: AssetRec
  /** Null for whole frames. */
  readonly mask: MaskRec | null
}

/** The fields that every such engine task has. */
export type LookTask = Omit<EditTaskInput, 'params'>

/** One verb that gives frames another look, everywhere or under a mask: what is its own. */
export interface Look<S extends LookSegment> {
  readonly verb: S['verb']
  readonly plan: PhasePlan
  /** What is said of an empty mask. */
  readonly emptyMask: Pick<ErrorData, 'message' | 'hint'>
  /** @param size of the frame in megapixels */
  memoryBytes(size: number, segment: S | null): number
  /** FFV1 of whole frames, once in parts and once joined, and the preview proxy. */
  readonly diskBytesPerMegapixel: number
  /** Every reason of its own why it cannot run. */
  problems(segment: S): Promise<readonly ErrorData[]>
  /** Digests of what else decides the pixels: a model, a picture. */
  digests?(segment: S): Promise<Readonly<Record<string, string>>>
  /** Has the engine write the parts of the take; answers what its recipe says beside the inputs. */
  run(
    target: LookTarget<S>,
    task: LookTask,
    options: {
      readonly signal: AbortSignal
      readonly onProgress: (progress: EngineProgress) => void
    },
  ): Promise<Readonly<Record<string, unknown>>>
}

/** The job of such a verb: forecast, going on where it was stopped, and the take. */
export function lookJob<S extends LookSegment>(
  resources: JobResources,
  look: Look<S>,
): JobHandler<S['verb']> {
  const { session } = resources

  async function inputsNow(target: LookTarget<S>, doc: ProjectDoc): Promise<TakeInputs> {
    const { segment } = target
    const digests = await look.digests?.(segment)
    return inputsOf(resources, target, {
      ...{ doc, params: segment.params },
      ...(digests === undefined ? {} : { digests }),
    })
  }

  async function find(
    input: TakeInput,
  ): Promise<{ doc: ProjectDoc; target: LookTarget<S> | null; problems: ErrorData[] }> {
    try {
      const { doc } = await asMade(session, input)
      const target = findTarget<S>(doc, input.segmentId, look.verb)
      if (target === null) return { doc, target, problems: [gone().toData()] }
      const problems = [...(await look.problems(target.segment))]
      const { segment, asset, mask } = target
      const isEmpty =
        mask !== null && (await coversNothing(session.folder, { mask, asset }, segment, ANY))
      if (isEmpty) problems.push({ code: 'mask-empty', ...look.emptyMask })
      return { doc, target, problems }
    } catch (error) {
      return { doc: session.doc, target: null, problems: [toErrorData(error)] }
    }
  }

  return updatable<S['verb']>(resources, {
    lane: 'engine',
    plan: look.plan,

    ...stoppedTake(resources),

    async forecast(input) {
      const { doc, target, problems } = await find(input)
      const frames = target === null ? 0 : target.segment.to - target.segment.from
      const size = target === null ? 0 : megapixels(target.asset.info)
      return completeForecast(resources, {
        kind: look.verb,
        work: target === null ? 0 : megapixelFrames(target.asset.info, frames),
        memoryBytes: Math.round(look.memoryBytes(size, target?.segment ?? null)),
        diskBytes: Math.round(size * frames * look.diskBytesPerMegapixel),
        problems,
        goesOn:
          target === null || problems.length > 0
            ? null
            : await goesOnFrom(resources, input.segmentId, () => inputsNow(target, doc)),
      })
    },

    async run({ input, signal, report }) {
      const { doc, target, problems } = await find(input)
      const [problem] = problems
      if (problem !== undefined) throw AppError.from(problem)
      if (target === null) throw gone()
      const { segment, asset, mask } = target
      return makeTake(
        resources,
        { signal, report },
        {
          ...{ segment, asset, inputs: await inputsNow(target, doc) },
          async work(outputFolder, tools, onProgress) {
            const task: LookTask = {
              source: { path: await resolveInside(session.folder, asset.path), info: asset.info },
              range: { from: segment.from, to: segment.to },
              mask: mask === null ? null : { kind: 'keyframes', mask, root: session.folder },
              under: takesBelow(doc, segment, session.folder),
              ...{ outputFolder, ffmpegPath: tools.ffmpeg },
            }
            return look.run(target, task, { signal, onProgress })
          },
        },
      )
    },
  })
}

function findTarget<S extends LookSegment>(
  doc: ProjectDoc,
  segmentId: string,
  verb: S['verb'],
): LookTarget<S> | null {
  const segment = recordOf(doc, 'segment', segmentId)
  const asset = assetOfSegment(doc, segmentId)
  if (segment?.verb !== verb || asset === null) return null
  // The verb says which kind of segment it is; TypeScript can't tie the two through a parameter.
  return { segment: segment as S, asset, mask: recordOf(doc, 'mask', segment.maskId) ?? null }
}

function gone(): AppError {
  return new AppError('not-found', 'This edit is no longer in the project.', {
    hint: 'Undo the deletion, or start a new edit.',
  })
}
