import type { Easing } from './operations.js'

/** The speed at a position. Between two knots it changes evenly in time. */
export interface Knot {
  /** Distance played, in source frames. */
  readonly at: number
  readonly speed: number
}

/** Straight pieces that a smooth ramp is made of. */
const SMOOTH_STEPS = 16

/** Output frames between two neighbouring knots. */
export function timeBetween(a: Knot, b: Knot): number {
  return (2 * (b.at - a.at)) / (a.speed + b.speed)
}

/** Distance played `time` output frames after knot `a` on the way to knot `b`. */
export function distanceAfter(a: Knot, b: Knot, time: number): number {
  const whole = timeBetween(a, b)
  if (whole === 0) return a.at
  return a.at + a.speed * time + ((b.speed - a.speed) * time * time) / (2 * whole)
}

/** Speed at a distance: where speed changes evenly in time, its square does so in distance. */
export function speedAt(knots: readonly Knot[], at: number): number {
  const next = knots.findIndex((knot) => knot.at > at)
  if (next === -1) return knots.at(-1)?.speed ?? 1
  const after = knots[next]
  const before = knots[next - 1]
  if (after === undefined) return 1
  if (before === undefined || before.speed === after.speed) return after.speed
  const share = (at - before.at) / (after.at - before.at)
  return Math.sqrt(before.speed ** 2 + (after.speed ** 2 - before.speed ** 2) * share)
}

/** The knots of a ramp over a distance. Its mean speed over time is the mean of both ends. */
export function rampKnots(length: number, start: number, end: number, easing: Easing): Knot[] {
  if (easing === 'linear' || start === end) {
    return [
      { at: 0, speed: start },
      { at: length, speed: end },
    ]
  }
  const knots: Knot[] = [{ at: 0, speed: start }]
  const step = (2 * length) / (start + end) / SMOOTH_STEPS
  for (let n = 1; n <= SMOOTH_STEPS; n++) {
    const u = n / SMOOTH_STEPS
    const speed = start + (end - start) * u * u * (3 - 2 * u)
    const before = knots[n - 1] as Knot
    const at = before.at + ((before.speed + speed) / 2) * step
    knots.push({ at: n === SMOOTH_STEPS ? length : at, speed })
  }
  return knots
}

/** The part of a profile between two distances, counted from the first of them. */
export function partOf(knots: readonly Knot[], from: number, to: number): Knot[] {
  const inside = knots.filter(({ at }) => at > from && at < to)
  const last = knots.findLast(({ at }) => at === to)
  return [
    { at: 0, speed: speedAt(knots, from) },
    ...inside.map(({ at, speed }) => ({ at: at - from, speed })),
    { at: to - from, speed: last?.speed ?? speedAt(knots, to) },
  ]
}

/** One profile times another of the same length, at the knots of both. */
export function multiply(a: readonly Knot[], b: readonly Knot[]): Knot[] {
  const places = [...new Set([...a, ...b].map(({ at }) => at))].sort((x, y) => x - y)
  return places.map((at) => ({ at, speed: speedAt(a, at) * speedAt(b, at) }))
}

/** Played the other way round. */
export function backwards(knots: readonly Knot[]): Knot[] {
  const length = knots.at(-1)?.at ?? 0
  return knots.map(({ at, speed }) => ({ at: length - at, speed })).reverse()
}
