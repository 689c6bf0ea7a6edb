import { rm } from 'node:fs/promises'
import { AppError } from '../../shared/contract/errors.js'
import type { Rational } from '../../shared/rational.js'
import { startChild, throwIfAborted } from './children.js'
import { QUIET } from './chunks.js'
import { ffmpegFailure } from './failure.js'
import type { PixelLayout } from './layout.js'
import { fileUrl } from './paths.js'

/** Takes frames one by one; resolves as fast as the encoder keeps up. */
export interface FrameWriter {
  write(frame: Uint8Array): Promise<void>
  /** Ends the file; rejects when ffmpeg could not write it, after removing what there is. */
  finish(): Promise<void>
  /** Kills ffmpeg and removes the partial file. */
  abort(): Promise<void>
}

/**
 * Writes a take: RGBA frames in, FFV1 with alpha in Matroska out, lossless.
 *
 * @throws (from write and finish) AppError `disk-full`, `disk-write`, `cancelled`, `ffmpeg-failed`
 */
export function openTakeWriter(
  ffmpegPath: string,
  path: string,
  options: {
    readonly width: number
    readonly height: number
    readonly fps: Rational
    readonly signal?: AbortSignal | undefined
  },
): FrameWriter {
  const { width, height, fps, signal } = options
  return openWriter(ffmpegPath, {
    input: rawInput({ layout: 'rgba', width, height, fps }),
    output: [
      ...['-c:v', 'ffv1', '-level', '3', '-g', '1', '-slices', '4', '-slicecrc', '1'],
      ...['-pix_fmt', 'bgra', '-f', 'matroska'],
    ],
    path,
    doing: 'write the take',
    frameSize: width * height * 4,
    signal,
  })
}

/** argv for raw frames arriving on stdin. */
export function rawInput(frames: {
  readonly layout: PixelLayout
  readonly width: number
  readonly height: number
  readonly fps: Rational
}): readonly string[] {
  const { layout, width, height, fps } = frames
  return [
    ...['-f', 'rawvideo', '-pix_fmt', layout, '-s', `${width}x${height}`],
    ...['-framerate', `${fps.num}/${fps.den}`, '-i', 'pipe:0'],
  ]
}

/** An ffmpeg that takes frames on stdin and makes the one file `path` of them. */
export function openWriter(
  ffmpegPath: string,
  options: {
    readonly input: readonly string[]
    readonly output: readonly string[]
    /** A file, or a pattern of files inside a folder the caller owns. */
    readonly path: string
    readonly doing: string
    readonly frameSize: number
    readonly signal?: AbortSignal | undefined
  },
): FrameWriter {
  const { path, doing, signal, frameSize } = options
  const args = [...QUIET, ...options.input, ...options.output, '-y', fileUrl(path)]
  const child = startChild(ffmpegPath, args, { stdin: 'pipe', stdout: 'ignore', signal })
  const stdin = child.process.stdin
  if (stdin === null) throw new AppError('internal', 'ffmpeg has no stdin.')
  // The reason of a broken pipe is in stderr; it is reported when the child has ended.
  stdin.on('error', () => undefined)

  const abort = async (): Promise<void> => {
    child.kill()
    await child.ended.catch(() => undefined)
    await rm(path, { force: true })
  }
  const failed = async (): Promise<never> => {
    const end = await child.ended
    await rm(path, { force: true })
    throwIfAborted(signal)
    throw ffmpegFailure(doing, end.code, end.stderr)
  }
  let pending: Promise<boolean> = Promise.resolve(true)
  return {
    abort,
    async write(frame) {
      if (frame.byteLength !== frameSize) {
        await abort()
        throw new AppError('internal', `A frame has ${frame.byteLength} bytes, not ${frameSize}.`)
      }
      if (!stdin.writable) return failed()
      // One frame may wait in memory while ffmpeg works on the one before.
      const previous = pending
      pending = new Promise<boolean>((resolve) => {
        stdin.write(frame, (error) => resolve(error === null || error === undefined))
      })
      if (!(await previous)) return failed()
    },
    async finish() {
      stdin.end()
      const end = await child.ended
      if (end.code !== 0 || signal?.aborted === true) return failed()
    },
  }
}
