import type { MediaInfo } from '../../../shared/document/model.js'
import type { Rational } from '../../../shared/rational.js'
import { openWriter, rawInput } from '../../ffmpeg/frameWriter.js'
import type { FrameSource } from '../../ffmpeg/frames.js'
import { outputChannels, soundFilter, soundInput } from '../../ffmpeg/audio.js'
import { conversion } from '../../ffmpeg/filters.js'
import { frameBytes } from '../../ffmpeg/layout.js'
import type { FrameFormat } from '../../ffmpeg/layout.js'
import { inputOf } from '../../ffmpeg/paths.js'
import { colourTags } from './colourTags.js'
import { writeWhole } from './files.js'
import type { MediaWork } from './progress.js'

/** Lines of a proxy at most: what a page can decode and scrub without waiting. */
const PROXY_LINES = 720
/** A key frame every so many frames: scrubbing decodes at most this many for one picture. */
export const PROXY_GOP = 15
const PROXY_SAMPLE_RATE = 48_000

/** Size and colours of the frames that a proxy of this source is made of. */
export function proxyFormat(info: MediaInfo): FrameFormat {
  const scale = Math.min(1, PROXY_LINES / info.height)
  const even = (side: number): number => Math.max(2, 2 * Math.round((side * scale) / 2))
  return {
    layout: 'yuv420p',
    width: even(info.width),
    height: even(info.height),
    colour: { matrix: info.colour.matrix, range: 'tv' },
  }
}

/**
 * Writes a proxy: H.264 that scrubs well (a closed GOP of 15, no B-frames, so that decoding order
 * is showing order), one picture for each of `frames`, with the sound of `sound` when given.
 */
export async function writeProxy(
  ffmpegPath: string,
  path: string,
  options: MediaWork & {
    readonly frames: AsyncIterable<Uint8Array>
    readonly count: number
    /** What `frames` are. */
    readonly format: FrameFormat
    /** What the proxy shall be; see {@link proxyFormat}. */
    readonly target: FrameFormat
    readonly fps: Rational
    readonly sound?: FrameSource | undefined
    readonly phase: 'proxy' | 'preview'
  },
): Promise<void> {
  const { frames, count, format, target, fps, sound, phase, onProgress, signal } = options
  await writeWhole(path, async (temporary) => {
    const writer = openWriter(ffmpegPath, {
      input: [...rawInput({ ...format, fps }), ...soundInputs(sound)],
      output: [
        ...['-map', '0:v', '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20'],
        ...['-g', String(PROXY_GOP), '-keyint_min', String(PROXY_GOP), '-sc_threshold', '0'],
        ...['-bf', '0', '-flags', '+cgop', '-vsync', 'passthrough'],
        ...['-vf', conversion(format, target), '-pix_fmt', target.layout],
        ...colourTags(target.colour),
        ...soundOutputs(sound, count, fps),
        ...['-map_metadata', '-1', '-movflags', '+faststart', '-f', 'mp4'],
      ],
      path: temporary,
      doing: 'write the proxy',
      frameSize: frameBytes(format.layout, format.width, format.height),
      signal,
    })
    try {
      let done = 0
      onProgress?.({ phase, done, total: count })
      for await (const frame of frames) {
        await writer.write(frame)
        done++
        onProgress?.({ phase, done, total: count })
      }
      await writer.finish()
    } catch (error) {
      await writer.abort()
      throw error
    }
  })
}

function soundInputs(sound: FrameSource | undefined): string[] {
  if (sound === undefined || sound.info.audio === null) return []
  return [...soundInput(sound.info, { fromSeconds: 0 }), ...inputOf(sound.path)]
}

function soundOutputs(sound: FrameSource | undefined, count: number, fps: Rational): string[] {
  if (sound === undefined || sound.info.audio === null) return []
  const samples = Math.round((count * fps.den * PROXY_SAMPLE_RATE) / fps.num)
  const range = { fromSeconds: 0, samples, sampleRate: PROXY_SAMPLE_RATE }
  const channels = String(outputChannels(sound.info.audio))
  return [
    ...['-map', '1:a:0', '-af', soundFilter(sound.info, range), '-ac', channels],
    ...['-c:a', 'aac', '-b:a', '160k'],
  ]
}
