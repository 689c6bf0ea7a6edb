import { lookUp } from '../../../../../shared/grade/lut.js'
import type { Lut } from '../../../../../shared/grade/lut.js'
import type { Picture, Size } from '../../image.js'
import type { Reaching } from './keys.js'
import { ask, noReadings, readPaint } from './readPaint.js'
import type { Readings } from './readPaint.js'
import { turned } from './seam.js'
import { APART, LEAST, surroundingsOf } from './surroundings.js'
import type { Surroundings } from './surroundings.js'

/** What a frame's paint is made of. */
export interface Carried {
  /** RGB times alpha, three floats a pixel in levels. */
  readonly colours: Float32Array
  /** 0..255 a pixel; null where all is opaque. */
  readonly cover: Uint8Array | null
  /** Mean share of the frame that a key frame's paint has reached, 0..1. */
  readonly confidence: number
}

/** Belief above which nothing else is mixed in. */
const WHOLE = 0.995

/**
 * Carries paint to a frame: each pixel takes that of the key frames, the nearer and the surer one
 * above the other; of two that differ it takes one (`seamOf`). Where neither is believed, the
 * source's own pixel in the colours of the key frames stands in, shifted to the paint around it.
 *
 * @param picture the frame as it is seen without paint
 * @param keys one, or the ones before and after
 * @param toPaint the table from the clip's colours to those of its key frames; null where the key
 * frames are transparent in places: what they do not reach is then left unpainted
 * @param factor pixels per cell of the ways
 */
export function carryPaint(
  picture: Picture,
  keys: readonly Reaching[],
  toPaint: Lut | null,
  factor: number,
): Carried {
  const { width, height } = picture
  const around = surroundingsOf(picture, keys, toPaint, factor)
  const colours = new Float32Array(width * height * 3)
  const cover = toPaint === null ? new Uint8Array(width * height) : null
  const rows = keys.map(({ way }) => ({
    line: { belief: new Float32Array(way.width), move: new Float32Array(way.width * 2) },
    share: new Float32Array(width),
    believed: new Float32Array(width),
    readings: noReadings(width),
  }))
  const sums = new Float32Array(width * SUMS)
  let sum = 0
  // Functions of their own are compiled as a whole after some rows; a loop in a loop late, or by half.
  for (let y = 0; y < height; y++) {
    for (const [k, row] of rows.entries()) shareRow(y, width, keys[k]!, factor, row)
    const [first, second] = rows
    if (around.seam !== null && first !== undefined && second !== undefined) {
      turnRow(y, factor, around, first.share, second.share)
    }
    for (const [k, row] of rows.entries()) {
      askRow(y, keys[k]!, factor, row)
      readPaint(keys[k]!.key, row.readings)
    }
    sum += mixRow(y, picture, rows, sums, toPaint, factor, around, colours, cover)
  }
  return { colours, cover, confidence: sum / (width * height) }
}

/** A row of pixels of one key frame. */
interface Row {
  /** Its way along the row, in cells. */
  readonly line: { readonly belief: Float32Array; readonly move: Float32Array }
  /** Per pixel how much it counts, and how far it is believed. */
  readonly share: Float32Array
  readonly believed: Float32Array
  /** Of those pixels alone in which it counts. */
  readonly readings: Readings
}

/** Between two rows of cells. */
function lineOf(
  data: Float32Array,
  channels: number,
  { width, height }: Size,
  at: number,
  out: Float32Array,
): void {
  const top = Math.floor(at)
  const under = at - top
  const from = top * width * channels
  const step = top < height - 1 ? width * channels : 0
  for (let n = 0; n < out.length; n++) {
    out[n] = (1 - under) * data[from + n]! + under * data[from + step + n]!
  }
}

/** The cell at a pixel, with its fraction. */
function cellAt(pixel: number, factor: number, length: number): number {
  return hold((pixel + 0.5) / factor - 0.5, length)
}

function shareRow(
  y: number,
  width: number,
  { way, near }: Reaching,
  factor: number,
  row: Row,
): void {
  const { share, believed, line } = row
  const at = cellAt(y, factor, way.height)
  lineOf(way.belief, 1, way, at, line.belief)
  lineOf(way.move, 2, way, at, line.move)
  const { belief } = line
  for (let x = 0; x < width; x++) {
    const cell = cellAt(x, factor, way.width)
    const left = Math.floor(cell)
    const right = left < way.width - 1 ? left + 1 : left
    const here = belief[left]! + (cell - left) * (belief[right]! - belief[left]!)
    believed[x] = here
    share[x] = here * here * here * near
  }
}

/** Of two key frames that both reach a pixel, how much each counts there by now. */
function turnRow(
  y: number,
  factor: number,
  { seam, width, height }: Surroundings,
  first: Float32Array,
  second: Float32Array,
): void {
  if (seam === null) return
  const line = new Float32Array(width * 2)
  lineOf(seam.turn, 2, { width, height }, hold(cellAt(y, factor, Infinity) / APART, height), line)
  for (let x = 0; x < first.length; x++) {
    if (first[x]! < LEAST || second[x]! < LEAST) continue
    const cell = hold(cellAt(x, factor, Infinity) / APART, width)
    const left = Math.floor(cell)
    const right = left < width - 1 ? left + 1 : left
    const along = cell - left
    const middle = line[left * 2]! + along * (line[right * 2]! - line[left * 2]!)
    const half = line[left * 2 + 1]! + along * (line[right * 2 + 1]! - line[left * 2 + 1]!)
    const all = first[x]! + second[x]!
    const part = turned(second[x]! / all, middle, half)
    first[x] = all * (1 - part)
    second[x] = all * part
  }
}

