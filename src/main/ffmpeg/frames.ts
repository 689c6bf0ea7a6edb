import { open } from 'node:fs/promises'
import { AppError } from '../../shared/contract/errors.js'
import type { MediaInfo } from '../../shared/document/model.js'
import { QUIET, readChunks } from './chunks.js'
import { pictureFilters, seekPlan } from './filters.js'
import { frameBytes } from './layout.js'
import type { Colour, PixelLayout } from './layout.js'
import { inputOf } from './paths.js'

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
