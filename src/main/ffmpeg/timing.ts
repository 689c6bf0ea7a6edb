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
 * Finds the rate of a stream from when its pictures are shown, and counts the frames. A variable rate
 * becomes that of the grid that its pictures lie on, else the standard one nearest to their mean.
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
  const constant = [near, ...named]
  const exact = constant.find((rate) =>
    isConstant(times, tick, rate, OFF_GRID + (tick * toNumber(rate)) / 2),
  )
  // Pictures left out evenly look like a lower rate that is not kept well.
  const grid = exact === undefined ? gridRate(times, tick, average, named) : undefined
  const fits =
    exact ??
    (grid === undefined
      ? constant.find((rate) => isConstant(times, tick, rate, TOLERANCE))
      : undefined)
  if (fits !== undefined) return { fps: fits, frames: times.length, startSeconds, variable: false }

  const steady = grid ?? near
  const lastDuration = shown.find((packet) => packet.time === last)?.duration ?? 0
  const tail = lastDuration > 0 ? lastDuration * tick : 1 / average
  const rate = toNumber(steady)
  const frames = Math.round((last - first) * tick * rate) + Math.max(1, Math.round(tail * rate))
  return { fps: steady, frames, startSeconds, variable: true }
}

function isConstant(
  times: readonly number[],
  tick: number,
  rate: Rational,
  tolerance: number,
): boolean {
  const first = times[0] ?? 0
  const perTick = tick * toNumber(rate)
  return times.every((time, n) => Math.abs((time - first) * perTick - n) < tolerance)
}

/** Pictures off a grid by this share of its step do not lie on it; stored times are rounded to ticks. */
const OFF_GRID = 0.12

/** How much finer than the quick part of a clip its grid may be: every step of it becomes a frame. */
const FINEST = 2

/**
 * The lowest rate at which every picture has a frame of its own, at its own time: what a camera ran
 * at that left some out. Undefined where the pictures lie on no such grid.
 */
function gridRate(
  times: readonly number[],
  tick: number,
  average: number,
  named: readonly Rational[],
): Rational | undefined {
  const steps = times
    .slice(1)
    .map((time, n) => time - (times[n] ?? 0))
    .sort((a, b) => a - b)
  const quick = (steps[Math.floor(steps.length / 4)] ?? 0) * tick
  if (quick <= 0) return undefined
  const fitting = [...STANDARD_RATES, ...NTSC_RATES, ...named]
    .map((rate) => ({ rate, value: toNumber(rate), off: offGrid(times, tick, toNumber(rate)) }))
    .filter(({ value, off }) => off < OFF_GRID && value > average && value * quick < FINEST + 0.1)
    .sort((a, b) => a.value - b.value)
  const lowest = fitting[0]
  if (lowest === undefined) return undefined
  // A whole rate and its NTSC neighbour may both fit a short clip.
  const alike = fitting.filter(({ value }) => value < lowest.value * 1.01)
  return alike.reduce((best, one) => (one.off < best.off ? one : best)).rate
}

/** How far, in steps, the picture that is furthest off lies from a grid; infinite where two share a place. */
function offGrid(times: readonly number[], tick: number, rate: number): number {
  const first = times[0] ?? 0
  let before = -1
  let most = 0
  for (const time of times) {
    const at = (time - first) * tick * rate
    const place = Math.round(at)
    if (place === before) return Infinity
    before = place
    most = Math.max(most, Math.abs(at - place) - (tick * rate) / 2)
  }
  return most
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
