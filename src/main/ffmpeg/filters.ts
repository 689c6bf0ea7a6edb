import type { MediaInfo, MediaNote } from '../../shared/document/model.js'
import { isExactFormat, isRgbFormat, isYuv, nativeLayout } from './layout.js'
import type { FrameFormat } from './layout.js'

/** How to make ffmpeg begin at one frame of a source, exactly. */
export interface SeekPlan {
  /** Options before `-i`. */
  readonly input: readonly string[]
  /** The filters that pick the frames, around those that must see every stored picture in order. */
  readonly filters: (before: readonly string[]) => string[]
  /** Frames that may be missing at the end because the last picture's duration is a guess. */
  readonly tail: number
}

/**
 * Decoding starts this much earlier than needed: pictures that lean on later ones around a key
 * frame, and the deinterlacer's look at the neighbours, are right by the time they count.
 */
const PREROLL_SECONDS = 0.5

export function seekPlan(info: MediaInfo, from: number, indexed: boolean): SeekPlan {
  const { num, den } = info.fps
  const variable = info.notes.some((note) => note.kind === 'variable-rate')
  const start = info.startSeconds ?? 0
  const target = start + (from * den) / num
  const seek = indexed && info.kind === 'video' && target - PREROLL_SECONDS > start + 0.001
  const input = [
    '-noautorotate',
    // With the file's own time stamps and no trimming of ffmpeg's own, what the filters see does
    // not depend on where decoding began.
    ...(seek || variable ? ['-copyts'] : []),
    ...(seek
      ? ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', (target - PREROLL_SECONDS).toFixed(6)]
      : []),
  ]
  if (variable) {
    const first = ((from * den) / num).toFixed(9)
    const zero = `setpts=round(PTS-(${start.toFixed(9)})/TB)`
    return {
      input,
      filters: (before) => [
        ...before,
        zero,
        `fps=fps=${num}/${den}:start_time=${first}:round=near`,
      ],
      tail: Math.max(2, Math.round(num / den)),
    }
  }
  // Half a frame early: whatever a container rounds time stamps to, frame `from` is the first after.
  const trim = seek
    ? [`trim=start=${(target - den / num / 2).toFixed(6)}`]
    : from > 0
      ? [`trim=start_frame=${from}`]
      : []
  return { input, filters: (before) => [...before, ...trim], tail: 0 }
}

export interface PictureFilters {
  /** Filters on stored pictures, which need their neighbours in time. */
  readonly before: readonly string[]
  /** Filters on single pictures. */
  readonly after: readonly string[]
  /** The `-pix_fmt` that comes out. */
  readonly pixelFormat: string
}

/** From stored pictures to upright, progressive, square-pixel 8-bit ones of the wanted format. */
export function pictureFilters(info: MediaInfo, want: FrameFormat): PictureFilters {
  const { layout, width, height, colour } = want
  const has = (kind: MediaNote['kind']): boolean => info.notes.some((note) => note.kind === kind)
  const before = has('interlaced') ? ['yadif=mode=send_frame'] : []
  const upright = turning(info)
  const sameColour =
    !isYuv(layout) || (colour.matrix === info.colour.matrix && colour.range === info.colour.range)
  const untouched =
    !has('hdr') &&
    !has('anamorphic') &&
    sameColour &&
    width === info.width &&
    height === info.height &&
    isExactFormat(info.pixelFormat) &&
    layout === nativeLayout(info)
  if (untouched) {
    // No arithmetic on samples anywhere: the planes are those of the decoder, bit for bit.
    const full = info.pixelFormat.startsWith('yuvj')
    return { before, after: upright, pixelFormat: full ? layout.replace('yuv', 'yuvj') : layout }
  }
  const from = {
    layout: isRgbFormat(info.pixelFormat) ? 'rgb24' : 'yuv444p',
    colour: info.colour,
  } as const
  return {
    before,
    after: [
      ...upright,
      ...(has('hdr') ? TONE_MAP : []),
      conversion(from, want),
      `format=${layout}`,
    ],
    pixelFormat: layout,
  }
}

/**
 * The filter from one format to another, with matrix and range named on both sides: left to
 * itself ffmpeg assumes BT.601, and the way there and back would not agree.
 */
export function conversion(from: Pick<FrameFormat, 'layout' | 'colour'>, to: FrameFormat): string {
  const side = (
    way: 'in' | 'out',
    { layout, colour }: Pick<FrameFormat, 'layout' | 'colour'>,
  ): string[] =>
    isYuv(layout) || layout === 'gray'
      ? [`${way}_color_matrix=${colour.matrix}`, `${way}_range=${colour.range}`]
      : []
  const flags = 'flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp'
  return `scale=${[`${to.width}:${to.height}`, flags, ...side('in', from), ...side('out', to)].join(':')}`
}

function turning(info: MediaInfo): string[] {
  const note = info.notes.find((each) => each.kind === 'rotated')
  if (note?.kind !== 'rotated') return []
  if (note.degrees === 90) return ['transpose=clock']
  if (note.degrees === 270) return ['transpose=cclock']
  return ['hflip', 'vflip']
}

/** HDR to BT.709 by Hable's curve, in linear light. */
const TONE_MAP = [
  'zscale=t=linear:npl=100',
  'format=gbrpf32le',
  'zscale=p=bt709',
  'tonemap=tonemap=hable:desat=0',
  'zscale=t=bt709:m=bt709:r=tv',
  'format=yuv420p',
]
