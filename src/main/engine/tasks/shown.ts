import type { StyliseTaskInput } from '../../../shared/contract/stylise.js'
import { readFrames } from '../../ffmpeg/frames.js'
import { readFramesAt } from '../../ffmpeg/framesAt.js'
import type { Picture, Size } from '../vision/image.js'
import { openUnder } from './underTakes.js'

type Shown = Pick<StyliseTaskInput, 'source' | 'under' | 'ffmpegPath'>

/** Frames `[from, to)` as they are seen: the source with the takes below over it. */
export async function* readShown(
  shown: Shown,
  range: { readonly from: number; readonly to: number },
  signal: AbortSignal,
): AsyncGenerator<Picture, void> {
  const { width, height } = shown.source.info
  for await (const data of readShownData(shown, range, signal)) yield { width, height, data }
}

/**
 * The same as RGB bytes.
 *
 * @param size to scale to; the source's own when absent
 */
export async function* readShownData(
  { source, under, ffmpegPath }: Shown,
  range: { readonly from: number; readonly to: number },
  signal: AbortSignal,
  size?: Size,
): AsyncGenerator<Uint8Array> {
  const scaled = size === undefined ? {} : { width: size.width, height: size.height }
  const frames = readFrames(ffmpegPath, source, { ...range, ...scaled, layout: 'rgb24', signal })
  const layers = under.map((take) => openUnder({ source, ffmpegPath, range, size }, take, signal))
  let frame = range.from
  try {
    for await (const data of frames) {
      for (const layer of layers) await layer.layOver(data, frame)
      frame++
      yield data
    }
  } finally {
    await frames.return(undefined)
    for (const layer of layers) await layer.close()
  }
}

/** The same frames, each asked for while the one before is worked on: decoding does not wait for that. */
export async function* oneAhead<Frame>(frames: AsyncGenerator<Frame, void>): AsyncGenerator<Frame> {
  let next = frames.next()
  try {
    for (;;) {
      const one = await next
      if (one.done === true) return
      next = frames.next()
      // Thrown when its turn comes, if it does.
      next.catch(() => undefined)
      yield one.value
    }
  } finally {
    await frames.return(undefined)
  }
}

/** Single frames as they are seen, in rising order. */
export async function* readShownAt(
  { source, under, ffmpegPath }: Shown,
  frames: readonly number[],
  signal: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const pictures = readFramesAt(ffmpegPath, source, frames, { layout: 'rgb24', signal })
  let at = 0
  for await (const data of pictures) {
    const frame = frames[at++] ?? 0
    const range = { from: frame, to: frame + 1 }
    for (const take of under) {
      const layer = openUnder({ source, ffmpegPath, range }, take, signal)
      try {
        await layer.layOver(data, frame)
      } finally {
        await layer.close()
      }
    }
    yield data
  }
}

/** Single frames of a file, in rising order, scaled. */
export async function readAt(
  ffmpegPath: string,
  source: StyliseTaskInput['source'],
  frames: readonly number[],
  size: Size,
  signal: AbortSignal,
): Promise<Picture[]> {
  const { width, height } = size
  const pictures: Picture[] = []
  const options = { layout: 'rgb24', width, height, signal } as const
  for await (const data of readFramesAt(ffmpegPath, source, frames, options)) {
    pictures.push({ width, height, data })
  }
  return pictures
}

/** At most so many frames, each in the middle of its share of the range. */
export function spread(from: number, to: number, most: number): number[] {
  const count = Math.min(most, to - from)
  return Array.from(
    { length: count },
    (_, n) => from + Math.floor(((n + 0.5) * (to - from)) / count),
  )
}
