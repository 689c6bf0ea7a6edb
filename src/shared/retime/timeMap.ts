import type { RetimeOperation } from './operations.js'
import {
  backwards,
  distanceAfter,
  multiply,
  partOf,
  rampKnots,
  timeBetween,
} from './speedProfile.js'
import type { Knot } from './speedProfile.js'

/**
 * A stretch of the result: source frames played one way, or one frame held. `from` and `to` are
 * edges between frames (frame n lies between n and n + 1) in playing order, so that a backward
 * stretch begins at its later edge.
 */
export type Piece =
  | {
      readonly kind: 'play'
      readonly from: number
      readonly to: number
      /** Speed by distance played, from 0 to the whole distance. */
      readonly knots: readonly Knot[]
    }
  | { readonly kind: 'hold'; readonly at: number; readonly frames: number }

/** A piece with the output frames `[start, end)` on which it shows. */
export interface PlacedPiece {
  readonly piece: Piece
  readonly start: number
  readonly end: number
}

/**
 * Output frames to source frames. Every piece starts on a whole output frame and plays at exactly
 * its speed from there, so that whole factors meet whole source frames and sound can start there
 * too; the rounding is at most half an output frame at each seam, and never adds up.
 */
export interface TimeMap {
  readonly pieces: readonly PlacedPiece[]
  /** Output frames: the sum of all pieces' times, rounded once. */
  readonly frames: number
  /** Source frames. */
  readonly sourceFrames: number
}

/** Applies operations to a range of so many source frames; without any, every frame stays. */
export function buildTimeMap(
  operations: readonly RetimeOperation[],
  sourceFrames: number,
): TimeMap {
  let pieces: readonly Piece[] = [play(0, sourceFrames, plain(sourceFrames))]
  for (const operation of operations) pieces = applyOperation(pieces, operation, sourceFrames)
  const placed: PlacedPiece[] = []
  let time = 0
  for (const piece of merge(pieces)) {
    const start = Math.round(round6(time))
    time += timeOf(piece)
    placed.push({ piece, start, end: Math.round(round6(time)) })
  }
  const last = placed.at(-1)
  // Even a range that flashes by is one frame.
  if (last?.end === 0) placed[placed.length - 1] = { ...last, end: 1 }
  return { pieces: placed, frames: placed.at(-1)?.end ?? 0, sourceFrames }
}

/**
 * The source frame at an output frame, with a fraction between two of them. At slow speeds it
 * reaches up to one frame beyond the range at the end that is played last.
 */
export function sourceAt({ pieces }: TimeMap, frame: number): number {
  const placed = pieces.find(({ start, end }) => frame >= start && frame < end) ?? pieces.at(-1)
  return placed === undefined ? 0 : frameInPiece(placed.piece, frame - placed.start)
}

/** Source frame (with a fraction) `time` output frames into a piece. */
export function frameInPiece(piece: Piece, time: number): number {
  if (piece.kind === 'hold') return piece.at
  const distance = distanceAt(piece.knots, time)
  return piece.to >= piece.from ? round6(piece.from + distance) : round6(piece.from - 1 - distance)
}

/** Source frames played after `time` output frames. */
export function distanceAt(knots: readonly Knot[], time: number): number {
  let left = time
  for (let n = 1; n < knots.length; n++) {
    const [a, b] = [knots[n - 1] as Knot, knots[n] as Knot]
    const whole = timeBetween(a, b)
    if (left <= whole || n === knots.length - 1) {
      // Past the end it goes on at the speed it had there.
      return left <= whole ? distanceAfter(a, b, left) : b.at + (left - whole) * b.speed
    }
    left -= whole
  }
  return 0
}

/** Source frames per output frame at `time` output frames into a profile. */
export function speedNow(knots: readonly Knot[], time: number): number {
  let left = time
  for (let n = 1; n < knots.length; n++) {
    const [a, b] = [knots[n - 1] as Knot, knots[n] as Knot]
    const whole = timeBetween(a, b)
    if (left < whole) return a.speed + ((b.speed - a.speed) * left) / whole
    left -= whole
  }
  return knots.at(-1)?.speed ?? 1
}

/** Length of a piece in output frames, before it is put on whole ones. */
export function timeOf(piece: Piece): number {
  if (piece.kind === 'hold') return piece.frames
  let time = 0
  for (let n = 1; n < piece.knots.length; n++) {
    time += timeBetween(piece.knots[n - 1] as Knot, piece.knots[n] as Knot)
  }
  return time
}

/** Beyond what an editor can tell apart, and well above what adding up costs. */
function round6(value: number): number {
  return Math.round(value * 1e6) / 1e6
}

type Playing = Extract<Piece, { kind: 'play' }>

function play(from: number, to: number, knots: readonly Knot[]): Playing {
  return { kind: 'play', from, to, knots }
}

function plain(length: number): Knot[] {
  return [
    { at: 0, speed: 1 },
    { at: length, speed: 1 },
  ]
}

