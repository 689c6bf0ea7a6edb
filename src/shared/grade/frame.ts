import { colourBytes } from './lut.js'
import type { FrameGrade } from './plan.js'
import { createStages } from './stages.js'

export interface GradeInput {
  /** sRGB bytes, red first. */
  readonly data: Uint8Array | Uint8ClampedArray
  readonly channels: 3 | 4
  readonly width: number
  readonly height: number
  /** Source frame: grain and fog change with it. */
  readonly frame: number
  readonly seed: number
  /** Source pixels along one pixel of `data`: 1 at full size, 2 for a preview of half the width. */
  readonly scale: number
  /** How far the edit reaches, 0..255 a pixel; null for everywhere. */
  readonly mask: Uint8Array | null
}

/** Side of the squares that are either all left alone or all stored. */
const BLOCK = 16
/**
 * Applies an edit to one frame. `out` (RGBA) gets the edited colours with the mask as alpha; alpha
 * is 0 wherever neither a pixel nor a near neighbour changes, so that there the source shows bit
 * by bit. The preview and the take are both made here.
 *
 * @returns true when anything changed
 */
export function gradeFrame(
  input: GradeInput,
  grade: FrameGrade,
  out: Uint8Array | Uint8ClampedArray,
): boolean {
  const { data, channels, width, height, mask } = input
  const draw = drawRows(input, grade)
  const across = Math.ceil(width / BLOCK)
  const changed = new Uint8Array(across * Math.ceil(height / BLOCK))
  const row = new Uint8Array(width * 3)
  let any = false
  for (let y = 0; y < height; y++) {
    const first = y * width
    if (mask !== null && isEmpty(mask, first, width)) {
      out.fill(0, first * 4, (first + width) * 4)
      continue
    }
    draw(y, row)
    const blocks = Math.floor(y / BLOCK) * across
    let from = first * channels
    let to = first * 4
    for (let x = 0, at = 0; x < width; x++, at += 3, from += channels, to += 4) {
      const coverage = mask === null ? 255 : (mask[first + x] as number)
      if (coverage === 0) {
        out[to] = out[to + 1] = out[to + 2] = out[to + 3] = 0
        continue
      }
      const red = row[at] as number
      const green = row[at + 1] as number
      const blue = row[at + 2] as number
      out[to] = red
      out[to + 1] = green
      out[to + 2] = blue
      out[to + 3] = coverage
      if (red !== data[from] || green !== data[from + 1] || blue !== data[from + 2]) {
        changed[blocks + ((x / BLOCK) | 0)] = 1
        any = true
      }
    }
  }
  clearUnchanged(out, width, height, changed, across)
  return any
}

/** Draws one row of the frame with its edit, as sRGB bytes. */
function drawRows(input: GradeInput, grade: FrameGrade): (y: number, row: Uint8Array) => void {
  const { data, channels, width, mask } = input
  const { lut, spatial } = grade
  if (lut !== null && Object.values(spatial).every((value) => value === 0)) {
    // Nothing but a table: from bytes to bytes, which most edits are.
    return (y, row) => colourBytes(lut, data, channels, y * width, row, mask)
  }
  const stages = createStages(input, grade)
  const colours = new Float32Array(width * 3)
  return (y, row) => {
    for (const stage of stages) stage(y, colours)
    for (let at = 0; at < colours.length; at++) {
      const value = (colours[at] as number) * 255 + 0.5
      row[at] = value <= 0 ? 0 : value >= 255 ? 255 : value | 0
    }
  }
}

function isEmpty(mask: Uint8Array, first: number, count: number): boolean {
  for (let n = first; n < first + count; n++) if (mask[n] !== 0) return false
  return true
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
