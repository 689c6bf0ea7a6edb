/** A frame to be graded. */
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
