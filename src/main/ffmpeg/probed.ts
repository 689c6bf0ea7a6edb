import type { AudioInfo, MediaNote } from '../../shared/document/model.js'
import type { Rational } from '../../shared/rational.js'
import { isRgbFormat } from './layout.js'
import type { Colour } from './layout.js'
import type { PacketTime } from './timing.js'

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

export function squareSize(
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

export function colourOf(video: ProbedStream, image: boolean): Colour {
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

export function notesOf(
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

export function audioOf(
  streams: readonly ProbedStream[],
  whole: string | undefined,
): AudioInfo | null {
  const stream = streams.find((each) => each.codec_type === 'audio')
  const sampleRate = Number(stream?.sample_rate ?? '0')
  const channels = stream?.channels ?? 0
  if (stream === undefined || !(sampleRate > 0) || channels < 1) return null
  const seconds = Number(stream.duration ?? whole ?? '0')
  return { sampleRate, channels, samples: Math.max(0, Math.round(seconds * sampleRate)) || 0 }
}

/** `30000/1001` as a rational; undefined for `0/0` and nonsense. */
export function rate(text: string | undefined): Rational | undefined {
  const [num = 0, den = 0] = (text ?? '').split('/').map(Number)
  return num > 0 && den > 0 ? { num, den } : undefined
}