function applyOperation(
  pieces: readonly Piece[],
  operation: RetimeOperation,
  sourceFrames: number,
): readonly Piece[] {
  if (operation.kind === 'freeze') return freeze(pieces, operation, sourceFrames)
  const from = Math.max(0, operation.from)
  const to = Math.min(sourceFrames, operation.to)
  if (to <= from) return pieces
  const parts = splitAt(splitAt(pieces, from), to)
  const inside = (piece: Piece): boolean =>
    piece.kind === 'hold'
      ? piece.at >= from && piece.at < to
      : Math.min(piece.from, piece.to) >= from && Math.max(piece.from, piece.to) <= to
  return changeRuns(parts, inside, (run) => {
    switch (operation.kind) {
      case 'speed':
        return run.map((piece) =>
          piece.kind === 'hold'
            ? piece
            : { ...piece, knots: faster(piece.knots, operation.factor) },
        )
      case 'ramp':
        return ramp(run, operation)
      case 'reverse':
        return reversed(run)
      case 'ping-pong':
        return [...run, ...reversed(run)]
    }
  })
}

/** Replaces each longest row of neighbouring pieces that belong to an operation. */
function changeRuns(
  pieces: readonly Piece[],
  inside: (piece: Piece) => boolean,
  change: (run: readonly Piece[]) => readonly Piece[],
): Piece[] {
  const out: Piece[] = []
  let run: Piece[] = []
  const close = (): void => {
    if (run.length > 0) out.push(...change(run))
    run = []
  }
  for (const piece of pieces) {
    if (inside(piece)) run.push(piece)
    else {
      close()
      out.push(piece)
    }
  }
  close()
  return out
}

function splitAt(pieces: readonly Piece[], edge: number): Piece[] {
  return pieces.flatMap((piece): readonly Piece[] => {
    if (piece.kind === 'hold') return [piece]
    const distance = Math.abs(edge - piece.from)
    const length = Math.abs(piece.to - piece.from)
    const between = (edge - piece.from) * (edge - piece.to) < 0
    if (!between) return [piece]
    return [
      play(piece.from, edge, partOf(piece.knots, 0, distance)),
      play(edge, piece.to, partOf(piece.knots, distance, length)),
    ]
  })
}

function faster(knots: readonly Knot[], factor: number): Knot[] {
  return knots.map(({ at, speed }) => ({ at, speed: speed * factor }))
}

function reversed(run: readonly Piece[]): Piece[] {
  return run
    .map((piece) =>
      piece.kind === 'hold' ? piece : play(piece.to, piece.from, backwards(piece.knots)),
    )
    .reverse()
}

/** The ramp goes once over everything that plays, in playing order. */
function ramp(
  run: readonly Piece[],
  { start, end, easing }: Extract<RetimeOperation, { kind: 'ramp' }>,
): Piece[] {
  const lengthOf = (piece: Piece): number =>
    piece.kind === 'hold' ? 0 : Math.abs(piece.to - piece.from)
  const whole = run.reduce((sum, piece) => sum + lengthOf(piece), 0)
  const knots = rampKnots(whole, start, end, easing)
  let at = 0
  return run.map((piece) => {
    if (piece.kind === 'hold') return piece
    const from = at
    at += lengthOf(piece)
    return { ...piece, knots: multiply(piece.knots, partOf(knots, from, at)) }
  })
}

/** Stands still where the frame comes up first. */
function freeze(
  pieces: readonly Piece[],
  { at, frames }: Extract<RetimeOperation, { kind: 'freeze' }>,
  sourceFrames: number,
): Piece[] {
  const frame = Math.max(0, Math.min(sourceFrames - 1, at))
  const shows = (piece: Piece): boolean =>
    piece.kind === 'play' &&
    Math.min(piece.from, piece.to) <= frame &&
    Math.max(piece.from, piece.to) > frame
  const first = pieces.find(shows)
  if (first?.kind !== 'play') return [...pieces]
  const edge = first.to >= first.from ? frame : frame + 1
  const hold: Piece = { kind: 'hold', at: frame, frames }
  return pieces.flatMap((piece): readonly Piece[] => {
    if (piece !== first) return [piece]
    const parts = splitAt([piece], edge)
    const [head, ...tail] = parts
    return head !== undefined && edge !== piece.from ? [head, hold, ...tail] : [hold, ...parts]
  })
}

/** Joins neighbours that play on at the same even speed, so that seams are only where time changes. */
function merge(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = []
  for (const piece of pieces) {
    const before = out.at(-1)
    if (
      before?.kind === 'play' &&
      piece.kind === 'play' &&
      before.to === piece.from &&
      Math.sign(before.to - before.from) === Math.sign(piece.to - piece.from) &&
      evenSpeed(before) === evenSpeed(piece) &&
      evenSpeed(piece) !== null
    ) {
      const speed = evenSpeed(piece) ?? 1
      const length = Math.abs(piece.to - before.from)
      out[out.length - 1] = play(before.from, piece.to, faster(plain(length), speed))
    } else out.push(piece)
  }
  return out
}

/** True where every frame stays in its place. */
export function isIdentity({ pieces, frames, sourceFrames }: TimeMap): boolean {
  const [first] = pieces
  const plays = pieces.length === 1 && first?.piece.kind === 'play' ? first.piece : null
  return plays !== null && frames === sourceFrames && plays.from === 0 && evenSpeed(plays) === 1
}

/** The speed of a piece that plays evenly; null where it changes. */
export function evenSpeed({ knots }: Playing): number | null {
  const [first] = knots
  return first !== undefined && knots.every(({ speed }) => speed === first.speed)
    ? first.speed
    : null
}
