import { AppError, toErrorData } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import type { RemoveTaskInput } from '../../../shared/contract/engine.js'
import type { JobKinds } from '../../../shared/contract/job.js'
import { recordOf } from '../../../shared/document/model.js'
import type {
  AssetRec,
  MaskRec,
  ProjectDoc,
  RemoveParams,
  RemoveSegmentRec,
} from '../../../shared/document/model.js'
import { PAINTED } from '../../../shared/mask/growth.js'
import { resolveInside } from '../project/folder.js'
import { coversNothing } from './coversNothing.js'
import { makeTake } from './makeTake.js'
import { assetOfSegment } from './prepareJob.js'
import type { JobHandler } from './queue.js'
import { asMade } from './recipes.js'
import { completeForecast, megapixelFrames, megapixels } from './resources.js'
import type { JobResources } from './resources.js'
import { inputsOf } from './takeInputs.js'
import { goesOnFrom, stoppedTake } from './stoppedTake.js'
import { takesBelow } from './takesBelow.js'
import { updatable } from './updateTake.js'

export interface RemoveTarget {
  readonly segment: RemoveSegmentRec
  readonly asset: AssetRec
  readonly mask: MaskRec
}

export function removeJob(resources: JobResources): JobHandler<'remove'> {
  const { session } = resources

  async function find(
    input: JobKinds['remove']['input'],
  ): Promise<{ doc: ProjectDoc; target: RemoveTarget | null; problems: ErrorData[] }> {
    try {
      const { doc } = await asMade(session, input)
      return { doc, ...(await findTarget({ doc, folder: session.folder }, input.segmentId)) }
    } catch (error) {
      return { doc: session.doc, target: null, problems: [toErrorData(error)] }
    }
  }

  return updatable(resources, {
    lane: 'engine',
    plan: [
      { phase: 'analysing', weight: 5 },
      { phase: 'filling', weight: 5 },
      { phase: 'preview', weight: 1 },
    ],

    ...stoppedTake(resources),

    async forecast(input) {
      const { segmentId, params } = input
      const { doc, target, problems } = await find(input)
      const frames = target === null ? 0 : target.segment.to - target.segment.from
      const size = target === null ? 0 : megapixels(target.asset.info)
      return completeForecast(resources, {
        kind: 'remove',
        work: target === null ? 0 : megapixelFrames(target.asset.info, frames),
        // One window of frames with what is known of each, as measured by `npm run bench`.
        memoryBytes: Math.round(300e6 + size * 1500e6),
        // FFV1 of what changed, once in parts and once joined, and the preview proxy.
        diskBytes: Math.round(size * frames * 0.7e6),
        problems,
        goesOn:
          target === null
            ? null
            : await goesOnFrom(resources, segmentId, () =>
                inputsOf(resources, target, { doc, params: paramsOf(target, params) }),
              ),
      })
    },

    async run(context) {
      const { input, signal } = context
      const { doc, target, problems } = await find(input)
      const [problem] = problems
      if (problem !== undefined) throw AppError.from(problem)
      if (target === null) throw gone()
      const { segment, asset, mask } = target
      const params = paramsOf(target, input.params)
      return makeTake(resources, context, {
        ...{ segment, asset, inputs: await inputsOf(resources, target, { doc, params }) },
        async work(outputFolder, tools, onProgress) {
          const task: RemoveTaskInput = {
            source: { path: await resolveInside(session.folder, asset.path), info: asset.info },
            range: { from: segment.from, to: segment.to },
            mask: { kind: 'keyframes', mask, root: session.folder },
            under: takesBelow(doc, segment, session.folder),
            ...{ params, outputFolder, ffmpegPath: tools.ffmpeg },
          }
          const result = await resources.engine.run('remove', task, { signal, onProgress })
          const { phasesSeconds, peakMemoryBytes } = result
          return { timings: { phases: phasesSeconds }, peakMemoryBytes }
        },
      })
    },
  })
}

function paramsOf(
  { segment }: RemoveTarget,
  changes: JobKinds['remove']['input']['params'] = {},
): RemoveParams {
  // Said in every recipe: without it, making a take again would take the segment's present choice.
  return { doubtful: 'soft', ...segment.params, ...definedOnly(changes) }
}

/** What a removal works on, and every reason why it cannot. */
export async function findTarget(
  { doc, folder }: { readonly doc: ProjectDoc; readonly folder: string },
  segmentId: string,
): Promise<{ target: RemoveTarget | null; problems: ErrorData[] }> {
  const segment = recordOf(doc, 'segment', segmentId)
  const asset = assetOfSegment(doc, segmentId)
  const mask = recordOf(doc, 'mask', segment?.maskId)
  if (segment?.verb !== 'remove' || asset === null || mask === undefined) {
    return { target: null, problems: [gone().toData()] }
  }
  const problems: ErrorData[] = []
  if (await coversNothing(folder, { mask, asset }, segment, PAINTED)) {
    problems.push({
      code: 'mask-empty',
      message: 'The mask is empty: nothing is marked for removal.',
      hint: 'Paint over the object on one frame, then run Remove again.',
    })
  }
  return { target: { segment, asset, mask }, problems }
}

function gone(): AppError {
  return new AppError('not-found', 'This edit is no longer in the project.', {
    hint: 'Undo the deletion, or start a new edit.',
  })
}

function definedOnly<T extends object>(value: {
  [K in keyof T]?: T[K] | undefined
}): Partial<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, one]) => one !== undefined),
  ) as Partial<T>
}
