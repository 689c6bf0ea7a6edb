import { rm } from 'node:fs/promises'
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
import { convertFrame } from '../../../shared/rational.js'
import { planPictures } from '../../../shared/retime/pictures.js'
import { RETIME_LIMITS } from '../../../shared/retime/schema.js'
import { buildTimeMap, isIdentity } from '../../../shared/retime/timeMap.js'
import type { TimeMap } from '../../../shared/retime/timeMap.js'
import { namesOfFile } from '../media/colourTags.js'
import { PRESETS, estimateExportBytes } from '../media/presets.js'
import { nativeFormat, placedTake } from '../../ffmpeg/takeFrames.js'
import { resolveInside } from '../project/folder.js'
import { despiteCrashes } from './despiteCrashes.js'
import { keepMade } from './keepMade.js'
import type { JobHandler } from './queue.js'
import { completeForecast, megapixels } from './resources.js'
import type { JobResources } from './resources.js'
import {
  discardUnfinishedClip,
  findUnfinishedClip,
  openUnfinishedClip,
  progressOfClip,
} from './unfinishedClip.js'
import { keyOf } from './unfinishedTake.js'

/** Raised whenever the same input gives other pictures: see takeInputs.ts. */
const METHOD = 1

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

  async function taskOf(
    target: Target,
    input: RetimeInput,
    outputFolder: string,
    signal?: AbortSignal,
  ): Promise<RetimeTaskInput> {
    const { asset, clip, range } = target
    const tools = await resources.tools()
    const path = await resolveInside(session.folder, asset.path)
    const source = { path, info: asset.info }
    return {
      ...{ source, range, params: input.params, outputFolder, ffmpegPath: tools.ffmpeg },
      takes: acceptedLayers(session.doc, clip.id).map((layer) =>
        placedTake(layer, (one) => join(session.folder, one)),
      ),
      heard: heardPart(session.doc, target, input),
      encoder: {
        video: PRESETS.ffv1.video(nativeFormat(source), await namesOfFile(tools, source, signal)),
        audio: PRESETS.ffv1.audio ?? [],
        container: PRESETS.ffv1.container,
      },
    }
  }

  /** Everything that decides how it comes out. */
  async function keyNow(target: Target, input: RetimeInput): Promise<string> {
    const { asset, clip, range } = target
    const source = await resources.digest(await resolveInside(session.folder, asset.path))
    return keyOf({
      ...{ appVersion: resources.appVersion, method: METHOD, source, info: asset.info, range },
      // A take's folder is never written to again.
      takes: acceptedLayers(session.doc, clip.id).map(({ take, from, to }) => ({
        ...{ path: take.path, from, to },
      })),
      ...{ params: input.params, heard: heardPart(session.doc, target, input) },
    })
  }

  return {
    lane: 'engine',
    plan: [
      { phase: 'retiming', weight: 20 },
      { phase: 'proxy', weight: 2 },
    ],

    async unfinished(input) {
      const found = await findUnfinishedClip(session.folder, input)
      return found === null ? null : progressOfClip(found)
    },
    discard: (input) => discardUnfinishedClip(session.folder, input),

    async forecast(input) {
      const { target, problems } = findTarget(session.doc, input)
      if (target === null) {
        const nothing = { work: 0, memoryBytes: 0, diskBytes: 0, problems }
        return completeForecast(resources, { kind: 'retime', ...nothing })
      }
      const { asset, map } = target
      const size = megapixels(asset.info)
      const bytes = estimateExportBytes(asset.info, map.frames, 'ffv1')
      // The inputs are read only where there is something to compare them with.
      const found = problems.length > 0 ? null : await findUnfinishedClip(session.folder, input)
      const goesOn = found !== null && found.key === (await keyNow(target, input)) ? found : null
      return completeForecast(resources, {
        ...{ kind: 'retime', work: workOf(target, input), problems },
        // Frames on their way, those that are played backward, and the motion between two.
        memoryBytes: Math.round(350e6 + size * 90e6),
        // In parts, joined, and copied into the project once it is whole.
        diskBytes: 3 * bytes,
        goesOn: goesOn === null ? null : progressOfClip(goesOn),
      })
    },

    async run({ input, signal, report }) {
      const started = performance.now()
      const { target, problems } = findTarget(session.doc, input)
      const [problem] = problems
      if (problem !== undefined) throw AppError.from(problem)
      if (target === null) throw gone()
      const { asset, map } = target
      const begun = await openUnfinishedClip(session.folder, input, {
        key: await keyNow(target, input),
        total: map.frames,
      })
      const { path: workPath, folder: work } = begun
      let isKept = false
      try {
        const task = await taskOf(target, input, work, signal)
        const result = await despiteCrashes(() =>
          resources.engine.run('retime', task, {
            signal,
            onProgress: ({ phase, done, total, preview }) => {
              const picture = preview && {
                path: `${workPath}/${preview.file}`,
                frame: preview.frame,
              }
              const shown = picture === undefined ? {} : { preview: picture }
              report({ phase, done, total, earlier: begun.done, ...shown })
            },
          }),
        )
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
        isKept = true
        const share = (map.frames - begun.done) / map.frames
        await resources.rates.learn('retime', workOf(target, input) * share, seconds)
        return { ...kept, frames: map.frames }
      } finally {
        // What is finished when it fails or is cancelled is gone on with.
        const left = isKept ? null : await findUnfinishedClip(session.folder, input)
        if (left === null) await rm(work, { recursive: true, force: true })
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
