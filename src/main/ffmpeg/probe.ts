import { open, stat } from 'node:fs/promises'
import { AppError } from '../../shared/contract/errors.js'
import type { MediaInfo } from '../../shared/document/model.js'
import { startChild, throwIfAborted } from './children.js'
import { fileFailure } from './failure.js'
import { inputOf } from './paths.js'
import { audioOf, colourOf, notesOf, parsePackets, rate, squareSize, turnOf } from './probed.js'
import type { ProbedStream } from './probed.js'
import { timingOf } from './timing.js'
import type { PacketTime } from './timing.js'
import type { FfmpegTools } from './tools.js'

interface Probed {
  readonly streams?: readonly ProbedStream[]
  readonly format?: { readonly format_name?: string; readonly duration?: string }
}

/** Containers that only name other files or draw text: never media that someone imports. */
const REFUSED_FORMATS =
  /^(hls|concat|concatf|dash|tty|ffmetadata|lavfi|sdp|rtsp|imf|webm_dash_manifest)/

/**
 * What a file holds, in display terms: upright, square pixels, constant rate.
 * Reads the whole index or file once to count the frames, without decoding.
 *
 * @throws AppError `file-missing`, `file-empty`, `file-unreadable`, `media-unsupported`,
 *   `media-damaged`, `media-no-video`, `cancelled`
 */
export async function probe(
  tools: Pick<FfmpegTools, 'ffprobe'>,
  path: string,
  signal?: AbortSignal,
): Promise<MediaInfo> {
  await checkFile(path)
  const { streams = [], format = {}, cutOff } = await probeStreams(tools, path, signal)
  const formatName = format.format_name ?? ''
  if (REFUSED_FORMATS.test(formatName)) throw unsupported(`format ${formatName}`)
  const video = streams.find(
    (stream) => stream.codec_type === 'video' && stream.disposition?.attached_pic !== 1,
  )
  if (video === undefined) {
    throw new AppError('media-no-video', 'The file has no pictures in it.', {
      hint: 'Choose a video or a photo; sound alone cannot be imported yet.',
      detail: formatName,
    })
  }
  const { width, height, codec_name: codec, pix_fmt: pixelFormat } = video
  if (
    !width ||
    !height ||
    codec === undefined ||
    codec === 'unknown' ||
    pixelFormat === undefined
  ) {
    // So little of it may be there that not one picture tells what it is.
    if (cutOff !== null) throw incomplete(cutOff)
    throw unsupported(`codec ${codec ?? 'unknown'}`)
  }

  const packets = await readPackets(tools, path, video, signal)
  const image = /^(image2|.*_pipe)$/.test(formatName) && packets.length <= 1
  const named = [video.avg_frame_rate, video.r_frame_rate].flatMap((text) => rate(text) ?? [])
  const timing = image
    ? { fps: { num: 25, den: 1 }, frames: 1, startSeconds: 0, variable: false }
    : timingOf(packets, rate(video.time_base) ?? { num: 1, den: 90_000 }, named)
  if (timing === null) throw damaged('The file holds no whole picture.', 'no packets')

  const degrees = image ? await exifTurn(tools, path, signal) : turnOf(video)
  const square = squareSize(width, height, video.sample_aspect_ratio)
  const sideways = degrees === 90 || degrees === 270
  const audio = audioOf(streams, format.duration)
  const shape = sideways ? { width: square.height, height: square.width } : square
  return {
    kind: image ? 'image' : 'video',
    ...shape,
    fps: timing.fps,
    frames: timing.frames,
    ...(timing.startSeconds === 0 ? {} : { startSeconds: timing.startSeconds }),
    videoCodec: codec,
    pixelFormat,
    colour: colourOf(video, image),
    audio,
    notes: notesOf(video, { ...shape, degrees, timing, image, audio, stored: { width, height } }),
  }
}

/** What ffprobe says of a file whose end is missing. */
const CUT_OFF = /partial file|ended prematurely|truncat|moov atom not found/i

/**
 * The streams and container of a file as ffprobe tells them; `cutOff` is what it complained of where
 * the end of the file is missing.
 */
export async function probeStreams(
  tools: Pick<FfmpegTools, 'ffprobe'>,
  path: string,
  signal?: AbortSignal,
): Promise<Probed & { readonly cutOff: string | null }> {
  const args = [...QUIET, '-show_streams', '-show_format', '-of', 'json', ...inputOf(path)]
  const { code, text, stderr } = await capture(tools.ffprobe, args, signal)
  const detail = stderr.trim().slice(-1000)
  const cutOff = CUT_OFF.test(stderr) ? detail : null
  if (code === 0) return { ...(JSON.parse(text) as Probed), cutOff }
  if (/Permission denied|Input\/output error/i.test(stderr)) {
    throw new AppError('file-unreadable', 'The file cannot be opened.', { detail })
  }
  if (await looksLikeMedia(path)) {
    if (cutOff !== null) throw incomplete(cutOff)
    throw damaged('The file is damaged or was cut off.', detail)
  }
  throw unsupported(detail)
}

