import type { Picture } from '../../vision/image.js'

/** A frame of a take before it is laid out. */
export interface PaintedFrame {
  readonly frame: number
  /** What is seen without the paint. */
  readonly picture: Picture
  /** RGB in levels, times their cover; null where nothing is painted. */
  readonly colours: Float32Array | null
  /** 0..255 a pixel; null where all is covered. */
  readonly cover: Uint8Array | null
  /** 0..1: how much of it was painted, and not guessed. */
  readonly confidence: number
}

/**
 * Paint as a frame of the take: as opaque as mask and cover are.
 *
 * @param options.opacity 0..1, of all of it
 */
export function layOut(
  { picture: { data }, colours, cover }: PaintedFrame,
  options: {
    readonly mask: Uint8Array | null
    readonly keepColours: boolean
    readonly opacity: number
  },
  out: Uint8Array,
): void {
  const { mask, keepColours, opacity } = options
  if (colours === null) return
  for (let from = 0, to = 0, n = 0; from < colours.length; from += 3, to += 4, n++) {
    const covered = cover === null ? 255 : cover[n]!
    const inside = mask === null ? 255 : mask[n]!
    const alpha = Math.round((covered * inside * opacity) / 255)
    if (alpha === 0) continue
    const whole = covered === 255 ? 1 : 255 / covered
    let red = colours[from]! * whole
    let green = colours[from + 1]! * whole
    let blue = colours[from + 2]! * whole
    if (keepColours) {
      const r = data[from]!
      const g = data[from + 1]!
      const b = data[from + 2]!
      // The same step of light for all three: differences of colour stay those of the source.
      const light = 0.299 * (red - r) + 0.587 * (green - g) + 0.114 * (blue - b)
      red = r + light
      green = g + light
      blue = b + light
    }
    out[to] = byte(red)
    out[to + 1] = byte(green)
    out[to + 2] = byte(blue)
    out[to + 3] = alpha
  }
}

const byte = (value: number): number => (value <= 0 ? 0 : value >= 255 ? 255 : Math.round(value))
