import type { EditTaskInput } from '../../../shared/contract/edit.js'
import { AppError } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import { recordOf } from '../../../shared/document/model.js'
import type {
  AssetRec,
  EditSegmentRec,
  MaskRec,
  ProjectDoc,
} from '../../../shared/document/model.js'
import { resolveInside } from '../project/folder.js'
import { makeTake } from './makeTake.js'
import { assetOfSegment } from './prepareJob.js'
import type { JobHandler } from './queue.js'
import { completeForecast, megapixelFrames, megapixels } from './resources.js'
import type { JobResources } from './resources.js'
import { goesOnFrom, stoppedTake } from './stoppedTake.js'
import { inputsOf } from './takeInputs.js'
import { takesBelow } from './takesBelow.js'
import type { TakeInputs } from './unfinishedTake.js'

interface Target {
  readonly segment: EditSegmentRec
  readonly asset: AssetRec
  readonly mask: MaskRec | null
}

/** Makes a take of what a prompt asks for; the operations are those of the segment, as shown. */
export function editJob(resources: JobResources): JobHandler<'edit'> {
  const { session } = resources

  const inputsNow = ({ segment, asset, mask }: Target): Promise<TakeInputs> =>
    inputsOf(
      resources,
      { segment, asset, mask },
      { params: segment.params, under: takesBelow(session.doc, segment, '') },
    )

  return {
    lane: 'engine',
    plan: [
      { phase: 'grading', weight: 4 },
      { phase: 'preview', weight: 1 },
    ],

    ...stoppedTake(resources),

    async forecast({ segmentId }) {
      const { target, problems } = findTarget(session.doc, segmentId)
      const frames = target === null ? 0 : target.segment.to - target.segment.from
      const size = target === null ? 0 : megapixels(target.asset.info)
      return completeForecast(resources, {
        kind: 'edit',
        work: target === null ? 0 : megapixelFrames(target.asset.info, frames),
        // A few frames in flight between decoder, engine and encoder.
        memoryBytes: Math.round(150e6 + size * 60e6),
        // FFV1 of whole frames, once in parts and once joined, and the preview proxy.
        diskBytes: Math.round(size * frames * 4.2e6),
        problems,
        goesOn:
          target === null ? null : await goesOnFrom(resources, segmentId, () => inputsNow(target)),
      })
    },

    async run(context) {
      const { target, problems } = findTarget(session.doc, context.input.segmentId)
      const [problem] = problems
      if (problem !== undefined) throw AppError.from(problem)
      if (target === null) throw gone()
      const { segment, asset, mask } = target
      return makeTake(resources, context, {
        ...{ segment, asset, inputs: await inputsNow(target) },
        async work(outputFolder, tools, onProgress) {
          const { from, to, params } = segment
          const task: EditTaskInput = {
            source: { path: await resolveInside(session.folder, asset.path), info: asset.info },
            range: { from, to },
            mask: mask === null ? null : { kind: 'keyframes', mask, root: session.folder },
            params,
            under: takesBelow(session.doc, segment, session.folder),
            outputFolder,
            ffmpegPath: tools.ffmpeg,
          }
          const { signal } = context
          const result = await resources.engine.run('edit', task, { signal, onProgress })
          const { phasesSeconds, peakMemoryBytes } = result
          return { timings: { phases: phasesSeconds }, peakMemoryBytes }
        },
      })
    },
  }
}

function findTarget(
  doc: ProjectDoc,
  segmentId: string,
): { target: Target | null; problems: ErrorData[] } {
  const segment = recordOf(doc, 'segment', segmentId)
  const asset = assetOfSegment(doc, segmentId)
  if (segment?.verb !== 'edit' || asset === null) {
    return { target: null, problems: [gone().toData()] }
  }
  const mask = recordOf(doc, 'mask', segment.maskId) ?? null
  const problems: ErrorData[] = []
  if (segment.params.operations.every(({ keys }) => keys.every(({ value }) => value === 0))) {
    problems.push({
      code: 'edit-empty',
      message: 'The edit changes nothing.',
      hint: 'Describe what to change, for example “warmer, with a subtle vignette”.',
    })
  }
  const painted =
    mask === null ||
    mask.inverted ||
    Object.values(mask.keyframes).some((shapes) => shapes.some((one) => !one.erase))
  if (!painted) {
    problems.push({
      code: 'mask-empty',
      message: 'The mask is empty: the edit would change nothing.',
      hint: 'Paint over what should change, or apply the edit to the whole frame.',
    })
  }
  return { target: { segment, asset, mask }, problems }
}

function gone(): AppError {
  return new AppError('not-found', 'This edit is no longer in the project.', {
    hint: 'Undo the deletion, or start a new edit.',
  })
}
