import { QUIET, readChunks } from '../../../src/main/ffmpeg/chunks.js'
import { rawInput } from '../../../src/main/ffmpeg/frameWriter.js'
import { findFfmpeg } from '../../../src/main/ffmpeg/tools.js'
import type { Footage } from './clips.js'

/** Makes the odd frames of a clip from its even ones, in order. */
export type Maker = (clip: Footage) => Promise<Uint8Array[]>

/** The frame before, again: what a player does. */
export const nearest: Maker = ({ frames }) =>
  Promise.resolve(frames.filter((_, n) => n % 2 === 0 && n + 1 < frames.length - 1))

/** Both neighbours, half and half. */
export const blend: Maker = ({ frames }) =>
  Promise.resolve(
    odd(frames).map((n) => {
      const [a, b] = [frames[n - 1]!, frames[n + 1]!]
      return a.map((value, i) => (value + b[i]! + 1) >> 1)
    }),
  )

/** ffmpeg's motion-compensated interpolation. `scd=none`: there are no cuts in these clips. */
export const minterpolate =
  (settings = 'mi_mode=mci:mc_mode=aobmc:me_mode=bidir:vsbmc=1:scd=none'): Maker =>
  async ({ frames, width, height }) => {
    const { ffmpeg } = await findFfmpeg()
    const kept = frames.filter((_, n) => n % 2 === 0)
    async function* feed(): AsyncGenerator<Uint8Array> {
      await Promise.resolve()
      yield* kept
      // It answers a frame late: what it says of these is thrown away.
      for (let n = 0; n < 4; n++) yield kept.at(-1)!
    }
    const args = [
      ...QUIET,
      ...rawInput({ layout: 'yuv420p', width, height, fps: { num: 10, den: 1 } }),
      ...['-vf', `minterpolate=fps=20:${settings}`, '-vsync', 'passthrough'],
      ...['-pix_fmt', 'yuv420p', '-f', 'rawvideo', 'pipe:1'],
    ]
    const made: Uint8Array[] = []
    const size = (width * height * 3) / 2
    const options = { doing: 'interpolate', signal: undefined, feed: feed() }
    for await (const frame of readChunks(ffmpeg, args, size, options)) made.push(frame)
    // Where its time begins differs by version: frames that it only passes on say where.
    const start = made.findIndex((frame) => Buffer.compare(frame, kept[1]!) === 0)
    if (start < 1) throw new Error('minterpolate gave no frame back as it was')
    return odd(frames).map((n) => {
      const found = made[start - 2 + n]
      if (found === undefined) throw new Error(`minterpolate gave no frame ${n}`)
      return found
    })
  }

function odd(frames: readonly unknown[]): number[] {
  return frames.flatMap((_, n) => (n % 2 === 1 && n + 1 < frames.length ? [n] : []))
}
