import { toNumber } from '../../shared/rational.js'
import type { Rational } from '../../shared/rational.js'

/** One packet of the video stream, in ticks of the stream's time base. */
export interface PacketTime {
  /** Null where the container stores none. */
  readonly time: number | null
  readonly duration: number | null
  /** An edit list says that this picture is decoded but not shown. */
  readonly hidden: boolean
}

export interface Timing {
  readonly fps: Rational
  /** Frames of the constant-rate stream that readFrames yields. */
  readonly frames: number
  /** Time stamp of frame 0 in seconds. */
  readonly startSeconds: number
  /** True where pictures must be repeated or dropped to reach a constant rate. */
  readonly variable: boolean
}

/** Rates that cameras, editors and screens use; a measured rate goes to the nearest. */
const STANDARD_RATES: readonly Rational[] = [
  ...[
    1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 16, 18, 20, 24, 25, 30, 48, 50, 60, 72, 90, 100, 120, 144, 240,
  ],
].map((num) => ({ num, den: 1 }))
const NTSC_RATES: readonly Rational[] = [12, 15, 24, 30, 48, 60, 120, 240].map((num) => ({
  num: num * 1000,
  den: 1001,
}))

/** A picture this share of a frame off its place still counts as in place; milliseconds are coarse. */
const TOLERANCE = 0.35

/**
 * Finds the rate of a stream from when its pictures are shown, and counts the frames.
 * `named` are the rates the container claims, best first; they are believed only if they fit.
 */
export function timingOf(
  packets: readonly PacketTime[],
  timeBase: Rational,
  named: readonly Rational[],
): Timing | null {
  const shown = packets.filter((packet) => !packet.hidden)
  if (shown.length === 0) return null
  const fallback = named[0] ?? { num: 25, den: 1 }
  const times = shown.flatMap((packet) => packet.time ?? []).sort((a, b) => a - b)
  const first = times[0]
  const last = times.at(-1)
  if (first === undefined || last === undefined || times.length < shown.length) {
    // Raw streams have no times: every picture is one frame.
    return { fps: fallback, frames: shown.length, startSeconds: 0, variable: false }
  }
  const tick = toNumber(timeBase)
  const startSeconds = first * tick
  if (times.length === 1 || last === first) {
    return { fps: fallback, frames: times.length, startSeconds, variable: false }
  }

  const average = (times.length - 1) / ((last - first) * tick)
  const near = nearestRate(average)
  const fits = [near, ...named].find((rate) => isConstant(times, tick, rate))
  if (fits !== undefined) return { fps: fits, frames: times.length, startSeconds, variable: false }

  const lastDuration = shown.find((packet) => packet.time === last)?.duration ?? 0
  const tail = lastDuration > 0 ? lastDuration * tick : 1 / average
  const rate = toNumber(near)
  const frames = Math.round((last - first) * tick * rate) + Math.max(1, Math.round(tail * rate))
  return { fps: near, frames, startSeconds, variable: true }
}

function isConstant(times: readonly number[], tick: number, rate: Rational): boolean {
  const first = times[0] ?? 0
  const perTick = tick * toNumber(rate)
  return times.every((time, n) => Math.abs((time - first) * perTick - n) < TOLERANCE)
}

/** The nearest by ratio; where a whole rate and its NTSC neighbour are both near, the nearer of the two. */
export function nearestRate(rate: number): Rational {
  let best: Rational = { num: 25, den: 1 }
  let distance = Infinity
  for (const candidate of [...STANDARD_RATES, ...NTSC_RATES]) {
    const off = Math.abs(Math.log(toNumber(candidate) / rate))
    if (off < distance) {
      best = candidate
      distance = off
    }
  }
  return best
}
