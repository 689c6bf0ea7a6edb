import { freemem } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RemoveTaskInput, RemoveTaskResult } from '../../../shared/contract/engine.js'
import { AppError } from '../../../shared/contract/errors.js'
import { defaultGrowth } from '../../../shared/mask/growth.js'
import { openTakeWriter, readFrames } from '../../ffmpeg/frames.js'
import { openMask, type MaskReader } from '../maskFrames.js'
import type { TaskContext } from '../serve.js'
import { createCutFinder, THUMBNAIL } from '../vision/cuts.js'
import { fillShot, type ShotInput } from '../vision/fillShot.js'
import type { Size } from '../vision/image.js'
import { loadOpenCv } from '../vision/opencv.js'
import { planWindow } from '../vision/plan.js'
import { growRim, type Rim } from '../vision/rim.js'
import type { WindowFrame } from '../vision/window.js'
import { createClock } from './clock.js'
import { paintTake } from './paintTake.js'
import { PREVIEW_EVERY_MS, PREVIEW_FILE, writePreview } from './previewPicture.js'

const TAKE_FILE = 'take.mkv'

/**
 * Removes what the mask covers: writes take.mkv (RGBA, alpha 0 wherever the source shows) and, on
 * the way, preview.png into the output folder.
 *
 * @throws AppError `mask-empty` when nothing is masked in the whole range, `cancelled`, and
 * whatever reading and writing throw
 */
export async function remove(
  input: RemoveTaskInput,
  context: TaskContext,
): Promise<RemoveTaskResult> {
  const { source, range, params, outputFolder, ffmpegPath } = input
  const { signal } = context
  const size = { width: source.info.width, height: source.info.height }
  const total = range.to - range.from
  const clock = createClock()

  const mask = await openMask(input.mask, size, range.from)
  const cuts = await clock.time('analysing', () => findCuts(input, context))
  const opencv = await loadOpenCv()
  const plan = planWindow(size, memoryBudget())
  const growth = params.dilate ?? defaultGrowth(size)
  const frames = readFrames(ffmpegPath, source, { ...range, layout: 'rgb24', signal })
  const writer = openTakeWriter(ffmpegPath, join(outputFolder, TAKE_FILE), {
    ...size,
    fps: source.info.fps,
    signal,
  })
  const rims: (Rim | null)[] = []
  const confidence: number[] = []
  const seen: number[] = []
  let untouched = 0
  let previewAt = 0
  let last: { readonly painted: Uint8Array; readonly rim: Rim | null } | null = null

  async function write(result: WindowFrame): Promise<void> {
    const rim = rims.shift() ?? null
    const at = confidence.length
    const take = paintTake(result, rim)
    await clock.time('writing', () => writer.write(take.rgba))
    confidence.push(result.confidence)
    seen.push(result.seen)
    if (rim === null) untouched++
    const due = rim !== null && performance.now() - previewAt > PREVIEW_EVERY_MS
    if (due) {
      await writePreview(outputFolder, take.shown)
      previewAt = performance.now()
    }
    context.report({
      phase: 'filling',
      done: at + 1,
      total,
      ...(due ? { preview: { file: PREVIEW_FILE, frame: range.from + at } } : {}),
    })
  }

  try {
    const started = performance.now()
    const bounds = [...cuts, total]
    let first = 0
    for (const end of bounds) {
      const shot = readShot(frames, mask, range.from + first, end - first, size, (painted) => {
        // A held mask is the same array again, and so is its rim.
        if (last === null || last.painted !== painted) {
          last = { painted, rim: growRim(painted, size, growth, params.feather) }
        }
        rims.push(last.rim)
        return last.rim
      })
      // Later windows measure while earlier frames are already done: then those count.
      const analysing = (done: number): void => {
        if (confidence.length === 0) context.report({ phase: 'analysing', done, total: 3 * total })
      }
      const options = {
        plan,
        signal,
        seed: params.seed,
        onAnalysed: (count: number) => analysing(total + count),
        onPrepared: (count: number) => analysing(2 * total + count),
      }
      for await (const result of fillShot(opencv, shot, options)) {
        await write(result)
      }
      first = end
    }
    if (untouched === total) throw nothingMasked()
    await writer.finish()
    clock.add('filling', performance.now() - started - clock.of('writing'))
  } catch (error) {
    await writer.abort()
    throw error
  } finally {
    await frames.return(undefined)
  }
  return {
    frames: total,
    untouched,
    confidence,
    seen,
    phasesSeconds: clock.seconds(),
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  }
}

/** First frames after cuts, counted from the start of the range. */
async function findCuts(
  { source, range, ffmpegPath }: RemoveTaskInput,
  context: TaskContext,
): Promise<number[]> {
  const finder = createCutFinder()
  const total = range.to - range.from
  const thumbnails = readFrames(ffmpegPath, source, {
    ...range,
    ...THUMBNAIL,
    layout: 'rgb24',
    signal: context.signal,
  })
  let done = 0
  for await (const data of thumbnails) {
    finder.add({ ...THUMBNAIL, data })
    if (++done % 16 === 0 || done === total) {
      context.report({ phase: 'analysing', done, total: 3 * total })
      await nextTurn()
    }
  }
  return finder.cuts()
}

/** The next `count` frames of a stream with their masks. */
async function* readShot(
  frames: AsyncGenerator<Uint8Array>,
  mask: MaskReader,
  first: number,
  count: number,
  size: Size,
  toRim: (painted: Uint8Array) => Rim | null,
): AsyncGenerator<ShotInput> {
  for (let n = 0; n < count; n++) {
    const next = await frames.next()
    if (next.done === true) {
      throw new AppError('media-damaged', `The video ends before frame ${first + n}.`)
    }
    const rim = toRim(await mask(first + n))
    yield {
      picture: { ...size, data: next.value },
      mask: rim?.mask ?? new Uint8Array(size.width * size.height),
    }
  }
}

/** A quarter of what is free, between 400 MB and 1 GB. */
function memoryBudget(): number {
  return Math.min(1e9, Math.max(400e6, freemem() / 4))
}

function nothingMasked(): AppError {
  return new AppError('mask-empty', 'The mask is empty: nothing is marked for removal.', {
    hint: 'Paint over the object on one frame, then run Remove again.',
  })
}
