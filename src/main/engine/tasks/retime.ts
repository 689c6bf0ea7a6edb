import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { AppError } from '../../../shared/contract/errors.js'
import type { RetimeTaskInput, RetimeTaskResult } from '../../../shared/contract/retime.js'
import { planPictures } from '../../../shared/retime/pictures.js'
import type { PlannedPicture } from '../../../shared/retime/pictures.js'
import { buildTimeMap } from '../../../shared/retime/timeMap.js'
import { convertFrames } from '../../ffmpeg/convertFrames.js'
import { openWriter, rawInput } from '../../ffmpeg/frameWriter.js'
import { frameBytes } from '../../ffmpeg/layout.js'
import type { FrameFormat } from '../../ffmpeg/layout.js'
import { runFfmpeg } from '../../ffmpeg/run.js'
import { nativeFormat } from '../../ffmpeg/takeFrames.js'
import { countFrames, openParts, removeParts, writePartList } from '../../ffmpeg/takeParts.js'
import type { FrameNote } from '../../ffmpeg/takeParts.js'
import type { TaskContext } from '../taskContext.js'
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
 * in the source's own samples, and on the way preview.png into the output folder. Pictures are
 * written in parts first; where parts are there already it goes on behind them, with the same bits.
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
  const notes = await writePictures(input, { pictures, first, end }, clock, context)
  const sound = await clock.time('sound', () => retimeSound(input, map, context))
  await clock.time('joining', () => joinClip(input, pictures.length, sound, context.signal))
  const wanted = pictures.map(({ frame, share }, n) => ({ frame, share, ...notes[n] }))
  const refused = wanted.filter(({ share, untouched }) => share > 0 && untouched === true)
  return {
    frames: pictures.length,
    between: wanted.filter(({ untouched }) => untouched === false).length,
    refused: [...new Set(refused.map(({ frame }) => range.from + frame))],
    samples: sound?.samples ?? 0,
    phasesSeconds: clock.seconds(),
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  }
}

/** @returns a note per picture; untouched are those of the source, also where the next shows something else */
async function writePictures(
  { source, range, takes, encoder, outputFolder, ffmpegPath }: RetimeTaskInput,
  work: {
    readonly pictures: readonly PlannedPicture[]
    readonly first: number
    readonly end: number
  },
  clock: Clock,
  context: TaskContext,
): Promise<readonly FrameNote[]> {
  const { pictures, first, end } = work
  const { signal } = context
  const format = nativeFormat(source)
  const parts = await openParts(outputFolder, (path) =>
    openWriter(ffmpegPath, {
      input: rawInput({ ...format, fps: source.info.fps }),
      output: [...encoder.video, '-vsync', 'passthrough', '-f', 'matroska'],
      ...{ path, doing: 'write the retimed clip' },
      frameSize: frameBytes(format.layout, format.width, format.height),
    }),
  )
  const shelf = openFrameShelf(ffmpegPath, source, { from: first, to: end, takes, signal })
  const interpolator = createInterpolator(format)
  let shownAt = 0
  try {
    for (let n = parts.known; n < pictures.length; n++) {
      const { frame, share } = pictures[n]!
      const index = range.from + frame
      const a = await clock.time('reading', () => shelf.at(index))
      let picture = a
      let untouched = true
      if (share > 0) {
        const b = await clock.time('reading', () => shelf.at(index + 1))
        const made = clock.now('retiming', () => interpolator.between(index, a, b, share))
        untouched = made === null
        picture = made ?? (share < 0.5 ? a : b)
      }
      const note = { confidence: 1, seen: 1, untouched }
      await clock.time('writing', () => parts.write(picture, note))
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
  } finally {
    // Also when it is cancelled or fails: what is finished stays finished.
    await parts.close()
    await shelf.close()
  }
  return parts.notes()
}

/** Makes one clip of the parts and the sound: the same samples, each frame at its time. */
async function joinClip(
  { source, encoder, outputFolder, ffmpegPath }: RetimeTaskInput,
  frames: number,
  sound: RetimedSound | null,
  signal: AbortSignal,
): Promise<void> {
  const { fps } = source.info
  const path = join(outputFolder, CLIP_FILE)
  const soundInput =
    sound === null
      ? []
      : [
          {
            path: sound.path,
            options: [
              ...['-f', 'f32le', '-ar', String(sound.sampleRate), '-ac', String(sound.channels)],
            ],
          },
        ]
  await runFfmpeg(
    ffmpegPath,
    {
      doing: 'write the retimed clip',
      inputs: [
        {
          path: await writePartList(outputFolder, fps),
          // The rate said here is the one that counts, not the parts' time stamps.
          options: ['-f', 'concat', '-r', `${fps.num}/${fps.den}`],
        },
        ...soundInput,
      ],
      outputs: [
        {
          path,
          options: [
            ...['-map', '0:v', ...encoder.video, '-vsync', 'passthrough'],
            ...(sound === null ? [] : ['-map', '1:a', ...encoder.audio]),
            ...['-map_metadata', '-1', ...encoder.container, '-y'],
          ],
        },
      ],
    },
    { signal },
  )
  const found = await countFrames(ffmpegPath, path, signal)
  if (found === frames) return
  await removeParts(outputFolder)
  throw new AppError('media-damaged', `The retimed clip has ${found} frames, not ${frames}.`, {
    hint: 'Run it again: it starts from its beginning.',
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
