import type { AudioInfo } from '../../shared/document/model.js'
import { QUIET, readChunks } from './chunks.js'
import type { FrameSource } from './frames.js'
import { inputOf } from './paths.js'

/** A stretch of a source's sound, counted from the time of its frame 0. */
export interface SoundRange {
  readonly fromSeconds: number
  /** Samples per channel that come out, at `sampleRate`. */
  readonly samples: number
  readonly sampleRate: number
}

/** Decoding begins this much earlier, so that a lossy decoder has settled at the first sample. */
const PREROLL_SECONDS = 2

/** Options before `-i` for a sound input that {@link soundFilter} follows. */
export function soundInput(
  info: FrameSource['info'],
  range: Pick<SoundRange, 'fromSeconds'>,
): string[] {
  const at = (info.startSeconds ?? 0) + range.fromSeconds - PREROLL_SECONDS
  const seek = range.fromSeconds > 2 * PREROLL_SECONDS
  return [
    '-copyts',
    ...(seek ? ['-noaccurate_seek', '-seek_timestamp', '1', '-ss', at.toFixed(6)] : []),
  ]
}

/**
 * Lines the sound up with the pictures to the sample: what comes before is dropped, a late start
 * or a gap is silence, and exactly `samples` come out. The file's own time stamps must be kept.
 */
export function soundFilter(info: FrameSource['info'], range: SoundRange): string {
  const { sampleRate, samples } = range
  const first = Math.round(((info.startSeconds ?? 0) + range.fromSeconds) * sampleRate)
  return [
    // Compensation without stretching: only whole samples go in or out.
    `aresample=${sampleRate}:async=1:min_comp=0.000001:first_pts=${first}`,
    'asetpts=N/SR/TB',
    `apad=whole_len=${samples}`,
    `atrim=end_sample=${samples}`,
  ].join(',')
}

/** Channels that a source is decoded to: mono and stereo stay, anything larger is mixed to stereo. */
export function outputChannels(audio: AudioInfo): 1 | 2 {
  return audio.channels === 1 ? 1 : 2
}

/**
 * Decodes exactly `range.samples` samples per channel, interleaved 32-bit floats, in blocks of at
 * most `block` samples; the last one is shorter. Where the file has no sound left there is silence.
 */
export async function* readSound(
  ffmpegPath: string,
  source: FrameSource,
  options: SoundRange & {
    readonly channels: 1 | 2
    readonly block: number
    readonly signal?: AbortSignal | undefined
  },
): AsyncGenerator<Float32Array> {
  const { samples, channels, block, sampleRate, signal } = options
  const whole = Math.floor(samples / block)
  // A multiple of the block is decoded, so that every piece of the pipe is a whole block.
  const padded = (samples === whole * block ? whole : whole + 1) * block
  const range = { fromSeconds: options.fromSeconds, samples: padded, sampleRate }
  const args = [
    ...QUIET,
    ...soundInput(source.info, range),
    ...inputOf(source.path),
    ...['-map', '0:a:0', '-vn', '-ac', String(channels), '-af', soundFilter(source.info, range)],
    ...['-f', 'f32le', 'pipe:1'],
  ]
  let left = samples
  const blocks = readChunks(ffmpegPath, args, block * channels * 4, {
    doing: 'decode the sound',
    signal,
  })
  for await (const bytes of blocks) {
    const piece = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4)
    const count = Math.min(left, block)
    left -= count
    yield count === block ? piece : piece.subarray(0, count * channels)
    if (left === 0) return
  }
  while (left > 0) {
    const count = Math.min(left, block)
    left -= count
    yield new Float32Array(count * channels)
  }
}
