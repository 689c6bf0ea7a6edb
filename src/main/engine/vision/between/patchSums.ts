import { openPatchVectors } from '../../wasm/patchSums.js'
import { PATCH, slopesOf } from './patchPlane.js'
import type { Padded } from './patchPlane.js'

/**
 * Sums over a patch at sample `i` of one plane against the samples around `j` of another, by the
 * weights of the four around each: all that a search for motion spends its time on.
 */
export interface PatchSums {
  /** Squares of the differences, less what their mean makes of it. */
  cost(i: number, j: number, w00: number, w10: number, w01: number, w11: number): number
  /** The same; and in `slope` the sum of the differences, and of them times slopes across and down. */
  step(i: number, j: number, w00: number, w10: number, w01: number, w11: number): number
  readonly slope: Float64Array
  /** Adds the motion (x, y) where the patch lies, the more the better a sample fits. */
  spread(i: number, j: number, ...rest: readonly number[]): void
  /** Per sample the weights, and motion across and down times them. */
  readonly weight: Float32Array
  readonly moveX: Float32Array
  readonly moveY: Float32Array
}

const COUNT = PATCH * PATCH

/** For patches of `a` in `b`; good until it is asked for again. */
export function openPatchSums(a: Padded, b: Padded): PatchSums {
  return inVectors(a, b) ?? oneByOne(a, b)
}

/** Null where the planes do not lie alike, or the processor has no vectors. */
export function inVectors(a: Padded, b: Padded): PatchSums | null {
  if (a.stride !== b.stride || a.data.length !== b.data.length) return null
  const { x, y } = slopesOf(a)
  const vectors = openPatchVectors([a.data, b.data, x, y])
  if (vectors === null) return null
  const { cost, step, spread, results, first, gap, spreadTo } = vectors
  const [weight, moveX, moveY] = spreadTo
  const stride = a.stride * 4
  const second = first + gap
  const slope = new Float64Array(3)
  return {
    ...{ weight, moveX, moveY, slope },
    cost(i, j, w00, w10, w01, w11) {
      cost(first + i * 4, second + j * 4, stride, w00, w10, w01, w11)
      const sum = results[0]! + results[1]! + results[2]! + results[3]!
      const squares = results[4]! + results[5]! + results[6]! + results[7]!
      return squares - (sum * sum) / COUNT
    },
    step(i, j, w00, w10, w01, w11) {
      step(first + i * 4, second + j * 4, stride, gap, w00, w10, w01, w11)
      const sum = results[0]! + results[1]! + results[2]! + results[3]!
      const squares = results[4]! + results[5]! + results[6]! + results[7]!
      slope[0] = sum
      slope[1] = results[8]! + results[9]! + results[10]! + results[11]!
      slope[2] = results[12]! + results[13]! + results[14]! + results[15]!
      return squares - (sum * sum) / COUNT
    },
    spread(i, j, w00, w10, w01, w11, mx, my) {
      spread(first + i * 4, second + j * 4, stride, gap, w00, w10, w01, w11, mx, my)
    },
  }
}

export function oneByOne(a: Padded, b: Padded): PatchSums {
  const { x: across, y: down } = slopesOf(a)
  const [weight, moveX, moveY] = [0, 1, 2].map(() => new Float32Array(a.data.length)) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ]
  const slope = new Float64Array(3)
  const differences = new Float64Array(COUNT)
  const differ = (i: number, j: number, weights: readonly number[]): void => {
    const [w00, w10, w01, w11] = weights as [number, number, number, number]
    for (let row = 0, n = 0; row < PATCH; row++) {
      let at = i + row * a.stride
      let to = j + row * b.stride
      for (let column = 0; column < PATCH; column++, at++, to++, n++) {
        differences[n] =
          w00 * b.data[to]! +
          w10 * b.data[to + 1]! +
          w01 * b.data[to + b.stride]! +
          w11 * b.data[to + b.stride + 1]! -
          a.data[at]!
      }
    }
  }
  const step = (i: number, j: number, ...weights: number[]): number => {
    differ(i, j, weights)
    let squares = 0
    slope.fill(0)
    for (let n = 0; n < COUNT; n++) {
      const d = differences[n]!
      const at = i + (n >> 3) * a.stride + (n & 7)
      squares += d * d
      slope[0] = slope[0]! + d
      slope[1] = slope[1]! + d * across[at]!
      slope[2] = slope[2]! + d * down[at]!
    }
    return squares - (slope[0]! * slope[0]!) / COUNT
  }
  return {
    ...{ weight, moveX, moveY, slope, cost: step, step },
    spread(i, j, ...rest) {
      differ(i, j, rest)
      for (let n = 0; n < COUNT; n++) {
        const at = i + (n >> 3) * a.stride + (n & 7)
        const w = 1 / Math.max(1, differences[n]! ** 2)
        weight[at] = weight[at]! + w
        moveX[at] = moveX[at]! + w * rest[4]!
        moveY[at] = moveY[at]! + w * rest[5]!
      }
    },
  }
}
