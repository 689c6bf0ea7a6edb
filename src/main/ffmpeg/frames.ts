import { open, rm } from 'node:fs/promises'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../shared/contract/errors.js'
import type { MediaInfo } from '../../shared/document/model.js'
import type { Rational } from '../../shared/rational.js'
import { startChild, throwIfAborted } from './children.js'
import { ffmpegFailure } from './failure.js'
import { pictureFilters, seekPlan } from './filters.js'
import { frameBytes } from './layout.js'
import type { Colour, PixelLayout } from './layout.js'
import { fileUrl, inputOf } from './paths.js'

export type { PixelLayout } from './layout.js'

/** A media file with what probing said of it. */
export interface FrameSource {
  readonly path: string
  readonly info: MediaInfo
}

export interface ReadFramesOptions {
  /** Frames `[from, to)` of the constant-rate, rotated stream. */
  readonly from: number
  readonly to: number
  /** Only these of them, in rising order; the others are decoded and no more. */
  readonly only?: readonly number[]
  readonly layout: PixelLayout
  /** Size to scale to; the source's own when absent. */
  readonly width?: number
  readonly height?: number
  /** Colours of the YUV layouts that come out; the source's own when absent. */
  readonly colour?: Colour
  readonly signal?: AbortSignal | undefined
}

/**
 * Decodes frames `[from, to)`. Frame n is always the same picture, wherever reading starts:
 * the n-th of the source after rotation, deinterlacing and conversion to a constant rate.
 * Yields exactly `to - from` buffers, or as many as `only` names, of exactly one frame each, owned
 * by the caller. ffmpeg
 * waits while the caller does, and is killed when the loop is left early.
 *
 * @throws AppError `media-damaged` when the file has fewer frames, `cancelled`, `ffmpeg-failed`
 */
export async function* readFrames(
  ffmpegPath: string,
  source: FrameSource,
  options: ReadFramesOptions,
): AsyncGenerator<Uint8Array, void> {
  const { info } = source
  const { from, to, only, layout, signal } = options
  const wanted = only?.length ?? to - from
  if (to <= from || wanted === 0) return
  const width = options.width ?? info.width
  const height = options.height ?? info.height
  const plan = seekPlan(info, from, await hasIndex(source.path))
  const picture = pictureFilters(info, {
    layout,
    width,
    height,
    colour: options.colour ?? info.colour,
  })
  const chosen = only?.map((frame) => `eq(n\\,${frame - from})`).join('+')
  const filters = [
    ...plan.filters(picture.before),
    ...(chosen === undefined ? [] : [`select=${chosen}`]),
    ...picture.after,
  ]
  const args = [
    ...QUIET,
    ...plan.input,
    ...inputOf(source.path),
    ...['-map', '0:V:0', '-an', '-sn', '-dn'],
    ...(filters.length === 0 ? [] : ['-vf', filters.join(',')]),
    ...['-vsync', 'passthrough', '-frames:v', String(wanted)],
    ...['-pix_fmt', picture.pixelFormat, '-f', 'rawvideo', 'pipe:1'],
  ]
  const size = frameBytes(layout, width, height)
  let last: Uint8Array | null = null
  let count = 0
  for await (const frame of readChunks(ffmpegPath, args, size, {
    doing: 'decode the video',
    signal,
  })) {
    count++
    last = frame
    yield frame
  }
  // The length of a variable-rate source's last picture is an estimate of the demuxer's:
  // what is missing there is that picture, still on screen.
  const missing = wanted - count
  if (missing > 0 && last !== null && missing <= plan.tail && to >= info.frames - plan.tail) {
    for (let n = 0; n < missing; n++) yield last.slice()
  } else if (missing > 0) {
    throw new AppError(
      'media-damaged',
      `The video ends after ${from + count} of ${info.frames} frames.`,
      {
        hint: 'Copy or download the file again; it was cut off or is damaged.',
        detail: `asked for ${wanted} of ${from}..${to}, got ${count}: ${source.path}`,
      },
    )
  }
}

/**
 * Decodes frames `[from, to)` of a take: RGBA, alpha 0 wherever the source shows.
 *
 * @throws AppError `media-damaged`, `cancelled`, `ffmpeg-failed`
 */
