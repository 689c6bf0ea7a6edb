import { fadedLut } from './fade.js'
import type { GradeInput } from './input.js'
import { openBytes } from './lutBytes.js'
import type { OpenBytes } from './lutBytes.js'
import type { FrameGrade } from './plan.js'
import { createStages } from './stages.js'

/** Side of the squares that are either all left alone or all stored. */
const BLOCK = 16

/**
 * Applies an edit to one frame. `out` (RGBA) gets the edited colours with the mask as alpha; alpha
 * is 0 wherever neither a pixel nor a near neighbour changes, so that there the source shows bit
 * by bit. The preview and the take are both made here.
 *
 * @param openTable what looks colours up: the same to the bit, whoever does it
 * @returns true when anything changed
 */
export function gradeFrame(
  input: GradeInput,
  grade: FrameGrade,
  out: Uint8Array | Uint8ClampedArray,
  openTable: OpenBytes = openBytes,
): boolean {
  const { width, height, mask } = input
  const draw = openDraw(input, grade, out, openTable)
  const across = Math.ceil(width / BLOCK)
  const changed = new Uint8Array(across * Math.ceil(height / BLOCK))
  let any = false
  for (let y = 0; y < height; y++) {
    const first = y * width
    const from = mask === null ? first : nextCovered(mask, first, first + width)
    const to = mask === null ? first + width : lastCovered(mask, from, first + width)
    out.fill(0, first * 4, from * 4)
    out.fill(0, to * 4, (first + width) * 4)
    if (from === to) continue
    draw(from, to, y)
    if (mask !== null) cover(out, mask, from, to)
    if (findChanges(input, out, from, to, y, changed)) any = true
  }
  clearUnchanged(out, width, height, changed, across)
  return any
}

/** Draws pixels `[from, to)` of the frame, all of them in row `y`: colours with alpha 255. */
type Draw = (from: number, to: number, y: number) => void

function openDraw(
  input: GradeInput,
  grade: FrameGrade,
  out: Uint8Array | Uint8ClampedArray,
  openTable: OpenBytes,
): Draw {
  const { data, channels, width } = input
  const { spatial, fades } = grade
  const lut = fades.length === 0 ? grade.lut : fadedLut(grade.lut, fades)
  if (lut !== null && Object.values(spatial).every((value) => value === 0)) {
    // Nothing but a table: from bytes to bytes, which most edits are.
    return openTable(lut, data, channels, out)
  }
  const stages = createStages(input, grade)
  const row = new Float32Array(width * 3)
  return (from, to, y) => {
    for (const stage of stages) stage(y, row)
    for (let n = from, at = (from - y * width) * 3; n < to; n++, at += 3) {
      for (let c = 0; c < 3; c++) {
        const value = (row[at + c] as number) * 255 + 0.5
        out[n * 4 + c] = value <= 0 ? 0 : value >= 255 ? 255 : value | 0
      }
      out[n * 4 + 3] = 255
    }
  }
}

/** The first pixel of `[from, to)` that the mask reaches; `to` for none. */
function nextCovered(mask: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && mask[at] === 0) at++
  return at
}

/** Behind the last pixel of `[from, to)` that the mask reaches; `from` for none. */
function lastCovered(mask: Uint8Array, from: number, to: number): number {
  let at = to
  while (at > from && mask[at - 1] === 0) at--
  return at
}

/** The mask as alpha, and nothing at all where it is 0. */
function cover(
  out: Uint8Array | Uint8ClampedArray,
  mask: Uint8Array,
  from: number,
  to: number,
): void {
  for (let n = from; n < to; n++) {
    const coverage = mask[n] as number
    if (coverage === 0) out.fill(0, n * 4, n * 4 + 4)
    else out[n * 4 + 3] = coverage
  }
}

/** Marks the blocks in which a drawn pixel differs from the source; true when any does. */
function findChanges(
  { data, channels, width }: GradeInput,
  out: Uint8Array | Uint8ClampedArray,
  from: number,
  to: number,
  y: number,
  changed: Uint8Array,
): boolean {
  const first = y * width
  const blocks = Math.floor(y / BLOCK) * Math.ceil(width / BLOCK)
  let any = false
  for (let n = from; n < to;) {
    const block = blocks + Math.floor((n - first) / BLOCK)
    const end = Math.min(to, first + (block - blocks + 1) * BLOCK)
    // One pixel is enough: most blocks of most edits are known by their first.
    if (changed[block] === 0 && differs(data, channels, out, n, end)) changed[block] = 1
    if (changed[block] === 1) any = true
    n = end
  }
  return any
}

function differs(
  data: Uint8Array | Uint8ClampedArray,
  channels: number,
  out: Uint8Array | Uint8ClampedArray,
  from: number,
  to: number,
): boolean {
  for (let n = from; n < to; n++) {
    const [at, of] = [n * 4, n * channels]
    if (out[at + 3] === 0) continue
    if (out[at] !== data[of] || out[at + 1] !== data[of + 1] || out[at + 2] !== data[of + 2]) {
      return true
    }
  }
  return false
}

/** Alpha 0 in every block that is more than a block away from all change. */
function clearUnchanged(
  out: Uint8Array | Uint8ClampedArray,
  width: number,
  height: number,
  changed: Uint8Array,
  across: number,
): void {
  const down = changed.length / across
  for (let by = 0; by < down; by++) {
    for (let bx = 0; bx < across; bx++) {
      let near = false
      for (let y = Math.max(0, by - 1); y <= Math.min(down - 1, by + 1); y++) {
        for (let x = Math.max(0, bx - 1); x <= Math.min(across - 1, bx + 1); x++) {
          if (changed[y * across + x] === 1) near = true
        }
      }
      if (near) continue
      for (let y = by * BLOCK; y < Math.min(height, (by + 1) * BLOCK); y++) {
        out.fill(
          0,
          (y * width + bx * BLOCK) * 4,
          (y * width + Math.min(width, (bx + 1) * BLOCK)) * 4,
        )
      }
    }
  }
}
