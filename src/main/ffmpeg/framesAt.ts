import { readFrames } from './frames.js'
import type { FrameSource, ReadFramesOptions } from './frames.js'

/** Frames of a source that decoding passes over in about the time that finding one of them takes. */
const PASSED_OVER = 40

/**
 * Decodes single frames, in rising order: in one go where they lie close together, else one by one.
 *
 * @throws AppError as {@link readFrames}
 */
export async function* readFramesAt(
  ffmpegPath: string,
  source: FrameSource,
  frames: readonly number[],
  options: Omit<ReadFramesOptions, 'from' | 'to' | 'only'>,
): AsyncGenerator<Uint8Array> {
  const [from, last] = [frames[0], frames.at(-1)]
  if (from === undefined || last === undefined) return
  if (last - from < frames.length * PASSED_OVER) {
    yield* readFrames(ffmpegPath, source, { ...options, from, to: last + 1, only: frames })
    return
  }
  for (const frame of frames) {
    yield* readFrames(ffmpegPath, source, { ...options, from: frame, to: frame + 1 })
  }
}
