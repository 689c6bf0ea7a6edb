import { open, stat } from 'node:fs/promises'
import { AppError } from '../../shared/contract/errors.js'
import type { AudioInfo, MediaInfo, MediaNote } from '../../shared/document/model.js'
import type { Rational } from '../../shared/rational.js'
import { startChild, throwIfAborted } from './children.js'
import { fileFailure } from './failure.js'
import { isRgbFormat } from './layout.js'
import type { Colour } from './layout.js'
import { inputOf } from './paths.js'
import { timingOf } from './timing.js'
import type { PacketTime } from './timing.js'
import type { FfmpegTools } from './tools.js'

/** The members of ffprobe's JSON that are read here. */
export interface ProbedStream {
  readonly index: number
  readonly codec_type?: string
  readonly codec_name?: string
  readonly pix_fmt?: string
  readonly width?: number
  readonly height?: number
  readonly sample_aspect_ratio?: string
  readonly field_order?: string
  readonly color_range?: string
  readonly color_space?: string
  readonly color_transfer?: string
  readonly color_primaries?: string
  readonly r_frame_rate?: string
  readonly avg_frame_rate?: string
  readonly time_base?: string
  readonly duration?: string
  readonly nb_frames?: string
  readonly bits_per_raw_sample?: string
  readonly sample_rate?: string
  readonly channels?: number
  readonly disposition?: { readonly attached_pic?: number }
  readonly tags?: Readonly<Record<string, string>>
  readonly side_data_list?: readonly { readonly rotation?: number }[]
}
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
  const { streams = [], format = {} } = await probeStreams(tools, path, signal)
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

/** The streams and container of a file as ffprobe tells them. */
export async function probeStreams(
  tools: Pick<FfmpegTools, 'ffprobe'>,
  path: string,
  signal?: AbortSignal,
): Promise<Probed> {
  const args = [...QUIET, '-show_streams', '-show_format', '-of', 'json', ...inputOf(path)]
  const { code, text, stderr } = await capture(tools.ffprobe, args, signal)
  if (code === 0) return JSON.parse(text) as Probed
  const detail = stderr.trim().slice(-1000)
  if (/Permission denied|Input\/output error/i.test(stderr)) {
    throw new AppError('file-unreadable', 'The file cannot be opened.', { detail })
  }
  if (await looksLikeMedia(path)) {
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
  if (code !== 0 || /partial file|ended prematurely|truncat/i.test(stderr)) {
    const promised = video.nb_frames === undefined ? '' : ` of ${video.nb_frames}`
    const message = `The file was cut off: only ${packets.length}${promised} frames are there.`
    throw damaged(message, stderr.trim().slice(-1000))
  }
  return packets
}

/** Reads lines of `pts=0|dts=-1024|duration=512|flags=K_`. */
export function parsePackets(text: string): PacketTime[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const fields = new Map(
      line.split('|').map((field) => {
        const at = field.indexOf('=')
        return [field.slice(0, at), field.slice(at + 1)] as const
      }),
    )
    const flags = fields.get('flags')
    if (flags === undefined) return []
    const value = (key: string): number | null => {
      const found = Number(fields.get(key) ?? 'N/A')
      return Number.isFinite(found) ? found : null
    }
    return {
      time: value('pts') ?? value('dts'),
      duration: value('duration'),
      hidden: flags.includes('D'),
    }
  })
}

