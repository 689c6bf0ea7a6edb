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
  const stages = createStages(input, grade)
  const across = Math.ceil(width / BLOCK)
  const changed = new Uint8Array(across * Math.ceil(height / BLOCK))
  const row = new Float32Array(width * 3)
  let any = false
  for (let y = 0; y < height; y++) {
    for (const stage of stages) stage(y, row)
    const blocks = Math.floor(y / BLOCK) * across
    for (let x = 0; x < width; x++) {
      const n = y * width + x
      const to = n * 4
      const coverage = mask === null ? 255 : (mask[n] as number)
      if (coverage === 0) {
        out[to] = out[to + 1] = out[to + 2] = out[to + 3] = 0
        continue
      }
      out[to + 3] = coverage
      const from = n * channels
      let differs = false
      for (let c = 0; c < 3; c++) {
        const value = (row[x * 3 + c] as number) * 255 + 0.5
        const byte = value <= 0 ? 0 : value >= 255 ? 255 : value | 0
        out[to + c] = byte
        if (byte !== data[from + c]) differs = true
      }
      if (differs) {
        changed[blocks + ((x / BLOCK) | 0)] = 1
        any = true
      }
    }
  }
  clearUnchanged(out, width, height, changed, across)
  return any
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
