import { freemem } from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RemoveTaskInput, RemoveTaskResult } from '../../../shared/contract/engine.js'
import { AppError } from '../../../shared/contract/errors.js'
import { defaultGrowth } from '../../../shared/mask/growth.js'
import { readFrames } from '../../ffmpeg/frames.js'
import { openTakeParts, readPartFrame } from '../../ffmpeg/takeParts.js'
import { openMask, type MaskReader } from '../maskFrames.js'
import type { TaskContext } from '../taskContext.js'
import { createCutFinder, THUMBNAIL } from '../vision/cuts.js'
import { fillShot, type WindowPlan } from '../vision/fillShot.js'
import { type ShotInput } from '../vision/analyse.js'
import type { Size } from '../vision/image.js'
import { loadOpenCv } from '../vision/opencv.js'
import { planWindow } from '../vision/plan.js'
import { growRim, type Rim } from '../vision/rim.js'
import { isAnchorApart, type ShotCheckpoint, type TakenUp } from '../vision/shotCheckpoint.js'
import type { WindowFrame } from '../vision/window.js'
import { createClock } from './clock.js'
import { paintTake } from './paintTake.js'
import { readShownData } from './shown.js'
import { PREVIEW_EVERY_MS, PREVIEW_FILE, writePreview } from './previewPicture.js'

/** Where a removal stands, beside the frames that are finished. Frames count from the range's first. */
interface Standing {
  readonly plan: WindowPlan
  /** First frames after cuts. */
  readonly cuts: readonly number[]
  /** First frame of the shot in hand. */
  readonly shot: number
  /** Null at its beginning. */
  readonly within: ShotCheckpoint | null
}

