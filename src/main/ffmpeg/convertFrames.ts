import { conversion } from './filters.js'
import { QUIET, readChunks } from './chunks.js'
import { rawInput } from './frameWriter.js'
import { frameBytes } from './layout.js'
import type { FrameFormat } from './layout.js'

/**
 * Scales frames and converts their layout and colours, one for one, by an ffmpeg between two
 * pipes. Ending the loop early ends the source too.
 *
 * @throws what `frames` throws, AppError `cancelled`, `ffmpeg-failed`
 */
export function convertFrames(
  ffmpegPath: string,
  frames: AsyncGenerator<Uint8Array>,
  options: {
    readonly from: FrameFormat
    readonly to: FrameFormat
    readonly signal?: AbortSignal | undefined
  },
): AsyncGenerator<Uint8Array> {
  const { from, to, signal } = options
  const args = [
    ...QUIET,
    // The rate means nothing here; every frame goes through.
    ...rawInput({ ...from, fps: { num: 25, den: 1 } }),
    ...['-vf', conversion(from, to), '-vsync', 'passthrough'],
    ...['-pix_fmt', to.layout, '-f', 'rawvideo', 'pipe:1'],
  ]
  const size = frameBytes(to.layout, to.width, to.height)
  return readChunks(ffmpegPath, args, size, { doing: 'convert the frames', signal, feed: frames })
}
