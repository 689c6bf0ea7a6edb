import { mkdir, rm } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import type { RetimeInput } from '../../../shared/contract/job.js'
import type { RetimeTaskInput, RetimeTaskResult } from '../../../shared/contract/retime.js'
import { acceptedLayers } from '../../../shared/document/layers.js'
import { linkedClips } from '../../../shared/document/linking.js'
import type { AssetRec, ClipRec, ProjectDoc } from '../../../shared/document/model.js'
import { replaceCommands, stretchOf } from '../../../shared/document/replacing.js'
import { clipSourceRange } from '../../../shared/document/timing.js'
import { newId } from '../../../shared/ids.js'
import { convertFrame } from '../../../shared/rational.js'
import { planPictures } from '../../../shared/retime/pictures.js'
import { RETIME_LIMITS } from '../../../shared/retime/schema.js'
import { buildTimeMap, isIdentity } from '../../../shared/retime/timeMap.js'
import type { TimeMap } from '../../../shared/retime/timeMap.js'
import { namesOfFile } from '../media/colourTags.js'
import { PRESETS, estimateExportBytes } from '../media/presets.js'
import { nativeFormat, placedTake } from '../../ffmpeg/takeFrames.js'
import { resolveInside } from '../project/folder.js'
import { keepMade } from './keepMade.js'
import type { JobHandler } from './queue.js'
import { completeForecast, megapixels } from './resources.js'
import type { JobResources } from './resources.js'

interface Target {
  readonly clip: ClipRec
  readonly asset: AssetRec
  /** Source frames of the stretch. */
  readonly range: { readonly from: number; readonly to: number }
  readonly map: TimeMap
}

/** Plays a stretch of a clip at other speeds, as a new asset in its place. */
export function retimeJob(resources: JobResources): JobHandler<'retime'> {
  const { session } = resources
  return {
    lane: 'engine',
    plan: [
      { phase: 'retiming', weight: 20 },
      { phase: 'proxy', weight: 2 },
    ],

    async forecast(input) {
      const { target, problems } = findTarget(session.doc, input)
      if (target === null) {
        const nothing = { work: 0, memoryBytes: 0, diskBytes: 0, problems }
        return completeForecast(resources, { kind: 'retime', ...nothing })
      }
      const { asset, map } = target
      const size = megapixels(asset.info)
      const bytes = estimateExportBytes(asset.info, map.frames, 'ffv1')
      return completeForecast(resources, {
        ...{ kind: 'retime', work: workOf(target, input), problems },
        // Frames on their way, those that are played backward, and the motion between two.
        memoryBytes: Math.round(350e6 + size * 90e6),
        // The clip is copied into the project once it is whole.
        diskBytes: 2 * bytes,
      })
    },

    async run({ input, signal, report }) {
      const started = performance.now()
      const { target, problems } = findTarget(session.doc, input)
      const [problem] = problems
      if (problem !== undefined) throw AppError.from(problem)
      if (target === null) throw gone()
      const { asset, map } = target
      const tools = await resources.tools()
      // Named like an asset's cache, so that opening the project clears what a crash left.
      const workPath = `cache/${newId('asset')}`
      const work = join(session.folder, workPath)
      await mkdir(work, { recursive: true })
      try {
        const path = await resolveInside(session.folder, asset.path)
        const task: RetimeTaskInput = {
          source: { path, info: asset.info },
          range: target.range,
          takes: acceptedLayers(session.doc, target.clip.id).map((layer) =>
            placedTake(layer, (one) => join(session.folder, one)),
          ),
          params: input.params,
          heard: heardPart(session.doc, target, input),
          encoder: {
            video: PRESETS.ffv1.video(
              nativeFormat({ path, info: asset.info }),
              await namesOfFile(tools, { path, info: asset.info }, signal),
            ),
            audio: PRESETS.ffv1.audio ?? [],
            container: PRESETS.ffv1.container,
          },
          outputFolder: work,
          ffmpegPath: tools.ffmpeg,
        }
        const result = await resources.engine.run('retime', task, {
          signal,
          onProgress: ({ phase, done, total, preview }) => {
            const picture = preview && { path: `${workPath}/${preview.file}`, frame: preview.frame }
            report({ phase, done, total, ...(picture === undefined ? {} : { preview: picture }) })
          },
        })
        const seconds = (performance.now() - started) / 1000
        const kept = await keepMade(
          resources,
          {
            path: join(work, 'clip.mkv'),
            name: nameOf(asset, input),
            extension: '.mkv',
            recipe: await describe(resources, { task, input, result, asset, seconds }),
            by: { task: 'retime', prompt: '', seed: 0, pack: null },
            place: (made) => replaceCommands(session.doc, input, made),
          },
          { signal, report },
        )
        await resources.rates.learn('retime', workOf(target, input), seconds)
        return { ...kept, frames: map.frames }
      } finally {
        await rm(work, { recursive: true, force: true })
      }
    },
  }
}