/**
 * Removes what the mask covers: writes a take in parts (RGBA, alpha 0 wherever the source shows)
 * and, on the way, preview.png into the output folder. Where parts are there already it goes on
 * behind them, and the take is bit for bit that of a run without a stop; core sees to it that they
 * belong to the same input.
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
  const parts = await openTakeParts(ffmpegPath, outputFolder, { ...size, fps: source.info.fps })
  const standing = parts.checkpointed as Standing | null
  if (standing === null && parts.known > 0) await parts.clear()
  const known = standing === null ? 0 : parts.known
  const cuts = standing?.cuts ?? (await clock.time('analysing', () => findCuts(input, context)))
  const plan = standing?.plan ?? planWindow(size, memoryBudget())
  const begin: Standing = standing ?? { plan, cuts, shot: 0, within: null }
  if (standing === null) await parts.checkpoint(begin)

  const opencv = await loadOpenCv()
  const growth = params.dilate ?? defaultGrowth(size)
  const rims = new Map<number, Rim | null>()
  let at = begin.shot + (begin.within?.finished ?? 0)
  let previewAt = 0
  let last: { readonly painted: Uint8Array; readonly rim: Rim | null } | null = null

  function rimOf(painted: Uint8Array): Rim | null {
    // A held mask is the same array again, and so is its rim.
    if (last?.painted !== painted) {
      last = { painted, rim: growRim(painted, size, growth, params.feather) }
    }
    return last.rim
  }

  async function write(result: WindowFrame): Promise<void> {
    const frame = at++
    const rim = rims.get(frame) ?? null
    rims.delete(frame)
    if (frame < known) return
    const take = paintTake(result, rim)
    const { confidence, seen, invented } = result
    const note = { confidence, seen, invented, untouched: rim === null }
    await clock.time('writing', () => parts.write(take.rgba, note))
    const due = rim !== null && performance.now() - previewAt > PREVIEW_EVERY_MS
    if (due) {
      await writePreview(outputFolder, take.shown)
      previewAt = performance.now()
    }
    context.report({
      phase: 'filling',
      done: frame + 1,
      total,
      ...(due ? { preview: { file: PREVIEW_FILE, frame: range.from + frame } } : {}),
    })
  }

  const firstRead = begin.shot + (begin.within?.first ?? 0)
  const left = { from: range.from + firstRead, to: range.to }
  const frames = readShownData(input, left, signal)
  // Later windows measure while earlier frames are already done: then those count.
  const analysing = (done: number): void => {
    if (at === 0 && known === 0) context.report({ phase: 'analysing', done, total: 3 * total })
  }
  if (known > 0) context.report({ phase: 'filling', done: known, total })
  const started = performance.now()
  try {
    let next = firstRead
    for (const end of [...cuts, total].filter((one) => one > begin.shot)) {
      const shot = Math.max(begin.shot, ...cuts.filter((cut) => cut < end))
      const within = shot === begin.shot ? begin.within : null
      const pictures = readShot(frames, mask, range.from + next, end - next, size, (painted, n) => {
        const rim = rimOf(painted)
        if (n - range.from >= at) rims.set(n - range.from, rim)
        return rim
      })
      const from = within === null ? null : await takenUp(shot, within)
      const results = fillShot(opencv, pictures, {
        ...{ plan, signal, seed: params.seed, doubtful: params.doubtful ?? 'soft' },
        known: Math.max(0, known - at),
        ...(from === null ? {} : { from }),
        onAnalysed: (count) => analysing(total + count),
        onPrepared: (count) => analysing(2 * total + count),
        onCheckpoint: (reached) => parts.checkpoint({ ...begin, shot, within: reached }),
      })
      for await (const result of results) await write(result)
      next = end
      if (end < total) await parts.checkpoint({ ...begin, shot: end, within: null })
    }
    clock.add('filling', performance.now() - started - clock.of('writing'))
  } finally {
    // Also when it is cancelled or fails: what is finished stays finished.
    await parts.close()
    await frames.return(undefined)
  }
  const notes = parts.notes()
  const untouched = notes.filter((note) => note.untouched).length
  if (untouched === total) throw nothingMasked()
  return {
    frames: total,
    untouched,
    confidence: notes.map((note) => note.confidence),
    seen: notes.map((note) => note.seen),
    phasesSeconds: clock.seconds(),
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  }

  /** What the shot needs to go on that its next frames do not show. */
  async function takenUp(shot: number, checkpoint: ShotCheckpoint): Promise<TakenUp> {
    const finished = shot + checkpoint.finished
    const lastTake = await readPartFrame(ffmpegPath, outputFolder, finished - 1, size)
    if (!isAnchorApart(checkpoint)) return { checkpoint, anchor: null, lastTake }
    const frame = range.from + shot + checkpoint.anchor.at
    const alone = readShownData(input, { from: frame, to: frame + 1 }, signal)
    for await (const anchor of readShot(alone, mask, frame, 1, size, rimOf)) {
      return { checkpoint, anchor, lastTake }
    }
    throw new AppError('media-damaged', `The video has no frame ${frame}.`)
  }
}

/** First frames after cuts of the source, counted from the start of the range. */
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
  toRim: (painted: Uint8Array, frame: number) => Rim | null,
): AsyncGenerator<ShotInput> {
  for (let n = 0; n < count; n++) {
    const next = await frames.next()
    if (next.done === true) {
      throw new AppError('media-damaged', `The video ends before frame ${first + n}.`)
    }
    const rim = toRim(await mask(first + n), first + n)
    yield {
      picture: { ...size, data: next.value },
      mask: rim?.mask ?? new Uint8Array(size.width * size.height),
    }
  }
}

/** A quarter of what is free, between 400 MB and 1 GB; `LUMIERE_FRAME_MEMORY_MB` says otherwise. */
function memoryBudget(): number {
  const wanted = Number(process.env['LUMIERE_FRAME_MEMORY_MB'] ?? NaN)
  if (wanted > 0) return wanted * 1e6
  return Math.min(1e9, Math.max(400e6, freemem() / 4))
}

function nothingMasked(): AppError {
  return new AppError('mask-empty', 'The mask is empty: nothing is marked for removal.', {
    hint: 'Paint over the object on one frame, then run Remove again.',
  })
}
