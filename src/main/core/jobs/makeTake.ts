import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EngineProgress } from '../../../shared/contract/engine.js'
import { AppError } from '../../../shared/contract/errors.js'
import type { JobKind } from '../../../shared/contract/job.js'
import type {
  AssetRec,
  ProjectDoc,
  SegmentRec,
  TakeBeneath,
  TakeRec,
} from '../../../shared/document/model.js'
import { newId } from '../../../shared/ids.js'
import { TAKE_FILES, takeFolder, takePreview } from '../../../shared/projectPaths.js'
import type { TakeConfidence } from '../../../shared/projectPaths.js'
import { framesIn, joinParts, listParts } from '../../ffmpeg/takeParts.js'
import type { FrameNote } from '../../ffmpeg/takeParts.js'
import type { FfmpegTools } from '../../ffmpeg/tools.js'
import { preparePreview, writeTakeThumb } from '../media/prepare.js'
import { despiteCrashes } from './despiteCrashes.js'
import { edgeOf, measureTake, sampledFrames } from './measureTake.js'
import type { JobContext } from './queue.js'
import { megapixelFrames } from './resources.js'
import type { JobResources } from './resources.js'
import {
  discardUnfinished,
  findUnfinished,
  forgetUnfinished,
  openUnfinished,
} from './unfinishedTake.js'
import type { TakeInputs } from './unfinishedTake.js'

/** The newest frame, which the engine writes beside its result while it works. */
const ENGINE_PREVIEW = 'preview.png'

type Context = Pick<JobContext<JobKind>, 'signal' | 'report'>

/** What a take belongs to. */
interface Target {
  readonly segment: SegmentRec
  readonly asset: AssetRec
}

/**
 * Makes a take of a segment: a hidden folder, the engine's work in it, thumbnail and preview, the
 * recipe, then the folder in place and the record in the document. What is finished when it fails
 * or is cancelled stays in the hidden folder; with the same inputs the next run goes on from there.
 *
 * @param options.work has the engine write the parts of the take that are not in the folder yet;
 * answers what its recipe says beside the inputs
 * @throws AppError whatever `work` throws
 */
export async function makeTake(
  resources: JobResources,
  context: Context,
  options: Target & {
    readonly inputs: TakeInputs
    readonly work: (
      folder: string,
      tools: FfmpegTools,
      onProgress: (progress: EngineProgress) => void,
    ) => Promise<Readonly<Record<string, unknown>>>
  },
): Promise<{ takeId: string }> {
  const { session } = resources
  const { segment, asset, inputs, work } = options
  const started = performance.now()
  const secondsSoFar = (): number => (performance.now() - started) / 1000
  const tools = await resources.tools()
  const begun = await openUnfinished(session.folder, segment, inputs)
  const { takeId, folder, path } = begun
  const total = inputs.to - inputs.from
  try {
    const told =
      begun.done === total
        ? {}
        : await despiteCrashes(() =>
            work(folder, tools, ({ phase, done, total: all, preview }) => {
              const picture = preview && { path: `${path}/${preview.file}`, frame: preview.frame }
              const shown = picture === undefined ? {} : { preview: picture }
              context.report({ phase, done, total: all, earlier: begun.done, ...shown })
            }),
          )
    const notes = (await listParts(folder)).flatMap((part) => part.notes)
    const video = join(folder, TAKE_FILES.video)
    await joinParts(tools.ffmpeg, folder, video, { fps: asset.info.fps, signal: context.signal })
    await complete(resources, context, {
      ...{ segment, asset, kind: inputs.kind, from: inputs.from, to: inputs.to },
      ...{ takeId, folder, path, confidence: confidenceOf(notes), beneath: inputs.beneath },
      seconds: begun.seconds + secondsSoFar(),
      recipe: { ...inputs.recipe, ...told, result: resultOf(notes) },
    })
    const share = (total - begun.done) / total
    const size = megapixelFrames(asset.info, total) * share
    await resources.rates.learn(inputs.kind, size, secondsSoFar())
    return { takeId }
  } catch (error) {
    const isWorthless = error instanceof AppError && WORTHLESS.has(error.code)
    const kept = isWorthless ? null : await findUnfinished(session.folder, segment.id)
    if (kept === null) await discardUnfinished(session.folder, segment.id)
    await rm(join(session.folder, takePreview(takeId), '..'), { recursive: true, force: true })
    throw error
  }
}

/** Failures that say that what is finished is nothing to keep. */
const WORTHLESS = new Set(['mask-empty', 'mask-invalid'])

/**
 * Makes a take of the frames that a stopped run has finished. They stay where they are as well, so
 * that the run can go on.
 *
 * @throws AppError `not-found` where nothing is finished
 */
