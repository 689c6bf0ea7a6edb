import type { FlowField } from '../flow.js'
import { bilinear } from '../sample.js'
import { boxMean } from '../boxMean.js'
import { pullPush } from '../pullPush.js'
import type { PairMotion } from './pairMotion.js'

/** Motion of what is seen at an instant between two frames. */
export interface MidMotion {
  readonly width: number
  readonly height: number
  /** Cells that each cell's content moves from the one frame to the other (x, y interleaved). */
  readonly motion: Float32Array
  /** Share 0..1 of the earlier frame in each cell. */
  readonly earlier: Float32Array
  /** 0..1 per cell: how far the motion around it can be believed; where not, a blend tears nothing. */
  readonly belief: Float32Array
}

/** Brightness levels at which a match is believed a third as much. */
const LEVELS = 12

/** Cells around a cell that say with it whether the motion there is known. */
const AROUND = 5
/** Mean belief around a cell up to which the frames are only blended, and from which only warped. */
const NOTHING = 0.4
const ALL = 0.9

/** What a frame keeps of its share where there and back says that its content is covered. */
const DOUBT = 0.3

/**
 * The motion field at instant `t` (0..1): both flows are thrown forward to where their content is
 * then, matches that look alike outweighing others (softmax splatting, Niklaus and Liu 2020), and
 * what nothing lands on is continued from around it. Content that only one frame shows is taken
 * from that frame.
 */
export function midMotion(pair: PairMotion, t: number): MidMotion {
  const { a, b, forward, backward, forwardTrust, backwardTrust } = pair
  const { width, height } = a
  const motion = new Float32Array(width * height * 2)
  const weight = new Float32Array(width * height)
  throwForward(motion, weight, forward, { from: a, to: b, trust: forwardTrust, share: t, sign: 1 })
  throwForward(motion, weight, backward, {
    ...{ from: b, to: a, trust: backwardTrust, share: 1 - t, sign: -1 },
  })
  for (let i = 0; i < weight.length; i++) {
    const sum = weight[i]!
    if (sum > 1e-4) {
      motion[i * 2] = motion[i * 2]! / sum
      motion[i * 2 + 1] = motion[i * 2 + 1]! / sum
      weight[i] = Math.min(1, sum * 4)
    } else weight[i] = 0
  }
  pullPush(motion, weight, { width, height }, 2, 0)
  return { width, height, motion, ...shares(pair, motion, t) }
}

function throwForward(
  motion: Float32Array,
  weight: Float32Array,
  flow: FlowField,
  {
    from,
    to,
    trust,
    share,
    sign,
  }: {
    readonly from: PairMotion['a']
    readonly to: PairMotion['a']
    readonly trust: Float32Array
    readonly share: number
    readonly sign: 1 | -1
  },
): void {
  const { width, height, data } = flow
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      const dx = data[i * 2]!
      const dy = data[i * 2 + 1]!
      const difference = Math.abs(from.data[i]! - bilinear(to, x + dx, y + dy))
      const importance = Math.exp(-difference / LEVELS) * (0.02 + trust[i]!)
      const tx = x + share * dx
      const ty = y + share * dy
      const ix = Math.floor(tx)
      const iy = Math.floor(ty)
      for (let tap = 0; tap < 4; tap++) {
        const px = ix + (tap & 1)
        const py = iy + (tap >> 1)
        if (px < 0 || py < 0 || px >= width || py >= height) continue
        const w = importance * (1 - Math.abs(tx - px)) * (1 - Math.abs(ty - py))
        const at = py * width + px
        weight[at] = weight[at]! + w
        motion[at * 2] = motion[at * 2]! + w * sign * dx
        motion[at * 2 + 1] = motion[at * 2 + 1]! + w * sign * dy
      }
    }
  }
}

function shares(
  pair: PairMotion,
  motion: Float32Array,
  t: number,
): Pick<MidMotion, 'earlier' | 'belief'> {
  const { a, b, forwardTrust, backwardTrust } = pair
  const { width, height } = a
  const earlier = new Float32Array(width * height)
  const found = new Float32Array(width * height)
  const inA = { width, height, data: forwardTrust }
  const inB = { width, height, data: backwardTrust }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      const dx = motion[i * 2]!
      const dy = motion[i * 2 + 1]!
      const outsideA = outside(x - t * dx, y - t * dy, width, height)
      const outsideB = outside(x + (1 - t) * dx, y + (1 - t) * dy, width, height)
      // What of the one frame finds nothing in the other has been covered by then, and is shown.
      const keptA = bilinear(inA, x - t * dx, y - t * dy)
      const keptB = bilinear(inB, x + (1 - t) * dx, y + (1 - t) * dy)
      const ofA = outsideA ? 1e-3 : (1 - t) * (keptB + DOUBT)
      const ofB = outsideB ? 1e-3 : t * (keptA + DOUBT)
      earlier[i] = ofA / (ofA + ofB)
      // Beside an edge one of both sees what is there; only where neither does, and what comes
      // together looks different, is nothing known.
      const before = bilinear(a, x - t * dx, y - t * dy)
      const after = bilinear(b, x + (1 - t) * dx, y + (1 - t) * dy)
      const alike = Math.exp(-Math.abs(before - after) / LEVELS)
      found[i] = outsideA || outsideB ? 1 : Math.max(keptA, keptB, alike)
    }
  }
  const belief = boxMean(found, { width, height }, AROUND)
  for (let i = 0; i < belief.length; i++) {
    const rise = Math.min(1, Math.max(0, (belief[i]! - NOTHING) / (ALL - NOTHING)))
    belief[i] = rise * rise * (3 - 2 * rise)
  }
  return { earlier, belief }
}

function outside(x: number, y: number, width: number, height: number): boolean {
  return x < -0.5 || y < -0.5 || x > width - 0.5 || y > height - 0.5
}
