import { join } from 'node:path'
import type { EditTaskInput, EditTaskResult, UnderTake } from '../../../shared/contract/edit.js'
import { AppError } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import { acceptedLayers } from '../../../shared/document/layers.js'
import { recordOf, recordsOf } from '../../../shared/document/model.js'
import type {
  AssetRec,
  EditSegmentRec,
  MaskRec,
  ProjectDoc,
} from '../../../shared/document/model.js'
import { TAKE_FILES } from '../../../shared/projectPaths.js'
import { resolveInside } from '../project/folder.js'
import { describeInputs, makeTake } from './makeTake.js'
import { assetOfSegment } from './prepareJob.js'
import type { JobHandler } from './queue.js'
import { completeForecast, megapixelFrames, megapixels } from './resources.js'
import type { JobResources } from './resources.js'

interface Target {
  readonly segment: EditSegmentRec
  readonly asset: AssetRec
  readonly mask: MaskRec | null
}

/** Makes a take of what a prompt asks for; the operations are those of the segment, as shown. */
export function editJob(resources: JobResources): JobHandler<'edit'> {
  const { session } = resources
  return {
    lane: 'engine',
    plan: [
      { phase: 'grading', weight: 4 },
      { phase: 'preview', weight: 1 },
    ],

    async forecast({ segmentId }) {
      const { target, problems } = findTarget(session.doc, segmentId)
      const frames = target === null ? 0 : target.segment.to - target.segment.from
      const size = target === null ? 0 : megapixels(target.asset.info)
      return completeForecast(resources, {
        kind: 'edit',
        work: target === null ? 0 : megapixelFrames(target.asset.info, frames),
        // A few frames in flight between decoder, engine and encoder.
        memoryBytes: Math.round(150e6 + size * 60e6),
        // FFV1 of whole frames, and the preview proxy.
        diskBytes: Math.round(size * frames * 2.2e6),
        problems,
      })
    },

    async run(context) {
      const { target, problems } = findTarget(session.doc, context.input.segmentId)
      const [problem] = problems
      if (problem !== undefined) throw AppError.from(problem)
      if (target === null) throw gone()
      const { segment, asset, mask } = target
      return makeTake(resources, context, {
        ...{ kind: 'edit', segment, asset },
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
          return {
            // Nothing is guessed in an edit of colour.
            confidence: new Array<number>(result.frames).fill(1),
            seen: new Array<number>(result.frames).fill(1),
            recipe: await describe(task, mask, result),
          }
        },
      })
    },
  }
}

/** What an edit works on: everything in use that was there before its own first take. */
function takesBelow(doc: ProjectDoc, segment: EditSegmentRec, folder: string): UnderTake[] {
  const own = recordsOf(doc, 'take')
    .filter((take) => take.segmentId === segment.id)
    .map((take) => take.createdAt)
    .sort()
  const [first] = own
  return acceptedLayers(doc, segment.clipId)
    .filter(({ segment: { id }, take, from, to }) => {
      const earlier = first === undefined || take.createdAt < first
      return id !== segment.id && earlier && from < segment.to && to > segment.from
    })
    .map(({ take, from, to }) => ({
      path: join(folder, take.path, TAKE_FILES.video),
      ...{ first: take.from, from, to },
    }))
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

/** Everything needed to make the same take again, and to say what made it. */
async function describe(
  task: EditTaskInput,
  mask: MaskRec | null,
  result: EditTaskResult,
): Promise<Record<string, unknown>> {
  return {
    range: task.range,
    params: task.params,
    inputs: {
      ...(await describeInputs(task.source, mask)),
      under: task.under.map(({ first, from, to }) => ({ first, from, to })),
    },
    result: { frames: result.frames, untouched: result.untouched },
    timings: { phases: result.phasesSeconds },
    peakMemoryBytes: result.peakMemoryBytes,
  }
}