export async function keepFinished(
  resources: JobResources,
  context: Context,
  { segment, asset }: Target,
): Promise<{ takeId: string }> {
  const { session } = resources
  const stopped = await findUnfinished(session.folder, segment.id)
  if (stopped === null) {
    throw new AppError('not-found', 'There are no finished frames to keep.', {
      hint: 'Run it again.',
    })
  }
  const { made, seconds } = stopped
  const parts = await listParts(stopped.folder)
  const takeId = newId('take')
  const path = takeFolder(segment.id, `.${takeId}`)
  const folder = join(session.folder, path)
  const tools = await resources.tools()
  await mkdir(folder, { recursive: true })
  try {
    const video = join(folder, TAKE_FILES.video)
    const { signal } = context
    await joinParts(tools.ffmpeg, stopped.folder, video, { fps: asset.info.fps, signal })
    const range = { from: made.from, to: made.from + framesIn(parts) }
    const notes = parts.flatMap((part) => part.notes)
    await complete(resources, context, {
      ...{ segment, asset, kind: made.kind, ...range, takeId, folder, path, seconds },
      beneath: made.beneath,
      confidence: confidenceOf(notes),
      recipe: {
        ...made.recipe,
        ...{ range, partOf: { from: made.from, to: made.to }, result: resultOf(notes) },
      },
    })
    return { takeId }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    await rm(join(session.folder, takePreview(takeId), '..'), { recursive: true, force: true })
    throw error
  }
}

function confidenceOf(notes: readonly FrameNote[]): TakeConfidence {
  return {
    confidence: notes.map((note) => note.confidence),
    seen: notes.map((note) => note.seen),
    invented: notes.map((note) => note.invented ?? 0),
  }
}

/** What a recipe says of how it came out. */
function resultOf(notes: readonly FrameNote[]): Readonly<Record<string, number>> {
  const { confidence, seen } = confidenceOf(notes)
  return {
    frames: notes.length,
    untouched: notes.filter((note) => note.untouched).length,
    meanConfidence: mean(confidence),
    meanSeen: mean(seen),
  }
}

interface Finished extends Target {
  readonly kind: JobKind
  /** Source frames that the video in the folder holds. */
  readonly from: number
  readonly to: number
  readonly takeId: string
  readonly folder: string
  readonly path: string
  readonly confidence: TakeConfidence
  readonly seconds: number
  /** What it was made on. */
  readonly beneath: readonly TakeBeneath[] | undefined
  readonly recipe: Readonly<Record<string, unknown>>
}

/** Everything from the finished video in the hidden folder to the record in the document. */
export async function complete(
  resources: JobResources,
  { signal, report }: Context,
  finished: Finished,
): Promise<void> {
  const { session } = resources
  const { kind, segment, asset, takeId, folder, confidence, seconds, beneath } = finished
  const tools = await resources.tools()
  const createdAt = new Date().toISOString()
  const recipe = {
    ...{ version: 1, task: kind, app: resources.appVersion, createdAt },
    ...finished.recipe,
    seconds,
  }
  await writeFile(join(folder, TAKE_FILES.recipe), `${JSON.stringify(recipe, null, 2)}\n`)
  const take: TakeRec = {
    ...{ id: takeId, type: 'take', segmentId: segment.id, createdAt },
    path: takeFolder(segment.id, takeId),
    name: `Take ${String(takeCount(session.doc, segment.id) + 1)}`,
    ...{ from: finished.from, to: finished.to, seconds },
    confidence: mean(confidence.confidence),
    ...(beneath === undefined ? {} : { under: beneath }),
  }
  const unfinished = { ...take, path: finished.path }
  const common = { tools, projectFolder: session.folder, asset, take: unfinished, signal }
  await writeTakeThumb(common)
  await preparePreview({ ...common, onProgress: report })
  const measured = await measuredOf(resources, finished, signal)
  await writeFile(
    join(folder, TAKE_FILES.confidence),
    JSON.stringify({ ...confidence, ...measured } satisfies TakeConfidence),
  )
  signal.throwIfAborted()
  await rm(join(folder, ENGINE_PREVIEW), { force: true })
  const place = join(session.folder, take.path)
  await rename(folder, place)
  try {
    resources.dispatch([{ type: 'take.add', take }], 'ignore')
  } catch (error) {
    // Its segment is gone meanwhile.
    await rm(place, { recursive: true, force: true })
    throw error
  }
  // Not before the record is there: until then they are what the work can go on from.
  await forgetUnfinished(place)
}

/** What some frames say of the take's edge. Without it the take is as good: it can be measured later. */
async function measuredOf(
  resources: JobResources,
  { folder, from, to, asset }: Finished,
  signal: AbortSignal,
): Promise<Pick<TakeConfidence, 'proof'>> {
  try {
    const edge = await edgeOf(folder, asset)
    if (edge === null) return {}
    const only = sampledFrames(from, to)
    const take = { folder, from, to }
    return { proof: await measureTake(resources, take, asset, edge, { only, signal }) }
  } catch (error) {
    signal.throwIfAborted()
    console.error('Measuring the edge of a take failed:', error)
    return {}
  }
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 1 : values.reduce((sum, one) => sum + one, 0) / values.length
}

function takeCount(doc: ProjectDoc, segmentId: string): number {
  return Object.values(doc.records).filter(
    (record) => record.type === 'take' && record.segmentId === segmentId,
  ).length
}
