import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'
import type { ExportPreset } from '../../../shared/contract/job.js'
import { samplesAt } from '../../../shared/rational.js'
import { throwIfAborted } from '../../ffmpeg/children.js'
import { fileFailure } from '../../ffmpeg/failure.js'
import { openWriter, rawInput } from '../../ffmpeg/frameWriter.js'
import type { FrameWriter } from '../../ffmpeg/frameWriter.js'
import { frameBytes } from '../../ffmpeg/layout.js'
import type { FrameFormat } from '../../ffmpeg/layout.js'
import { inputOf } from '../../ffmpeg/paths.js'
import type { FfmpegTools } from '../../ffmpeg/tools.js'
import { canvasFrames, canvasOf } from './canvas.js'
import { namesOfFile } from './colourTags.js'
import type { ColourNames } from './colourTags.js'
import { stateExactDurations } from './exactDuration.js'
import type { Composition } from './exportPlan.js'
import { writeMix } from './exportSound.js'
import type { Mix } from './exportSound.js'
import { checkFolder } from './exportFolder.js'
import { exists, isErrno, temporaryBeside } from './files.js'
import { checkFrames, framePattern, framesSize, moveFrames } from './pngFolder.js'
import { PRESETS } from './presets.js'
import type { MediaWork } from './progress.js'

export interface Rendered {
  readonly path: string
  readonly frames: number
  readonly bytes: number
}

/**
 * Writes a composition to a file, or a folder for `png`. It is made under a temporary name in the
 * target's folder and renamed at the end; nothing of it stays when that fails or is cancelled.
 *
 * @throws AppError `file-exists`, `disk-full`, `disk-write`, `media-damaged`, `file-missing`, `cancelled`
 */
export async function renderComposition(
  work: MediaWork & {
    readonly tools: FfmpegTools
    readonly composition: Composition
    readonly preset: ExportPreset
    readonly path: string
    readonly overwrite: boolean
  },
): Promise<Rendered> {
  const { tools, composition, preset, path, overwrite, onProgress, signal } = work
  await checkExportTarget(path, { overwrite, preset })
  await checkSources(composition)
  const temporary = await temporaryBeside(path)
  const mixPath = `${temporary}.f32`
  try {
    if (preset === 'png') await mkdir(temporary)
    const mix =
      PRESETS[preset].audio === null
        ? null
        : await writeMix(tools.ffmpeg, composition, mixPath, signal)
    const writer = openExport(tools.ffmpeg, {
      ...{ preset, temporary, mix, canvas: canvasOf(composition), fps: composition.fps, signal },
      names: await namesOf(tools, composition, signal),
    })
    await writeFrames(writer, work)
    onProgress?.({ phase: 'finishing', done: composition.frames, total: composition.frames })
    if (mix !== null && PRESETS[preset].statesDurations) {
      const { sampleRate, samples: sound } = mix
      const pictures = samplesAt(composition.frames, composition.fps, sampleRate)
      await stateExactDurations(temporary, { sampleRate, sound, pictures })
    }
    throwIfAborted(signal)
    if (preset === 'png') {
      await checkFrames(temporary, composition.frames)
      await moveFrames(temporary, path)
    } else await rename(temporary, path)
  } catch (error) {
    throwIfAborted(signal)
    throw isErrno(error) ? fileFailure(error, path) : error
  } finally {
    await rm(mixPath, { force: true })
    await rm(temporary, { force: true, recursive: true })
  }
  return { path, frames: composition.frames, bytes: await sizeOf(path) }
}

/**
 * Refuses a target that is in the way, or in a place that cannot be written to.
 *
 * @throws AppError `file-exists`, `disk-write`
 */
export async function checkExportTarget(
  path: string,
  input: { readonly overwrite: boolean; readonly preset: ExportPreset },
): Promise<void> {
  if (!(await exists(path))) return checkFolder(dirname(path))
  const isFolder = (await stat(path)).isDirectory()
  if (isFolder !== (input.preset === 'png')) {
    const what = isFolder ? 'A folder' : 'A file'
    throw new AppError('file-exists', `${what} of this name is in the way.`, {
      hint: 'Choose another name.',
      detail: path,
    })
  }
  if (input.overwrite || (isFolder && (await readdir(path)).length === 0)) return
  throw new AppError('file-exists', 'There is already something under this name.', {
    hint: 'Choose another name, or say that it may be replaced.',
    detail: path,
  })
}

async function checkSources(composition: Composition): Promise<void> {
  const paths = new Set([
    ...composition.pictures
      .flatMap(({ picture, overlays }) => (picture === null ? [] : [picture, ...overlays]))
      .flatMap(({ source, takes }) => [source.path, ...takes.map((take) => take.path)]),
    ...composition.sounds.map((sound) => sound.source.path),
  ])
  for (const path of paths) {
    if (await exists(path)) continue
    throw new AppError('file-missing', 'A file that the timeline uses is missing.', {
      hint: 'Put it back into the project folder, or remove the clip.',
      detail: path,
    })
  }
}

async function writeFrames(
  writer: FrameWriter,
  work: MediaWork & { readonly tools: FfmpegTools; readonly composition: Composition },
): Promise<void> {
  const { tools, composition, onProgress, signal } = work
  const total = composition.frames
  try {
    let done = 0
    onProgress?.({ phase: 'encoding', done, total })
    for await (const frame of canvasFrames(tools.ffmpeg, composition, signal)) {
      await writer.write(frame)
      done++
      onProgress?.({ phase: 'encoding', done, total })
    }
    await writer.finish()
  } catch (error) {
    await writer.abort()
    throw error
  }
}

function openExport(
  ffmpegPath: string,
  options: {
    readonly preset: ExportPreset
    readonly temporary: string
    readonly mix: Mix | null
    readonly canvas: FrameFormat
    readonly fps: Composition['fps']
    readonly names: ColourNames
    readonly signal: AbortSignal | undefined
  },
): FrameWriter {
  const { preset, temporary, mix, canvas, fps, names, signal } = options
  const writer = PRESETS[preset]
  const sound =
    mix === null
      ? []
      : [
          ...['-f', 'f32le', '-ar', String(mix.sampleRate), '-ac', String(mix.channels)],
          ...inputOf(mix.path),
        ]
  return openWriter(ffmpegPath, {
    input: [...rawInput({ ...canvas, fps }), ...sound],
    output: [
      ...['-map', '0:v', ...writer.video(canvas, names), '-vsync', 'passthrough'],
      ...(mix === null || writer.audio === null ? [] : ['-map', '1:a', ...writer.audio]),
      ...['-map_metadata', '-1', ...writer.container],
    ],
    path: preset === 'png' ? framePattern(temporary) : temporary,
    doing: 'write the export',
    frameSize: frameBytes(canvas.layout, canvas.width, canvas.height),
    signal,
  })
}

/** Colour names of the file that the canvas takes its format from. */
async function namesOf(
  tools: FfmpegTools,
  composition: Composition,
  signal: AbortSignal | undefined,
): Promise<ColourNames> {
  const first = composition.pictures.find(({ picture }) => picture !== null)?.picture
  return first === undefined || first === null
    ? { primaries: null, transfer: null }
    : namesOfFile(tools, first.source, signal)
}

async function sizeOf(path: string): Promise<number> {
  const info = await stat(path)
  return info.isDirectory() ? framesSize(path) : info.size
}
