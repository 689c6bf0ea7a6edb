import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RetimeTaskInput, RetimeTaskResult } from '../../../shared/contract/retime.js'
import { planPictures } from '../../../shared/retime/pictures.js'
import type { PlannedPicture } from '../../../shared/retime/pictures.js'
import { buildTimeMap } from '../../../shared/retime/timeMap.js'
import { convertFrames } from '../../ffmpeg/convertFrames.js'
import { openWriter, rawInput } from '../../ffmpeg/frames.js'
import type { FrameWriter } from '../../ffmpeg/frames.js'
import { frameBytes } from '../../ffmpeg/layout.js'
import type { FrameFormat } from '../../ffmpeg/layout.js'
import { inputOf } from '../../ffmpeg/paths.js'
import { nativeFormat } from '../../ffmpeg/takeFrames.js'
import type { TaskContext } from '../serve.js'
import { createInterpolator } from '../vision/between/index.js'
import { createClock } from './clock.js'
import type { Clock } from './clock.js'
import { PREVIEW_EVERY_MS, PREVIEW_FILE, writePreview } from './previewPicture.js'
import { openFrameShelf } from './retime/frameShelf.js'
import { retimeSound } from './retime/sound.js'
import type { RetimedSound } from './retime/sound.js'

const CLIP_FILE = 'clip.mkv'
const PREVIEW_WIDTH = 480

/**
 * Plays a range of a clip as its operations say, picture and sound: writes clip.mkv, without loss
 * in the source's own samples, and on the way preview.png into the output folder.
 *
 * @throws AppError `cancelled`, and whatever reading and writing throw
 */
export async function retime(
  input: RetimeTaskInput,
  context: TaskContext,
): Promise<RetimeTaskResult> {
  const { source, range, params } = input
  const map = buildTimeMap(params.operations, range.to - range.from)
  const clock = createClock()
  // One frame beyond either end: what slow motion leans on there.
  const first = Math.max(0, range.from - 1)
  const end = Math.min(source.info.frames, range.to + 1)
  const bounds = { first: first - range.from, end: end - range.from }
  const pictures = planPictures(map, { smoothness: params.smoothness, ...bounds })
  const sound = await clock.time('sound', () => retimeSound(input, map, context))
  const refused = await writeClip(input, { pictures, sound, first, end }, clock, context)
  return {
    frames: pictures.length,
    between: pictures.filter(({ frame, share }) => share > 0 && !refused.has(frame)).length,
    refused: [...refused].map((frame) => range.from + frame),
    samples: sound?.samples ?? 0,
    phasesSeconds: clock.seconds(),
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  }
}

/** @returns frames of the range behind which nothing could be made: the next one shows something else */
async function writeClip(
  { source, range, takes, encoder, outputFolder, ffmpegPath }: RetimeTaskInput,
  work: {
    readonly pictures: readonly PlannedPicture[]
    readonly sound: RetimedSound | null
    readonly first: number
    readonly end: number
  },
  clock: Clock,
  context: TaskContext,
): Promise<Set<number>> {
  const { pictures, sound, first, end } = work
  const { signal } = context
  const format = nativeFormat(source)
  const shelf = openFrameShelf(ffmpegPath, source, { from: first, to: end, takes, signal })
  const interpolator = createInterpolator(format)
  const writer = openClip(ffmpegPath, format, {
    ...{ sound, encoder, fps: source.info.fps, signal },
    path: join(outputFolder, CLIP_FILE),
  })
  const refused = new Set<number>()
  let shownAt = 0
  try {
    for (const [n, { frame, share }] of pictures.entries()) {
      const index = range.from + frame
      const a = await clock.time('reading', () => shelf.at(index))
      let picture = a
      if (share > 0) {
        const b = await clock.time('reading', () => shelf.at(index + 1))
        const made = await clock.time('retiming', () =>
          Promise.resolve(interpolator.between(index, a, b, share)),
        )
        if (made === null) refused.add(frame)
        picture = made ?? (share < 0.5 ? a : b)
      }
      await clock.time('writing', () => writer.write(picture))
      const due = performance.now() - shownAt > PREVIEW_EVERY_MS
      if (due) {
        await showFrame(ffmpegPath, picture, format, outputFolder, signal)
        shownAt = performance.now()
      }
      context.report({
        ...{ phase: 'retiming', done: n + 1, total: pictures.length },
        ...(due ? { preview: { file: PREVIEW_FILE, frame: n } } : {}),
      })
      await nextTurn()
      signal.throwIfAborted()
    }
    await writer.finish()
    return refused
  } catch (error) {
    await writer.abort()
    throw error
  } finally {
    await shelf.close()
  }
}

function openClip(
  ffmpegPath: string,
  format: FrameFormat,
  options: {
    readonly sound: RetimedSound | null
    readonly encoder: RetimeTaskInput['encoder']
    readonly fps: RetimeTaskInput['source']['info']['fps']
    readonly path: string
    readonly signal: AbortSignal
  },
): FrameWriter {
  const { sound, encoder, fps, path, signal } = options
  const soundInput =
    sound === null
      ? []
      : [
          ...['-f', 'f32le', '-ar', String(sound.sampleRate), '-ac', String(sound.channels)],
          ...inputOf(sound.path),
        ]
  return openWriter(ffmpegPath, {
    input: [...rawInput({ ...format, fps }), ...soundInput],
    output: [
      ...['-map', '0:v', ...encoder.video, '-vsync', 'passthrough'],
      ...(sound === null ? [] : ['-map', '1:a', ...encoder.audio]),
      ...['-map_metadata', '-1', ...encoder.container],
    ],
    path,
    doing: 'write the retimed clip',
    frameSize: frameBytes(format.layout, format.width, format.height),
    signal,
  })
}

/** Writes a small copy of a frame for the person to look at. */
async function showFrame(
  ffmpegPath: string,
  frame: Uint8Array,
  from: FrameFormat,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  const scale = Math.min(1, PREVIEW_WIDTH / from.width)
  const width = Math.max(1, Math.round(from.width * scale))
  const height = Math.max(1, Math.round(from.height * scale))
  const to: FrameFormat = { ...from, layout: 'rgb24', width, height }
  async function* one(): AsyncGenerator<Uint8Array> {
    await Promise.resolve()
    yield frame
  }
  for await (const data of convertFrames(ffmpegPath, one(), { from, to, signal })) {
    await writePreview(folder, { width, height, data })
  }
}