function askRow(y: number, { key, way }: Reaching, factor: number, row: Row): void {
  const { share, readings, line } = row
  const { move } = line
  readings.count = 0
  for (let x = 0; x < share.length; x++) {
    if (share[x]! < LEAST) continue
    const cell = cellAt(x, factor, way.width)
    const left = Math.floor(cell)
    const right = left < way.width - 1 ? left + 1 : left
    const along = cell - left
    const dx = move[left * 2]! + along * (move[right * 2]! - move[left * 2]!)
    const dy = move[left * 2 + 1]! + along * (move[right * 2 + 1]! - move[left * 2 + 1]!)
    ask(readings, key, x + factor * dx, y + factor * dy)
  }
}

/** What a pixel is made of meanwhile. */
const own = new Float32Array(3)
const mixed = new Float32Array(4)
const between = new Float32Array(4)
/** Of each pixel of a row: RGBA, weights and beliefs of the key frames. */
const SUMS = 6

/** @returns the sum of the row's pixels of how far a key frame's paint has reached them, each 0..1 */
function mixRow(
  y: number,
  { width, data }: Picture,
  rows: readonly Row[],
  sums: Float32Array,
  toPaint: Lut | null,
  factor: number,
  around: Surroundings,
  colours: Float32Array,
  cover: Uint8Array | null,
): number {
  sums.fill(0)
  for (const row of rows) addRow(row, sums)
  let sum = 0
  for (let x = 0, n = y * width, at = 0; x < width; x++, n++, at += SUMS) {
    const weight = sums[at + 4]!
    const reached = weight === 0 ? 0 : sums[at + 5]! / weight
    sum += reached
    const rest = reached > WHOLE ? 0 : 1 - reached
    const paint = weight === 0 ? 0 : (1 - rest) / weight
    mixed[0] = paint * sums[at]!
    mixed[1] = paint * sums[at + 1]!
    mixed[2] = paint * sums[at + 2]!
    mixed[3] = paint * sums[at + 3]!
    if (rest > 0) standIn(x, y, n, data, toPaint, factor, around, rest)
    colours[n * 3] = mixed[0]
    colours[n * 3 + 1] = mixed[1]
    colours[n * 3 + 2] = mixed[2]
    if (cover === null) continue
    const value = mixed[3]
    cover[n] = value <= 0 ? 0 : value >= 254.5 ? 255 : Math.round(value)
  }
  return sum
}

/** Adds the paint of a key frame where it counts, with how much it does and is believed. */
function addRow({ share, believed, readings }: Row, sums: Float32Array): void {
  const { paint } = readings
  for (let x = 0, at = 0, from = 0; x < share.length; x++, at += SUMS) {
    const mine = share[x]!
    if (mine < LEAST) continue
    sums[at] = sums[at]! + mine * paint[from]!
    sums[at + 1] = sums[at + 1]! + mine * paint[from + 1]!
    sums[at + 2] = sums[at + 2]! + mine * paint[from + 2]!
    sums[at + 3] = sums[at + 3]! + mine * paint[from + 3]!
    sums[at + 4] = sums[at + 4]! + mine
    sums[at + 5] = sums[at + 5]! + mine * believed[x]!
    from += 4
  }
}

/** Adds to what is mixed the share that no key frame's paint has reached. */
function standIn(
  x: number,
  y: number,
  n: number,
  data: Uint8Array,
  toPaint: Lut | null,
  factor: number,
  { shift, width, height }: Surroundings,
  rest: number,
): void {
  if (toPaint !== null) {
    for (let i = 0; i < 3; i++) own[i] = data[n * 3 + i]! / 255
    lookUp(toPaint, own)
  } else own.fill(0)
  const cx = hold(cellAt(x, factor, Infinity) / APART, width)
  const cy = hold(cellAt(y, factor, Infinity) / APART, height)
  bilinearFour(shift, width, height, cx, cy)
  for (let i = 0; i < 4; i++) {
    mixed[i] = mixed[i]! + rest * (i < 3 ? 255 * own[i]! + between[i]! : between[i]!)
  }
}

/** Into {@link between}. */
function bilinearFour(
  data: Float32Array,
  width: number,
  height: number,
  x: number,
  y: number,
): void {
  const left = Math.floor(x)
  const top = Math.floor(y)
  const [fx, fy] = [x - left, y - top]
  const a = (top * width + left) * 4
  const right = left < width - 1 ? 4 : 0
  const down = top < height - 1 ? width * 4 : 0
  for (let i = 0; i < 4; i++) {
    const above = data[a + i]! + fx * (data[a + right + i]! - data[a + i]!)
    const under = data[a + down + i]! + fx * (data[a + down + right + i]! - data[a + down + i]!)
    between[i] = above + fy * (under - above)
  }
}

function hold(value: number, length: number): number {
  return value < 0 ? 0 : value > length - 1 ? length - 1 : value
}