/** Degrees clockwise that stored pictures must be turned by. */
export function turnOf(stream: Pick<ProbedStream, 'side_data_list' | 'tags'>): 0 | 90 | 180 | 270 {
  const matrix = stream.side_data_list?.find((entry) => entry.rotation !== undefined)?.rotation
  const tag = stream.tags?.['rotate']
  const clockwise = matrix !== undefined ? -matrix : tag !== undefined ? Number(tag) : 0
  const quarter = ((Math.round(clockwise / 90) % 4) + 4) % 4
  return ([0, 90, 180, 270] as const)[quarter] ?? 0
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

function squareSize(
  width: number,
  height: number,
  aspect: string | undefined,
): { width: number; height: number } {
  const [across = 1, down = 1] = (aspect ?? '1:1').split(':').map(Number)
  if (!(across > 0) || !(down > 0) || across === down) return { width, height }
  const wanted = Math.round((width * across) / down)
  if (Math.abs(wanted - width) < 2) return { width, height }
  return { width: wanted + (wanted % 2), height }
}

function colourOf(video: ProbedStream, image: boolean): Colour {
  const { width = 0, height = 0, pix_fmt: format = '', color_space: space = '' } = video
  if (isHdr(video)) return { matrix: 'bt709', range: 'tv' }
  const hd = width >= 1280 || height >= 720
  const full = video.color_range === 'pc' || /^(yuvj|gray|ya)/.test(format)
  const range = full && !isRgbFormat(format) ? 'pc' : 'tv'
  if (space === 'bt709') return { matrix: 'bt709', range }
  if (space.startsWith('bt2020')) return { matrix: 'bt2020', range }
  if (/^(smpte170m|bt470bg|fcc|smpte240m)$/.test(space)) return { matrix: 'bt601', range }
  // JPEG is BT.601 by definition; of video that does not say, players assume it by size.
  return { matrix: hd && !(image && format.startsWith('yuv')) ? 'bt709' : 'bt601', range }
}

function isHdr(video: ProbedStream): boolean {
  return video.color_transfer === 'smpte2084' || video.color_transfer === 'arib-std-b67'
}

function notesOf(
  video: ProbedStream,
  facts: {
    readonly width: number
    readonly height: number
    readonly stored: { readonly width: number; readonly height: number }
    readonly degrees: 0 | 90 | 180 | 270
    readonly timing: { readonly fps: Rational; readonly variable: boolean }
    readonly image: boolean
    readonly audio: AudioInfo | null
  },
): MediaNote[] {
  const { width, height, degrees, timing, image, audio, stored } = facts
  const notes: MediaNote[] = []
  if (degrees !== 0) notes.push({ kind: 'rotated', degrees })
  if (timing.variable) notes.push({ kind: 'variable-rate', fps: timing.fps })
  const bits = bitsOf(video)
  if (bits > 8) notes.push({ kind: 'high-bit-depth', bits })
  if (isHdr(video)) notes.push({ kind: 'hdr', transfer: video.color_transfer ?? '' })
  if (width % 2 === 1 || height % 2 === 1) notes.push({ kind: 'odd-size', width, height })
  if (!image && audio === null) notes.push({ kind: 'no-audio' })
  if (/^(tt|bb|tb|bt)$/.test(video.field_order ?? '')) notes.push({ kind: 'interlaced' })
  if (hidesTransparency(video)) notes.push({ kind: 'transparent' })
  const square = degrees === 90 || degrees === 270 ? height : width
  if (square !== stored.width) notes.push({ kind: 'anamorphic', ...stored })
  return notes
}

/** VP8 and VP9 keep transparency as a second picture, which only a tag of the stream tells. */
export function hidesTransparency({ tags = {} }: Pick<ProbedStream, 'tags'>): boolean {
  return Object.entries(tags).some(([name, value]) => /^alpha_mode$/i.test(name) && value === '1')
}

/** Bits of one sample, by the name of the pixel format: `yuv420p10le`, `gray16be`, `rgb48`, `p010le`. */
export function bitsOf(video: Pick<ProbedStream, 'pix_fmt' | 'bits_per_raw_sample'>): number {
  const format = video.pix_fmt ?? ''
  const raw = Number(video.bits_per_raw_sample ?? '0')
  const planar = /p(9|10|12|14|16)(le|be)$/.exec(format) ?? /^gray(9|10|12|14|16)/.exec(format)
  if (planar !== null) return Number(planar[1])
  if (/^(rgb|bgr)48|^(rgba|bgra)64|^ya16/.test(format)) return 16
  if (/^p0(10|16)/.test(format)) return format.startsWith('p016') ? 16 : 10
  if (/f32/.test(format)) return 32
  return raw > 8 ? raw : 8
}

function audioOf(streams: readonly ProbedStream[], whole: string | undefined): AudioInfo | null {
  const stream = streams.find((each) => each.codec_type === 'audio')
  const sampleRate = Number(stream?.sample_rate ?? '0')
  const channels = stream?.channels ?? 0
  if (stream === undefined || !(sampleRate > 0) || channels < 1) return null
  const seconds = Number(stream.duration ?? whole ?? '0')
  return { sampleRate, channels, samples: Math.max(0, Math.round(seconds * sampleRate)) || 0 }
}

/** `30000/1001` as a rational; undefined for `0/0` and nonsense. */
function rate(text: string | undefined): Rational | undefined {
  const [num = 0, den = 0] = (text ?? '').split('/').map(Number)
  return num > 0 && den > 0 ? { num, den } : undefined
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

function damaged(message: string, detail: string): AppError {
  return new AppError('media-damaged', message, {
    hint: 'Copy or download it again; if it plays elsewhere, convert it with that program first.',
    detail,
  })
}
