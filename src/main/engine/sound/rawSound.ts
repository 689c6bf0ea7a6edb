import { closeSync, openSync, readSync } from 'node:fs'
import { open } from 'node:fs/promises'
import type { SoundSource } from './source.js'

/** Samples per channel kept in memory around the last place that was read. */
const WINDOW = 1 << 16
/** Of those, what is read before the place that was asked for: playing may go backward. */
const BEHIND = WINDOW / 4

/** Raw interleaved 32-bit floats in a file, read anywhere with little memory. */
export interface RawSound extends SoundSource {
  /** Samples per channel. */
  readonly samples: number
  close(): void
}

/** Writes blocks of samples to a file, as they come. */
export async function writeRawSound(
  path: string,
  blocks: Iterable<Float32Array> | AsyncIterable<Float32Array>,
): Promise<void> {
  const file = await open(path, 'w')
  try {
    for await (const block of blocks) {
      await file.write(new Uint8Array(block.buffer, block.byteOffset, block.byteLength))
    }
  } finally {
    await file.close()
  }
}

export function openRawSound(
  path: string,
  format: { readonly channels: number; readonly sampleRate: number; readonly samples: number },
): RawSound {
  const { channels, samples } = format
  const file = openSync(path, 'r')
  const window = new Float32Array(WINDOW * channels)
  const bytes = new Uint8Array(window.buffer)
  let first = 0
  let end = 0
  const load = (start: number, count: number): void => {
    first = Math.max(0, Math.min(samples - WINDOW, start - BEHIND))
    end = Math.min(samples, first + Math.max(WINDOW, count))
    const size = (end - first) * channels * 4
    for (let done = 0; done < size;) {
      const got = readSync(file, bytes, done, size - done, first * channels * 4 + done)
      if (got === 0) {
        bytes.fill(0, done, size)
        break
      }
      done += got
    }
  }
  return {
    ...format,
    read(start, count) {
      const from = Math.max(0, start)
      const to = Math.min(samples, start + count)
      if (to > from && (from < first || to > end)) load(from, to - from)
      if (from === start && to === start + count) {
        return window.subarray((from - first) * channels, (to - first) * channels)
      }
      const out = new Float32Array(count * channels)
      if (to > from) {
        const inside = window.subarray((from - first) * channels, (to - first) * channels)
        out.set(inside, (from - start) * channels)
      }
      return out
    },
    close: () => closeSync(file),
  }
}
