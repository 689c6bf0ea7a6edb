import type { ExportPreset } from '../../../shared/contract/job.js'
import type { Rational } from '../../../shared/rational.js'
import { conversion } from '../../ffmpeg/filters.js'
import { isYuv } from '../../ffmpeg/layout.js'
import type { FrameFormat, PixelLayout } from '../../ffmpeg/layout.js'
import { colourTags } from './colourTags.js'
import type { ColourNames } from './colourTags.js'

/** One kind of export: how its file is written from frames of the canvas and float sound. */
export interface PresetWriter {
  readonly extension: string
  /** Options of the video encoder, colours and pixel format included. */
  readonly video: (canvas: FrameFormat, names: ColourNames) => string[]
  /** Options of the audio encoder; null where the format holds no sound. */
  readonly audio: readonly string[] | null
  /** Options of the container. */
  readonly container: readonly string[]
  /** True for MP4 and MOV, whose stated durations are made exact afterwards. */
  readonly statesDurations: boolean
  /** Bytes a pixel takes, for the forecast. */
  readonly bytesPerPixel: number
  readonly audioBytesPerSecond: number
}

/** 24 bits hold a 16-bit source exactly and a decoded AAC or Opus as well as anyone can hear. */
const PCM = ['-c:a', 'pcm_s24le']
const PCM_BYTES = 48_000 * 2 * 3
/** 32-bit floats, written beside the target while it is made. */
const MIX_BYTES = 48_000 * 2 * 4

export const PRESETS: Record<ExportPreset, PresetWriter> = {
  mp4: {
    extension: '.mp4',
    video: (canvas, names) => {
      // Half-size chroma needs even sides: an odd one repeats its last line.
      const odd = { right: canvas.width % 2, bottom: canvas.height % 2 }
      const even =
        odd.right + odd.bottom === 0
          ? []
          : [
              `pad=${canvas.width + odd.right}:${canvas.height + odd.bottom}`,
              `fillborders=right=${odd.right}:bottom=${odd.bottom}:mode=smear`,
            ]
      const filters = [...converted(canvas, 'yuv420p', 'tv'), ...even]
      return [
        ...withFilters(filters),
        ...['-c:v', 'libx264', '-preset', 'faster', '-crf', '18', '-pix_fmt', 'yuv420p'],
        ...colourTags({ ...canvas.colour, range: 'tv' }, names),
      ]
    },
    audio: ['-c:a', 'aac', '-b:a', '192k'],
    container: ['-movflags', '+faststart+write_colr', '-f', 'mp4'],
    statesDurations: true,
    bytesPerPixel: 0.03,
    audioBytesPerSecond: 24_000 + MIX_BYTES,
  },
  prores: {
    extension: '.mov',
    video: (canvas, names) => {
      const target = {
        ...canvas,
        layout: 'yuv422p',
        colour: { ...canvas.colour, range: 'tv' },
      } as const
      return [
        ...withFilters([conversion(canvas, target), 'format=yuv422p10le']),
        ...['-c:v', 'prores_ks', '-profile:v', '3', '-vendor', 'apl0', '-pix_fmt', 'yuv422p10le'],
        ...colourTags(target.colour, names),
      ]
    },
    audio: PCM,
    container: ['-movflags', '+write_colr', '-f', 'mov'],
    statesDurations: true,
    bytesPerPixel: 0.5,
    audioBytesPerSecond: PCM_BYTES + MIX_BYTES,
  },
  png: {
    extension: '',
    video: (canvas) => [
      ...withFilters(converted(canvas, 'rgb24', 'pc')),
      ...['-c:v', 'png', '-pix_fmt', 'rgb24', '-pred', 'mixed'],
    ],
    audio: null,
    container: ['-start_number', '1', '-f', 'image2'],
    statesDurations: false,
    bytesPerPixel: 2,
    audioBytesPerSecond: 0,
  },
  ffv1: {
    extension: '.mkv',
    video: (canvas, names) => [
      // The canvas's own samples; packed RGB only changes its order.
      ...['-c:v', 'ffv1', '-level', '3', '-g', '1', '-slicecrc', '1'],
      ...['-slices', hasHalfChroma(canvas) ? '1' : '4'],
      ...['-pix_fmt', canvas.layout === 'rgb24' ? 'bgr0' : canvas.layout],
      ...(canvas.layout === 'rgb24' ? [] : colourTags(canvas.colour, names)),
    ],
    audio: PCM,
    container: ['-f', 'matroska'],
    statesDurations: false,
    bytesPerPixel: 1.2,
    audioBytesPerSecond: PCM_BYTES + MIX_BYTES,
  },
}

/** How much an export will take on the disk at most, temporary files included. */
export function estimateExportBytes(
  meta: { readonly width: number; readonly height: number; readonly fps: Rational },
  frames: number,
  preset: ExportPreset,
): number {
  const { bytesPerPixel, audioBytesPerSecond } = PRESETS[preset]
  const seconds = (frames * meta.fps.den) / meta.fps.num
  return Math.round(
    meta.width * meta.height * frames * bytesPerPixel + seconds * audioBytesPerSecond,
  )
}

/**
 * ffmpeg's FFV1 loses the last chroma line of an odd picture that is cut into slices (seen with
 * the builds of 2018): slices must begin on whole chroma samples, and there it miscounts.
 */
function hasHalfChroma({ layout, width, height }: FrameFormat): boolean {
  return isYuv(layout) && layout !== 'yuv444p' && (width % 2 === 1 || height % 2 === 1)
}

function converted(canvas: FrameFormat, layout: PixelLayout, range: 'tv' | 'pc'): string[] {
  if (canvas.layout === layout && (layout === 'rgb24' || canvas.colour.range === range)) return []
  const target = { ...canvas, layout, colour: { ...canvas.colour, range } }
  return [conversion(canvas, target), `format=${layout}`]
}

function withFilters(filters: readonly string[]): string[] {
  return filters.length === 0 ? [] : ['-vf', filters.join(',')]
}
