import type { UnderTake } from '../../../shared/contract/edit.js'
import { readTake } from '../../ffmpeg/frames.js'
import type { FrameSource } from '../../ffmpeg/frames.js'
import type { Size } from '../vision/image.js'

/** A take that lies below what is being made. */
export interface UnderLayer {
  /** Lays the take over an RGB frame, in place. Frames come in order. */
  layOver(data: Uint8Array, frame: number): Promise<void>
  close(): Promise<void>
}

/** Opens a take for frames `[from, to)` of its source. */
export function openUnder(
  options: {
    readonly range: { readonly from: number; readonly to: number }
    readonly source: FrameSource
    readonly ffmpegPath: string
    /** Of the frames it is laid over; the source's own when absent. */
    readonly size?: Size | undefined
  },
  take: UnderTake,
  signal: AbortSignal,
): UnderLayer {
  const { range, source, ffmpegPath } = options
  const from = Math.max(range.from, take.from)
  const to = Math.min(range.to, take.to)
  const { width, height } = options.size ?? source.info
  const frames = readTake(ffmpegPath, take.path, {
    ...{ from: from - take.first, to: to - take.first },
    ...{ layout: 'rgba', width, height, signal },
  })
  return {
    async layOver(data, frame) {
      if (frame < from || frame >= to) return
      const next = await frames.next()
      if (next.done !== true) layOver(data, next.value)
    },
    close: async () => {
      await frames.return(undefined)
    },
  }
}

/** RGBA over RGB, in place. */
export function layOver(data: Uint8Array, above: Uint8Array): void {
  for (let from = 0, to = 0; from < above.length; from += 4, to += 3) {
    const alpha = above[from + 3] as number
    if (alpha === 0) continue
    for (let c = 0; c < 3; c++) {
      const below = data[to + c] as number
      data[to + c] = Math.round(below + (((above[from + c] as number) - below) * alpha) / 255)
    }
  }
}
