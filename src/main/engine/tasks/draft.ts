import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { encode } from 'fast-png'
import type { DraftTaskInput, DraftTaskResult } from '../../../shared/contract/draft.js'
import { AppError } from '../../../shared/contract/errors.js'
import { defaultGrowth } from '../../../shared/mask/growth.js'
import { readFrames } from '../../ffmpeg/frames.js'
import { openMask } from '../maskFrames.js'
import type { TaskContext } from '../taskContext.js'
import { createCutFinder, THUMBNAIL } from '../vision/cuts.js'
import { fillShot } from '../vision/fillShot.js'
import { type ShotInput } from '../vision/analyse.js'
import { scaledBy, scaleWithin } from '../vision/image.js'
import { loadOpenCv } from '../vision/opencv.js'
import { growRim, type Rim } from '../vision/rim.js'
import { paintTake } from './paintTake.js'
import { readShownData } from './shown.js'

const FILE = 'draft.png'

/** Pixels of a draft: what fits into three seconds on two cores. */
const MOST_PIXELS = 400 * 225

/** Neighbours to borrow from, and how many frames they lie apart. */
const NEIGHBOURS = 8
const APART = 3

/**
 * Removes what the mask covers from one frame, at a reduced size and with few neighbours:
 * those after it, or before it where the shot has more. A frame in the middle of a window would need
 * all frames before it filled as well.
 *
 * @throws AppError `mask-empty` when the mask is empty on the frame, `cancelled`, and whatever
 * reading throws
 */
export async function draft(input: DraftTaskInput, context: TaskContext): Promise<DraftTaskResult> {
  const { source, range, frame, params, outputFolder } = input
  const { signal } = context
  const full = { width: source.info.width, height: source.info.height }
  const scale = scaleWithin(full, MOST_PIXELS)
  const size = scaledBy(full, scale)
  const reach = NEIGHBOURS * APART
  const [opencv, mask, shot] = await Promise.all([
    loadOpenCv(),
    openMask({ kind: 'keyframes', mask: input.mask, root: input.root }, size, range.from, full),
    shotAround(
      input,
      { from: Math.max(range.from, frame - reach), to: Math.min(range.to, frame + reach + 1) },
      signal,
    ),
  ])
  const growth = (params.dilate ?? defaultGrowth(full)) * scale
  const isAhead = shot.to - frame >= frame - shot.from
  const part = isAhead ? { from: frame, to: shot.to } : { from: shot.from, to: frame + 1 }
  const held: { readonly at: number; readonly data: Uint8Array }[] = []
  let at = part.from
  for await (const data of readShownData(input, part, signal, size)) {
    if ((at - frame) % APART === 0) held.push({ at, data })
    at++
  }
  // Motion reads the same in both directions of time.
  if (!isAhead) held.reverse()
  const rims: (Rim | null)[] = []

  async function* frames(): AsyncGenerator<ShotInput> {
    for (const one of held) {
      const rim = growRim(await mask(one.at), size, growth, params.feather * scale)
      rims.push(rim)
      yield {
        picture: { ...size, data: one.data },
        mask: rim?.mask ?? new Uint8Array(size.width * size.height),
      }
      context.report({ phase: 'filling', done: rims.length, total: held.length + 1 })
      await nextTurn()
    }
  }

  const plan = { lookback: 0, core: 1, lookahead: held.length - 1 }
  const { seed, doubtful = 'soft' } = params
  for await (const result of fillShot(opencv, frames(), { plan, signal, seed, doubtful })) {
    const rim = rims[0] ?? null
    if (rim === null) break
    const { shown } = paintTake(result, rim)
    const png = encode({ ...shown, channels: 3, depth: 8 }, { zlib: { level: 1 } })
    await writeFile(join(outputFolder, FILE), png)
    return {
      file: FILE,
      confidence: result.confidence,
      seen: result.seen,
    }
  }
  throw new AppError('mask-empty', 'The mask is empty on this frame: there is nothing to remove.', {
    hint: 'Go to a frame where the mask covers something.',
  })
}

/** The part of a range that belongs to the frame's own shot. */
async function shotAround(
  { source, ffmpegPath, frame }: DraftTaskInput,
  range: { readonly from: number; readonly to: number },
  signal: AbortSignal,
): Promise<{ from: number; to: number }> {
  const finder = createCutFinder()
  const options = { ...range, ...THUMBNAIL, layout: 'rgb24', signal } as const
  for await (const data of readFrames(ffmpegPath, source, options)) {
    finder.add({ ...THUMBNAIL, data })
  }
  const cuts = finder.cuts().map((cut) => range.from + cut)
  return {
    from: Math.max(range.from, ...cuts.filter((cut) => cut <= frame)),
    to: Math.min(range.to, ...cuts.filter((cut) => cut > frame)),
  }
}
