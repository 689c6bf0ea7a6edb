import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import type { RemoveTaskInput, RemoveTaskResult } from '../../../shared/contract/engine.js'
import { recordOf } from '../../../shared/document/model.js'
import type {
  AssetRec,
  MaskRec,
  ProjectDoc,
  RemoveParams,
  RemoveSegmentRec,
  TakeRec,
} from '../../../shared/document/model.js'
import { newId } from '../../../shared/ids.js'
import { TAKE_FILES, takeFolder, takePreview } from '../../../shared/projectPaths.js'
import type { TakeConfidence } from '../../../shared/projectPaths.js'
import { preparePreview, writeTakeThumb } from '../media/prepare.js'
import { resolveInside } from '../project/folder.js'
import { assetOfSegment } from './prepareJob.js'
import type { JobHandler } from './queue.js'
import { completeForecast, megapixelFrames, megapixels } from './resources.js'
import type { JobResources } from './resources.js'

/** The newest frame, which the engine writes beside its result while it works. */
const ENGINE_PREVIEW = 'preview.png'

interface Target {
  readonly segment: RemoveSegmentRec
  readonly asset: AssetRec
  readonly mask: MaskRec
}

export function removeJob(resources: JobResources): JobHandler<'remove'> {
  const { session } = resources
  return {
    lane: 'engine',
    plan: [
      { phase: 'analysing', weight: 5 },
      { phase: 'filling', weight: 5 },
      { phase: 'preview', weight: 1 },
    ],

    async forecast({ segmentId }) {
      const { target, problems } = findTarget(session.doc, segmentId)
      const frames = target === null ? 0 : target.segment.to - target.segment.from
      const size = target === null ? 0 : megapixels(target.asset.info)
      return completeForecast(resources, {
        kind: 'remove',
        work: target === null ? 0 : megapixelFrames(target.asset.info, frames),
        // One window of frames with their flow fields, as measured by `npm run bench`.
        memoryBytes: Math.round(300e6 + size * 1500e6),
        // FFV1 of what changed, and the preview proxy.
        diskBytes: Math.round(size * frames * 0.4e6),
        problems,
      })
    },

    async run({ input, signal, report }) {
      const started = performance.now()
      const { target, problems } = findTarget(session.doc, input.segmentId)
      const [problem] = problems
      if (problem !== undefined) throw AppError.from(problem)
      if (target === null) throw gone()
      const { segment, asset, mask } = target
      const tools = await resources.tools()
      const params: RemoveParams = { ...segment.params, ...definedOnly(input.params ?? {}) }
      const takeId = newId('take')
      const path = takeFolder(segment.id, takeId)
      // Hidden until it is whole: a crash leaves a folder that no record names.
      const workPath = takeFolder(segment.id, `.${takeId}`)
      const work = join(session.folder, workPath)
      await mkdir(work, { recursive: true })

      try {
        const task: RemoveTaskInput = {
          source: { path: await resolveInside(session.folder, asset.path), info: asset.info },
          range: { from: segment.from, to: segment.to },
          mask: { kind: 'keyframes', mask, root: session.folder },
          params,
          outputFolder: work,
          ffmpegPath: tools.ffmpeg,
        }
        const result = await resources.engine.run('remove', task, {
          signal,
          onProgress: ({ phase, done, total, preview }) => {
            report({
              phase,
              done,
              total,
              ...(preview === undefined
                ? {}
                : { preview: { path: `${workPath}/${preview.file}`, frame: preview.frame } }),
            })
          },
        })
        const confidence: TakeConfidence = { confidence: result.confidence, seen: result.seen }
        await writeFile(join(work, TAKE_FILES.confidence), JSON.stringify(confidence))
        const seconds = (performance.now() - started) / 1000
        const recipe = await describe(resources, task, result, seconds)
        await writeFile(join(work, TAKE_FILES.recipe), `${JSON.stringify(recipe, null, 2)}\n`)

        const take: TakeRec = {
          id: takeId,
          type: 'take',
          segmentId: segment.id,
          path,
          createdAt: new Date().toISOString(),
          name: `Take ${String(takeCount(session.doc, segment.id) + 1)}`,
          from: segment.from,
          to: segment.to,
          confidence: mean(result.confidence),
          seconds,
        }
        const unfinished = { ...take, path: workPath }
        const common = { tools, projectFolder: session.folder, asset, take: unfinished, signal }
        await writeTakeThumb(common)
        await preparePreview({ ...common, onProgress: report })
        signal.throwIfAborted()
        await rm(join(work, ENGINE_PREVIEW), { force: true })
        await rename(work, join(session.folder, path))
        resources.dispatch([{ type: 'take.add', take }], 'ignore')
        const total = (performance.now() - started) / 1000
        await resources.rates.learn(
          'remove',
          megapixelFrames(asset.info, take.to - take.from),
          total,
        )
        return { takeId }
      } catch (error) {
        await rm(work, { recursive: true, force: true })
        await rm(join(session.folder, path), { recursive: true, force: true })
        await rm(join(session.folder, takePreview(takeId), '..'), { recursive: true, force: true })
        throw error
      }
    },
  }
}

function findTarget(
  doc: ProjectDoc,
  segmentId: string,
): { target: Target | null; problems: ErrorData[] } {
  const segment = recordOf(doc, 'segment', segmentId)
  const asset = assetOfSegment(doc, segmentId)
  const mask = recordOf(doc, 'mask', segment?.maskId)
  if (segment?.verb !== 'remove' || asset === null || mask === undefined) {
    return { target: null, problems: [gone().toData()] }
  }
  const painted = Object.values(mask.keyframes).some((shapes) => shapes.some((one) => !one.erase))
  const problems: ErrorData[] = []
  if (!painted && !mask.inverted) {
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

/** Everything needed to make the same take again, and to say what made it. */
async function describe(
  resources: JobResources,
  task: RemoveTaskInput,
  result: RemoveTaskResult,
  seconds: number,
): Promise<Record<string, unknown>> {
  const mask = task.mask.kind === 'keyframes' ? task.mask.mask : null
  return {
    version: 1,
    task: 'remove',
    app: resources.appVersion,
    createdAt: new Date().toISOString(),
    range: task.range,
    params: task.params,
    inputs: {
      source: { sha256: await sha256OfFile(task.source.path), info: task.source.info },
      mask: { sha256: createHash('sha256').update(JSON.stringify(mask)).digest('hex'), mask },
    },
    result: {
      frames: result.frames,
      untouched: result.untouched,
      meanConfidence: mean(result.confidence),
      meanSeen: mean(result.seen),
    },
    timings: { seconds, phases: result.phasesSeconds },
    peakMemoryBytes: result.peakMemoryBytes,
  }
}

async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 1 : values.reduce((sum, one) => sum + one, 0) / values.length
}

function takeCount(doc: ProjectDoc, segmentId: string): number {
  return Object.values(doc.records).filter(
    (record) => record.type === 'take' && record.segmentId === segmentId,
  ).length
}

function definedOnly<T extends object>(value: {
  [K in keyof T]?: T[K] | undefined
}): Partial<T> {
  return Object.fromEntries(
    Object.entries(value).filter(([, one]) => one !== undefined),
  ) as Partial<T>
}