export async function* readTake(
  ffmpegPath: string,
  path: string,
  options: {
    readonly from: number
    readonly to: number
    readonly layout: 'rgba'
    /** Size to scale to: the take's own keeps every pixel as it was written. */
    readonly width: number
    readonly height: number
    readonly signal?: AbortSignal | undefined
  },
): AsyncGenerator<Uint8Array> {
  const { from, to, width, height, signal } = options
  if (to <= from) return
  // Every FFV1 frame here is a key frame, but trimming by number needs no trust in time stamps.
  const filters = [
    ...(from === 0 ? [] : [`trim=start_frame=${from}`]),
    `scale=${width}:${height}:flags=area+accurate_rnd`,
  ]
  const args = [
    ...QUIET,
    ...inputOf(path),
    ...['-map', '0:V:0', '-vf', filters.join(',')],
    ...['-vsync', 'passthrough', '-frames:v', String(to - from)],
    ...['-pix_fmt', 'rgba', '-f', 'rawvideo', 'pipe:1'],
  ]
  let count = 0
  const size = width * height * 4
  for await (const frame of readChunks(ffmpegPath, args, size, {
    doing: 'decode the take',
    signal,
  })) {
    count++
    yield frame
  }
  if (count < to - from) {
    throw new AppError('media-damaged', `The take ends after ${from + count} of ${to} frames.`, {
      hint: 'Make the take again.',
      detail: path,
    })
  }
}

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

/**
 * Runs ffmpeg and yields its stdout in pieces of exactly `size` bytes; a shorter last piece
 * is dropped, as it is no whole frame.
 *
 * @param options.feed goes to ffmpeg's stdin, at the pace it is read; its failure is thrown here
 */
export async function* readChunks(
  ffmpegPath: string,
  args: readonly string[],
  size: number,
  options: {
    readonly doing: string
    readonly signal: AbortSignal | undefined
    readonly feed?: AsyncGenerator<Uint8Array>
  },
): AsyncGenerator<Uint8Array> {
  const { doing, signal, feed } = options
  const stdin = feed === undefined ? 'ignore' : 'pipe'
  const child = startChild(ffmpegPath, args, { stdin, stdout: 'pipe', signal })
  const stdout = child.process.stdout
  if (stdout === null) throw new AppError('internal', 'ffmpeg has no stdout.')
  let feedError: Error | undefined
  const feeding = (async () => {
    if (feed === undefined || child.process.stdin === null) return
    try {
      await pipeline(feed, child.process.stdin)
    } catch (error) {
      // A broken pipe is ffmpeg's end, whose reason is read below; anything else is the source's.
      if (!isBrokenPipe(error))
        feedError = error instanceof Error ? error : new Error(String(error))
      child.kill()
    }
  })()
  try {
    let chunk = new Uint8Array(size)
    let filled = 0
    for await (const part of stdout as AsyncIterable<Uint8Array>) {
      let at = 0
      while (at < part.byteLength) {
        const take = Math.min(part.byteLength - at, size - filled)
        chunk.set(part.subarray(at, at + take), filled)
        at += take
        filled += take
        if (filled === size) {
          throwIfAborted(signal)
          yield chunk
          chunk = new Uint8Array(size)
          filled = 0
        }
      }
    }
    const end = await child.ended
    await feeding
    throwIfAborted(signal)
    if (feedError !== undefined) throw feedError
    if (end.code !== 0) throw ffmpegFailure(doing, end.code, end.stderr)
  } catch (error) {
    throwIfAborted(signal)
    throw error
  } finally {
    child.kill()
    await feeding
  }
}

function isBrokenPipe(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE'
}

/** No questions, no network by way of a playlist, errors only, and rotation is ours to do. */
export const QUIET = [
  ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-nostats'],
  ...['-protocol_whitelist', 'file,pipe'],
]

/**
 * True for containers whose index leads to the right key frame (MP4 family, Matroska). Elsewhere,
 * as in transport streams, a seek may land after it, and pictures would be missing.
 */
async function hasIndex(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const head = Buffer.alloc(12)
    await file.read(head, 0, 12, 0)
    return head.toString('latin1', 4, 8) === 'ftyp' || head.readUInt32BE(0) === 0x1a45dfa3
  } finally {
    await file.close()
  }
}
