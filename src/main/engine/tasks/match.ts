import type { MatchTaskInput, MatchTaskResult } from '../../../shared/contract/match.js'
import { matchColours, matchWithZones } from '../../../shared/grade/colourMatch.js'
import { createColourPool } from '../../../shared/grade/colourStats.js'
import type { ColourStats } from '../../../shared/grade/colourStats.js'
import type { FrameSource } from '../../ffmpeg/frames.js'
import { readFramesAt } from '../../ffmpeg/framesAt.js'
import { openMask } from '../maskFrames.js'
import type { TaskContext } from '../taskContext.js'
import type { Size } from '../vision/image.js'

/** Frames of a clip that its colours are taken from, evenly over the range. */
const SAMPLES = 16
/** Longer side of the pictures that are measured: colours need no detail. */
const SIDE = 320

/**
 * Measures the colours of a clip's range and of a reference picture, and the map from one to the
 * other. Pictures are scaled down by ffmpeg while they are read.
 *
 * @throws AppError `reference-invalid`, `mask-empty`, `cancelled`, and whatever reading throws
 */
export async function match(input: MatchTaskInput, context: TaskContext): Promise<MatchTaskResult> {
  const { source, range, mask, reference, luminanceOnly, ffmpegPath } = input
  const { signal } = context
  const frames = spread(range.from, range.to)
  const total = frames.length + 1
  const wanted = await measure(ffmpegPath, reference, { frames: [0], maskAt: null, signal })
  context.report({ phase: 'analysing', done: 1, total })
  const { width, height } = source.info
  const maskAt =
    mask === null ? null : await openMask(mask, sizeOf(source), range.from, { width, height })
  const present = await measure(ffmpegPath, source, {
    ...{ frames, maskAt, signal },
    onFrame: (done) => context.report({ phase: 'analysing', done: done + 1, total }),
  })
  // The zones are about chroma.
  const map = luminanceOnly ? matchColours(present, wanted, true) : matchWithZones(present, wanted)
  return { map }
}

async function measure(
  ffmpegPath: string,
  source: FrameSource,
  options: {
    readonly frames: readonly number[]
    readonly maskAt: ((frame: number) => Promise<Uint8Array>) | null
    readonly signal: AbortSignal
    readonly onFrame?: (done: number) => void
  },
): Promise<ColourStats> {
  const { frames, maskAt, signal, onFrame } = options
  const pool = createColourPool()
  const size = sizeOf(source)
  let done = 0
  const wanted = { layout: 'rgba', ...size, signal } as const
  for await (const data of readFramesAt(ffmpegPath, source, frames, wanted)) {
    pool.add(data, (await maskAt?.(frames[done] ?? 0)) ?? null)
    onFrame?.(++done)
  }
  return pool.stats()
}

/** At most so many frames, each in the middle of its share of the range. */
function spread(from: number, to: number): number[] {
  const count = Math.min(SAMPLES, to - from)
  return Array.from(
    { length: count },
    (_, n) => from + Math.floor(((n + 0.5) * (to - from)) / count),
  )
}

function sizeOf({ info: { width, height } }: FrameSource): Size {
  const scale = Math.min(1, SIDE / Math.max(width, height))
  return {
    width: Math.max(1, Math.round(width * scale)),
    height: Math.max(1, Math.round(height * scale)),
  }
}
