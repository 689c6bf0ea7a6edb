import type { Picture, Plane } from './image.js'
import { bicubic, bilinear } from './sample.js'
import { followField } from './stillMotion.js'
import type { MotionField, Offsets } from './stillMotion.js'

/** Places looked at to tell how alike two frames' details are: one in this many, each way. */
const LIKENESS_STEP = 7
/** Details are amplified by 1.4 at most. */
const LEAST_SPREAD = 0.5
/** Size of what counts as detail, as a share of the picture's longer side. */
const DETAIL = 1 / 24

/**
 * Frames of a still whose region moves along a field, in a cycle without a seam: each frame is
 * what has come from the beginning of the cycle, fading into what will arrive at its end. Frame 0
 * is the still; a pixel that the region does not cover is the still's, bit for bit, in all.
 *
 * @param region coverage 0..255 at the still's size
 * @param field at any size; its border lies on the still's. What it moves in `cycle` frames is one turn
 * @param turns how often it is gone through in a cycle
 * @returns a function from frame number to the frame
 */
export function animateStill(
  still: Picture,
  region: Uint8Array,
  field: MotionField,
  cycle: number,
  turns = 1,
): (frame: number) => Picture {
  const back = followField(field, cycle, -1)
  const ahead = followField(field, cycle, 1)
  const { width, height } = still
  const scaleX = width / field.width
  const scaleY = height / field.height

  /** Where a pixel's content is to be read, in pixels. */
  function source(offsets: Offsets, x: number, y: number, out: Float64Array): void {
    const cellX = (x + 0.5) / scaleX - 0.5
    const cellY = (y + 0.5) / scaleY - 0.5
    out[0] = x + bilinear(offsets.x, cellX, cellY) * scaleX
    out[1] = y + bilinear(offsets.y, cellX, cellY) * scaleY
  }

  const at = new Float64Array(2)
  const come = new Float32Array(3)
  const will = new Float32Array(3)
  const comeBase = new Float32Array(3)
  const willBase = new Float32Array(3)
  const smooth = smoothPlanes(still)

  /** The still at a place: three colours, and their smooth parts behind them. */
  function read(place: Float64Array, detail: Float32Array, base: Float32Array): void {
    const [x = 0, y = 0] = place
    bicubic(still, x, y, detail, 0)
    for (let c = 0; c < 3; c++) {
      const plane = smooth.planes[c]!
      base[c] = bilinear(plane, (x + 0.5) / smooth.factor - 0.5, (y + 0.5) / smooth.factor - 0.5)
      detail[c]! -= base[c]!
    }
  }

  /** How alike the details are that a frame fades between, -1..1, over a grid of places. */
  function likeness(n: number): number {
    let both = 0
    let first = 0
    let second = 0
    for (let y = 0; y < height; y += LIKENESS_STEP) {
      for (let x = 0; x < width; x += LIKENESS_STEP) {
        if (region[y * width + x]! < 128) continue
        source(back[n]!, x, y, at)
        if (at[0] === x && at[1] === y) continue
        read(at, come, comeBase)
        source(ahead[cycle - n]!, x, y, at)
        read(at, will, willBase)
        for (let c = 0; c < 3; c++) {
          both += come[c]! * will[c]!
          first += come[c]! * come[c]!
          second += will[c]! * will[c]!
        }
      }
    }
    return both / Math.sqrt(Math.max(1e-6, first * second))
  }

  return (frame) => {
    const n = (frame * turns) % cycle
    if (n === 0) return still
    const data = still.data.slice()
    const arriving = n / cycle
    const leaving = 1 - arriving
    // Details that differ cancel out in a fade, and water would look milky half-way: what the
    // fade takes from their spread is given back.
    const spread = leaving ** 2 + arriving ** 2 + 2 * leaving * arriving * likeness(n)
    const gain = 1 / Math.sqrt(Math.max(LEAST_SPREAD, spread))
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const pixel = y * width + x
        const cover = region[pixel]! / 255
        if (cover === 0) continue
        source(back[n]!, x, y, at)
        if (at[0] === x && at[1] === y) continue
        read(at, come, comeBase)
        source(ahead[cycle - n]!, x, y, at)
        read(at, will, willBase)
        for (let c = 0; c < 3; c++) {
          const base = leaving * comeBase[c]! + arriving * willBase[c]!
          const moved = base + gain * (leaving * come[c]! + arriving * will[c]!)
          const under = still.data[pixel * 3 + c]!
          const value = Math.round(under + cover * (moved - under))
          data[pixel * 3 + c] = value < 0 ? 0 : value > 255 ? 255 : value
        }
      }
    }
    return { width, height, data }
  }
}

/** The still's colours without its details, at a small size: block means, read bilinearly. */
function smoothPlanes({ width, height, data }: Picture): {
  readonly planes: readonly Plane[]
  readonly factor: number
} {
  const factor = Math.max(1, Math.round(Math.max(width, height) * DETAIL))
  const size = { width: Math.ceil(width / factor), height: Math.ceil(height / factor) }
  const planes = [0, 1, 2].map((c): Plane => {
    const sums = new Float32Array(size.width * size.height)
    const counts = new Float32Array(sums.length)
    for (let n = 0; n < width * height; n++) {
      const cell =
        Math.floor(Math.floor(n / width) / factor) * size.width + Math.floor((n % width) / factor)
      sums[cell]! += data[n * 3 + c]!
      counts[cell]!++
    }
    return { ...size, data: sums.map((sum, cell) => sum / counts[cell]!) }
  })
  return { planes, factor }
}