/** Megapixels times frames, where one that must be made costs as much as several that are copied. */
function workOf({ asset, map }: Target, { params }: RetimeInput): number {
  const bounds = { first: -1, end: map.sourceFrames + 1 }
  const between = planPictures(map, { smoothness: params.smoothness, ...bounds })
  const made = between.filter(({ share }) => share > 0).length
  return megapixels(asset.info) * (made + 0.15 * map.frames + 0.05 * map.sourceFrames)
}

function findTarget(
  doc: ProjectDoc,
  input: RetimeInput,
): { target: Target | null; problems: ErrorData[] } {
  const found = stretchOf(doc, input)
  if (found === null) return { target: null, problems: [gone().toData()] }
  const { clip, asset } = found
  const problems: ErrorData[] = []
  if (asset.info.kind === 'image') {
    problems.push({
      code: 'media-unsupported',
      message: 'A still picture has no speed.',
      hint: 'Choose a video clip, or trim how long the picture stands.',
    })
    return { target: null, problems }
  }
  const skipped = convertFrame(input.from - clip.start, doc.meta.fps, asset.info.fps)
  const range = clipSourceRange(
    { in: clip.in + skipped, length: input.to - input.from },
    asset,
    doc.meta.fps,
  )
  const map = buildTimeMap(input.params.operations, range.to - range.from)
  if (isIdentity(map)) {
    problems.push({
      code: 'edit-empty',
      message: 'Nothing would change: the clip plays at its own speed already.',
      hint: 'Choose a speed, reverse it, or freeze a frame.',
    })
  }
  if (map.frames > RETIME_LIMITS.frames) {
    problems.push({
      code: 'job-not-possible',
      message: `The result would have ${map.frames} frames.`,
      hint: 'Choose a shorter range, or less slow motion.',
    })
  }
  return { target: { clip, asset, range, map }, problems }
}

function gone(): AppError {
  return new AppError('not-found', 'This part of the clip is no longer on the timeline.', {
    hint: 'Undo what changed it, or choose the clip again.',
  })
}

/** The part of the stretch with sound of its own on the timeline; null where there is none. */
function heardPart(
  doc: ProjectDoc,
  { clip, asset }: Target,
  { from, to }: RetimeInput,
): RetimeTaskInput['heard'] {
  const sound = linkedClips(doc, clip).find(({ id }) => id !== clip.id)
  if (sound === undefined) return null
  const frame = (at: number): number => convertFrame(at - from, doc.meta.fps, asset.info.fps)
  return { from: 0, to: frame(Math.min(to, sound.start + sound.length)) }
}

function nameOf(asset: AssetRec, { params: { operations } }: RetimeInput): string {
  const base = basename(asset.name, extname(asset.name))
  const [only] = operations
  const alone = operations.length === 1 && only?.kind === 'speed'
  return `${base} ${alone ? `×${Math.round(only.factor * 1000) / 1000}` : 'retimed'}`
}

/** Everything needed to make the clip again, and to say what made it. */
async function describe(
  resources: JobResources,
  made: {
    readonly task: RetimeTaskInput
    readonly input: RetimeInput
    readonly result: RetimeTaskResult
    readonly asset: AssetRec
    readonly seconds: number
  },
): Promise<object> {
  const { task, result, asset } = made
  return {
    ...{ version: 1, task: 'retime', app: resources.appVersion },
    createdAt: new Date().toISOString(),
    ...{ range: task.range, params: task.params, heard: task.heard },
    inputs: {
      source: { sha256: await resources.digest(task.source.path), info: task.source.info },
      ...{ name: asset.name, path: asset.path },
      takes: task.takes.map(({ from, to, shown }) => ({ from, to, shown })),
    },
    result: {
      ...{ frames: result.frames, between: result.between },
      ...{ refused: result.refused, samples: result.samples },
    },
    timings: { seconds: made.seconds, phases: result.phasesSeconds },
    peakMemoryBytes: result.peakMemoryBytes,
  }
}
