import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { EngineProgress } from '../../../shared/contract/engine.js'
import type { JobKind } from '../../../shared/contract/job.js'
import type {
  AssetRec,
  MaskRec,
  ProjectDoc,
  SegmentRec,
  TakeRec,
} from '../../../shared/document/model.js'
import { newId } from '../../../shared/ids.js'
import { TAKE_FILES, takeFolder, takePreview } from '../../../shared/projectPaths.js'
import type { TakeConfidence } from '../../../shared/projectPaths.js'
import type { FfmpegTools } from '../../ffmpeg/tools.js'
import { preparePreview, writeTakeThumb } from '../media/prepare.js'
import type { JobContext } from './queue.js'
import { megapixelFrames } from './resources.js'
import type { JobResources } from './resources.js'

/** The newest frame, which the engine writes beside its result while it works. */
const ENGINE_PREVIEW = 'preview.png'

/** What an engine task left in its folder, with what its recipe says. */
export interface MadeFrames extends TakeConfidence {
  readonly recipe: Readonly<Record<string, unknown>>
}

/**
 * Makes a take of a segment: a hidden folder, the engine's work in it, thumbnail and preview, the
 * recipe, then the folder in place and the record in the document. A failure leaves nothing.
 *
 * @param work has the engine write take.mkv into the folder
 * @throws AppError whatever `work` throws
 */
export async function makeTake(
  resources: JobResources,
  { signal, report }: Pick<JobContext<JobKind>, 'signal' | 'report'>,
  options: {
    readonly kind: JobKind
    readonly segment: SegmentRec
    readonly asset: AssetRec
    readonly work: (
      folder: string,
      tools: FfmpegTools,
      onProgress: (progress: EngineProgress) => void,
    ) => Promise<MadeFrames>
  },
): Promise<{ takeId: string }> {
  const { session } = resources
  const { kind, segment, asset, work } = options
  const started = performance.now()
  const secondsSoFar = (): number => (performance.now() - started) / 1000
  const tools = await resources.tools()
  const takeId = newId('take')
  const path = takeFolder(segment.id, takeId)
  // Hidden until it is whole: a crash leaves a folder that no record names.
  const workPath = takeFolder(segment.id, `.${takeId}`)
  const folder = join(session.folder, workPath)
  await mkdir(folder, { recursive: true })
  try {
    const { recipe, ...confidence } = await work(folder, tools, (progress) => {
      const { phase, done, total, preview } = progress
      const picture = preview && { path: `${workPath}/${preview.file}`, frame: preview.frame }
      report({ phase, done, total, ...(picture === undefined ? {} : { preview: picture }) })
    })
    await writeFile(join(folder, TAKE_FILES.confidence), JSON.stringify(confidence))
    const seconds = secondsSoFar()
    const whole = {
      version: 1,
      task: kind,
      app: resources.appVersion,
      createdAt: new Date().toISOString(),
      ...recipe,
      seconds,
    }
    await writeFile(join(folder, TAKE_FILES.recipe), `${JSON.stringify(whole, null, 2)}\n`)
    const take: TakeRec = {
      id: takeId,
      type: 'take',
      segmentId: segment.id,
      path,
      createdAt: new Date().toISOString(),
      name: `Take ${String(takeCount(session.doc, segment.id) + 1)}`,
      from: segment.from,
      to: segment.to,
      confidence: mean(confidence.confidence),
      seconds,
    }
    const unfinished = { ...take, path: workPath }
    const common = { tools, projectFolder: session.folder, asset, take: unfinished, signal }
    await writeTakeThumb(common)
    await preparePreview({ ...common, onProgress: report })
    signal.throwIfAborted()
    await rm(join(folder, ENGINE_PREVIEW), { force: true })
    await rename(folder, join(session.folder, path))
    resources.dispatch([{ type: 'take.add', take }], 'ignore')
    const size = megapixelFrames(asset.info, take.to - take.from)
    await resources.rates.learn(kind, size, secondsSoFar())
    return { takeId }
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    await rm(join(session.folder, path), { recursive: true, force: true })
    await rm(join(session.folder, takePreview(takeId), '..'), { recursive: true, force: true })
    throw error
  }
}

/** What a recipe says of its inputs: enough to tell later whether they are still the same. */
export async function describeInputs(
  source: { readonly path: string; readonly info: AssetRec['info'] },
  mask: MaskRec | null,
): Promise<Record<string, unknown>> {
  const sha256 = createHash('sha256').update(JSON.stringify(mask)).digest('hex')
  return {
    source: { sha256: await sha256OfFile(source.path), info: source.info },
    mask: mask === null ? null : { sha256, mask },
  }
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

export function mean(values: readonly number[]): number {
  return values.length === 0 ? 1 : values.reduce((sum, one) => sum + one, 0) / values.length
}

function takeCount(doc: ProjectDoc, segmentId: string): number {
  return Object.values(doc.records).filter(
    (record) => record.type === 'take' && record.segmentId === segmentId,
  ).length
}
