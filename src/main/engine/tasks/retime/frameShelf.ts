import { frameBytes } from '../../../ffmpeg/layout.js'
import { nativeFormat, sourceWithTakes } from '../../../ffmpeg/takeFrames.js'
import type { PlacedTake } from '../../../ffmpeg/takeFrames.js'
import type { FrameSource } from '../../../ffmpeg/frames.js'

/** Memory for frames that are played backward, and the most of them that are held. */
const BACKWARD_BYTES = 160e6
const BACKWARD_FRAMES = 120
/** Frames that may be skipped by decoding on; a longer way is a new start. */
const DECODE_ON = 90

/** Frames of a source, with its takes over it, in whatever order they are asked for. */
export interface FrameShelf {
  /** The frame in the source's own samples; not to be changed. */
  at(frame: number): Promise<Uint8Array>
  close(): Promise<void>
}

/**
 * Reads frames on demand. Going forward it decodes once from end to end and holds three frames;
 * going backward it decodes a stretch at a time and holds that. Memory does not grow with length.
 *
 * @throws (from `at`) AppError `media-damaged`, `cancelled`, `ffmpeg-failed`
 */
export function openFrameShelf(
  ffmpegPath: string,
  source: FrameSource,
  options: {
    /** Frames `[from, to)` that may be asked for. */
    readonly from: number
    readonly to: number
    readonly takes: readonly PlacedTake[]
    readonly signal: AbortSignal
  },
): FrameShelf {
  const { from, to, takes, signal } = options
  const { layout, width, height } = nativeFormat(source)
  const stretch = Math.max(
    4,
    Math.min(BACKWARD_FRAMES, Math.floor(BACKWARD_BYTES / frameBytes(layout, width, height))),
  )
  let held = new Map<number, Uint8Array>()
  let reader: AsyncGenerator<Uint8Array> | null = null
  let next = 0

  const start = async (first: number, end: number): Promise<void> => {
    await reader?.return(undefined)
    reader = sourceWithTakes(ffmpegPath, source, { from: first, to: end, takes, signal })
    next = first
  }
  const read = async (): Promise<Uint8Array | null> => {
    const got = await reader?.next()
    if (got === undefined || got.done === true) return null
    held.set(next, got.value)
    next++
    return got.value
  }

  return {
    async at(frame) {
      const here = held.get(frame)
      if (here !== undefined) return here
      const lowest = Math.min(...held.keys())
      const backward = held.size > 0 && frame < lowest && frame >= lowest - stretch
      if (backward) {
        const first = Math.max(from, frame - stretch + 1)
        // The frame above stays: a picture between the two may be wanted next.
        const above = held.get(frame + 1)
        held = new Map<number, Uint8Array>()
        if (above !== undefined) held.set(frame + 1, above)
        await start(first, frame + 1)
        while (next <= frame && (await read()) !== null);
      } else {
        if (reader === null || frame < next || frame > next + DECODE_ON) {
          held = new Map()
          await start(frame, to)
        }
        while (next <= frame && (await read()) !== null) {
          for (const one of held.keys()) if (one < next - 3) held.delete(one)
        }
      }
      const found = held.get(frame)
      if (found === undefined) throw new Error(`There is no frame ${frame}.`)
      return found
    },
    async close() {
      await reader?.return(undefined)
      held.clear()
    },
  }
}