async function readPackets(
  tools: Pick<FfmpegTools, 'ffprobe'>,
  path: string,
  video: ProbedStream,
  signal: AbortSignal | undefined,
): Promise<PacketTime[]> {
  const entries = 'packet=pts,dts,duration,flags'
  const args = [
    ...[...QUIET, '-select_streams', String(video.index), '-show_entries', entries],
    ...['-of', 'compact=p=0', ...inputOf(path)],
  ]
  const { code, text, stderr } = await capture(tools.ffprobe, args, signal)
  const packets = parsePackets(text)
  if (code !== 0 || CUT_OFF.test(stderr)) {
    const promised = video.nb_frames === undefined ? '' : ` of ${video.nb_frames}`
    const message = `The file was cut off: only ${packets.length}${promised} frames are there.`
    throw damaged(message, stderr.trim().slice(-1000))
  }
  return packets
}

/** Photos say it in EXIF, which ffprobe tells of the decoded picture only. */
async function exifTurn(
  tools: Pick<FfmpegTools, 'ffprobe'>,
  path: string,
  signal: AbortSignal | undefined,
): Promise<0 | 90 | 180 | 270> {
  const entries = 'frame_tags=Orientation'
  const args = [
    ...QUIET,
    '-show_entries',
    entries,
    '-of',
    'default=noprint_wrappers=1',
    ...inputOf(path),
  ]
  const { text } = await capture(tools.ffprobe, args, signal)
  const orientation = /Orientation=\s*(\d+)/.exec(text)?.[1]
  const turns: Record<string, 90 | 180 | 270> = { '3': 180, '6': 90, '8': 270 }
  return turns[orientation ?? ''] ?? 0
}

async function checkFile(path: string): Promise<void> {
  try {
    const info = await stat(path)
    if (info.size === 0 && info.isFile()) {
      throw new AppError('file-empty', 'The file is empty.', {
        hint: 'It was probably not copied to the end; copy or download it again.',
        detail: path,
      })
    }
    if (!info.isFile()) {
      throw new AppError('file-unreadable', 'This is not a file.', {
        hint: 'Choose a video or picture file.',
        detail: path,
      })
    }
    await (await open(path, 'r')).close()
  } catch (error) {
    throw error instanceof AppError ? error : fileFailure(error, path)
  }
}

/** True where the first bytes are those of a media container, so that a failure means damage. */
async function looksLikeMedia(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const head = Buffer.alloc(12)
    await file.read(head, 0, 12, 0)
    const text = head.toString('latin1')
    return (
      /^(ftyp|moov|mdat|wide|free|skip)$/.test(text.slice(4, 8)) ||
      text.startsWith('RIFF') ||
      text.startsWith('\x89PNG') ||
      text.startsWith('\xff\xd8\xff') ||
      head.readUInt32BE(0) === 0x1a45dfa3
    )
  } finally {
    await file.close()
  }
}

async function capture(
  command: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<{ code: number | null; text: string; stderr: string }> {
  const child = startChild(command, args, { stdin: 'ignore', stdout: 'pipe', signal })
  const parts: string[] = []
  child.process.stdout?.setEncoding('utf8')
  child.process.stdout?.on('data', (part: string) => parts.push(part))
  const end = await child.ended
  throwIfAborted(signal)
  return { code: end.code, text: parts.join(''), stderr: end.stderr }
}

const QUIET = ['-v', 'error', '-protocol_whitelist', 'file']

function unsupported(detail: string): AppError {
  return new AppError(
    'media-unsupported',
    'This is not a video or picture that can be read here.',
    {
      hint: 'Use MP4, MOV, MKV, WebM, AVI, GIF, PNG, JPEG or WebP, or convert the file first.',
      detail,
    },
  )
}

function incomplete(detail: string): AppError {
  return new AppError('media-damaged', 'The file seems cut off: its end is missing.', {
    hint: 'Copy or download it again. If the camera stopped while recording, it may repair the file itself.',
    detail,
  })
}

function damaged(message: string, detail: string): AppError {
  return new AppError('media-damaged', message, {
    hint: 'Copy or download it again; if it plays elsewhere, convert it with that program first.',
    detail,
  })
}
