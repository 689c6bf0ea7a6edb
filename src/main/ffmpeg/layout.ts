import type { MediaInfo } from '../../shared/document/model.js'

/** 8 bits a sample, planes or pixels tightly packed, rows without padding. */
export type PixelLayout = 'rgb24' | 'rgba' | 'gray' | 'yuv420p' | 'yuv422p' | 'yuv444p'

/** How YUV and RGB correspond: the matrix and the range of the YUV side. */
export type Colour = MediaInfo['colour']

/** What raw frames are. */
export interface FrameFormat {
  readonly layout: PixelLayout
  readonly width: number
  readonly height: number
  /** How YUV layouts are to be read; without meaning for RGB. */
  readonly colour: Colour
}

/** One plane of a frame: its size in samples and where it begins in the buffer. */
export interface Plane {
  readonly width: number
  readonly height: number
  readonly offset: number
}

/** How many luma columns and rows one chroma sample covers, as powers of two. */
export const CHROMA_SHIFT: Record<'yuv420p' | 'yuv422p' | 'yuv444p', { x: number; y: number }> = {
  yuv420p: { x: 1, y: 1 },
  yuv422p: { x: 1, y: 0 },
  yuv444p: { x: 0, y: 0 },
}

export type YuvLayout = keyof typeof CHROMA_SHIFT

export function isYuv(layout: PixelLayout): layout is YuvLayout {
  return Object.hasOwn(CHROMA_SHIFT, layout)
}

/** The planes of a YUV frame, in order; chroma of an odd size is rounded up. */
export function planesOf(layout: YuvLayout, width: number, height: number): readonly Plane[] {
  const shift = CHROMA_SHIFT[layout]
  const chroma = { width: (width + shift.x) >> shift.x, height: (height + shift.y) >> shift.y }
  const luma = width * height
  const size = chroma.width * chroma.height
  return [
    { width, height, offset: 0 },
    { ...chroma, offset: luma },
    { ...chroma, offset: luma + size },
  ]
}

/** Bytes of one frame. */
export function frameBytes(layout: PixelLayout, width: number, height: number): number {
  if (isYuv(layout)) {
    return planesOf(layout, width, height).reduce(
      (sum, plane) => sum + plane.width * plane.height,
      0,
    )
  }
  const perPixel = { rgb24: 3, rgba: 4, gray: 1 }[layout]
  return width * height * perPixel
}

/** ffmpeg's 8-bit formats whose samples are already those of one of our layouts. */
const EXACT: Readonly<Record<string, PixelLayout>> = {
  yuv420p: 'yuv420p',
  yuvj420p: 'yuv420p',
  nv12: 'yuv420p',
  nv21: 'yuv420p',
  yuv422p: 'yuv422p',
  yuvj422p: 'yuv422p',
  yuyv422: 'yuv422p',
  uyvy422: 'yuv422p',
  yuv444p: 'yuv444p',
  yuvj444p: 'yuv444p',
  gray: 'gray',
  rgb24: 'rgb24',
  bgr24: 'rgb24',
  gbrp: 'rgb24',
  rgb0: 'rgb24',
  bgr0: 'rgb24',
  pal8: 'rgb24',
}

/** True where the formats's samples need no arithmetic to be in {@link nativeLayout}. */
export function isExactFormat(pixelFormat: string): boolean {
  return Object.hasOwn(EXACT, pixelFormat)
}

/** True for formats that hold RGB, whatever their depth. */
export function isRgbFormat(pixelFormat: string): boolean {
  return /^(rgb|bgr|gbr|argb|abgr|0rgb|0bgr|pal8)/.test(pixelFormat)
}

/** The layout that loses least of a source: its own planes where 8 bits hold them. */
export function nativeLayout(info: MediaInfo): PixelLayout {
  const layout = layoutOf(info.pixelFormat)
  const turned = info.notes.some((note) => note.kind === 'rotated' && note.degrees !== 180)
  // Turned by 90 degrees, chroma halved across is chroma halved down, which no layout here has.
  return turned && layout === 'yuv422p' ? 'yuv444p' : layout
}

function layoutOf(format: string): PixelLayout {
  const exact = EXACT[format]
  if (exact !== undefined) return exact
  if (isRgbFormat(format)) return 'rgb24'
  if (/^(gray|mono|ya)/.test(format)) return 'gray'
  if (/422|p21\d/.test(format)) return 'yuv422p'
  if (/444|440|411|ayuv/.test(format)) return 'yuv444p'
  return 'yuv420p'
}
