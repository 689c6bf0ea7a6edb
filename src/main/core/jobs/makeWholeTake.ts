import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { EngineProgress } from '../../../shared/contract/engine.js'
import type { JobKind, JobProgress } from '../../../shared/contract/job.js'
import type { AssetRec, SegmentRec, TakeBeneath } from '../../../shared/document/model.js'
import { newId } from '../../../shared/ids.js'
import { takeFolder, takePreview } from '../../../shared/projectPaths.js'
import type { TakeConfidence } from '../../../shared/projectPaths.js'
import type { FfmpegTools } from '../../ffmpeg/tools.js'
import { complete } from './makeTake.js'
import type { JobContext } from './queue.js'
import type { JobResources } from './resources.js'

/** What an engine task left in its folder, with what its recipe says. */
interface MadeFrames {
  readonly confidence: TakeConfidence
  readonly recipe: Readonly<Record<string, unknown>>
  /** The person said it was good enough: its time says nothing of the whole. */
  readonly cutShort: boolean
}

/**
 * Makes a take whose frames come into being all at once, so that there is nothing to go on from:
 * a hidden folder, the engine's work in it, then all that {@link complete} does. A failure leaves
 * nothing.
 *
 * @param options.work what it costs, in the unit of the kind's forecast
 * @param options.make has the engine write take.mkv into the folder
 * @throws AppError whatever `make` throws
 */
export async function makeWholeTake(
  resources: JobResources,
  { signal, report }: Pick<JobContext<JobKind>, 'signal' | 'report'>,
  options: {
    readonly kind: JobKind
    readonly segment: SegmentRec
    readonly asset: AssetRec
    readonly work: number
    /** What it is made on. */
    readonly beneath: readonly TakeBeneath[]
    readonly make: (
      folder: string,
      tools: FfmpegTools,
      onProgress: (progress: EngineProgress) => void,
    ) => Promise<MadeFrames>
  },
): Promise<{ takeId: string }> {
  const { session, rates } = resources
  const { kind, segment, asset, work, beneath, make } = options
  const started = performance.now()
  const takeId = newId('take')
  // Hidden until it is whole: a crash leaves a folder that no record names.
  const path = takeFolder(segment.id, `.${takeId}`)
  const folder = join(session.folder, path)
  const tools = await resources.tools()
  await mkdir(folder, { recursive: true })
  try {
    const { confidence, recipe, cutShort } = await make(folder, tools, (progress) => {
      const { phase, done, total, preview } = progress
      const picture = preview && withPath(preview, `${path}/${preview.file}`)
      report({ phase, done, total, ...(picture === undefined ? {} : { preview: picture }) })
    })
    const seconds = (performance.now() - started) / 1000
    await complete(
      resources,
      { signal, report },
      {
        ...{ segment, asset, kind, takeId, folder, path, confidence, recipe, seconds },
        ...{ from: segment.from, to: segment.to, beneath },
      },
    )
    if (!cutShort) await rates.learn(kind, work, (performance.now() - started) / 1000)
    return { takeId }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    await rm(join(session.folder, takePreview(takeId), '..'), { recursive: true, force: true })
    throw error
  }
}

/** A preview of the engine's with its place in the project. */
function withPath(
  { frame, sheet }: NonNullable<EngineProgress['preview']>,
  path: string,
): NonNullable<JobProgress['preview']> {
  return { path, frame, ...(sheet === undefined ? {} : { sheet }) }
}
