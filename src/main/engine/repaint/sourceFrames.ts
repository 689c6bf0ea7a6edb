import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RepaintTaskInput } from '../../../shared/contract/repaint.js'
import { AppError } from '../../../shared/contract/errors.js'
import { readFrames } from '../../ffmpeg/frames.js'
import { openMask } from '../maskFrames.js'
import { openUnder } from '../tasks/underTakes.js'
import type { Picture } from '../vision/image.js'
import { growRim } from '../vision/rim.js'
import type { Rim } from '../vision/rim.js'

/** Frames `[from, to)` of the source as they are seen, with the takes below, as RGB. */
export async function* seenFrames(
  input: RepaintTaskInput,
  range: { readonly from: number; readonly to: number },
  signal: AbortSignal,
): AsyncGenerator<{ readonly frame: number; readonly picture: Picture }> {
  const { source, ffmpegPath } = input
  const { width, height } = source.info
  const frames = readFrames(ffmpegPath, source, { ...range, layout: 'rgb24', signal })
  const layers = input.under.map((take) => openUnder({ range, source, ffmpegPath }, take, signal))
  let frame = range.from
  try {
    for await (const data of frames) {
      for (const layer of layers) await layer.layOver(data, frame)
      yield { frame, picture: { width, height, data } }
      frame++
      await nextTurn()
      signal.throwIfAborted()
    }
  } finally {
    await frames.return(undefined)
    for (const layer of layers) await layer.close()
  }
}

/** What of a frame is made anew; null where nothing is painted. */
export type RimReader = (frame: number) => Promise<Rim | null>

/** @throws AppError `mask-invalid` and what reading throws */
export async function openRims(input: RepaintTaskInput): Promise<RimReader> {
  const { source, mask, range, growth, feather } = input
  const size = { width: source.info.width, height: source.info.height }
  if (mask === null) {
    const area = size.width * size.height
    const whole = { alpha: new Uint8Array(area).fill(255), mask: new Uint8Array(area).fill(1) }
    return () => Promise.resolve(whole)
  }
  const read = await openMask(mask, size, range.from)
  let held: { readonly painted: Uint8Array; readonly rim: Rim | null } | null = null
  return async (frame) => {
    const painted = await read(frame)
    // A held mask is the same array again, and so is its rim.
    if (held?.painted !== painted) held = { painted, rim: growRim(painted, size, growth, feather) }
    return held.rim
  }
}

export function nothingPainted(): AppError {
  return new AppError('mask-empty', 'The mask is empty: nothing is marked.', {
    hint: 'Paint over what should be made anew on one frame, then run it again.',
  })
}
