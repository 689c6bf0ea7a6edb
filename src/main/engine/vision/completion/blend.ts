import { pullPush } from '../pullPush.js'
import type { Canvas } from './canvas.js'
import type { ShiftMap } from './shiftMap.js'

/** A step (levels) much above this is other content, not other light, and is left as it is. */
const LIGHT_CHANGE = 24

const SWEEPS = 120

/**
 * Copies what a shift map chose into the canvas, then takes away the steps of light at its seams
 * (Perez et al. 2003, "Poisson Image Editing"): what is solved for is the correction, smooth
 * everywhere but at the seams.
 */
export function copyAndBlend(canvas: Canvas, { nodes, chosen, offsets }: ShiftMap): void {
  const { width, height, data, target } = canvas
  const size = { width, height }
  const missing = new Float32Array(width * height).fill(1)
  const copy = data.slice()
  nodes.forEach((pixel, n) => {
    const offset = offsets[chosen[n]!]
    if (offset === undefined) {
      missing[pixel] = 0
      return
    }
    const from = pixel + offset.y * width + offset.x
    for (let c = 0; c < 3; c++) copy[pixel * 3 + c] = data[from * 3 + c]!
  })
  if (missing.includes(0)) pullPush(copy, missing, size, 3)

  // The step across each pair: what one side's source shows of the other side, against what is there.
  const place = new Int32Array(width * height).fill(-1)
  nodes.forEach((pixel, n) => {
    place[pixel] = n
  })
  const correction = new Float32Array(nodes.length * 3)
  const neighbours = new Int32Array(nodes.length * 4).fill(-1)
  const steps = new Float32Array(nodes.length * 12)
  const shown = (n: number, pixel: number): number => {
    const offset = offsets[chosen[n]!]
    if (offset === undefined) return -1
    const x = (pixel % width) + offset.x
    const y = Math.floor(pixel / width) + offset.y
    if (x < 0 || y < 0 || x >= width || y >= height) return -1
    return target[y * width + x] === 1 ? -1 : y * width + x
  }
  nodes.forEach((pixel, n) => {
    const x = pixel % width
    const around = [
      x > 0 ? pixel - 1 : -1,
      x < width - 1 ? pixel + 1 : -1,
      pixel - width,
      pixel + width < place.length ? pixel + width : -1,
    ]
    around.forEach((beside, k) => {
      if (beside < 0) return
      const other = place[beside]!
      neighbours[n * 4 + k] = other >= 0 ? other : -2
      if (other >= 0 && chosen[other] === chosen[n]) return
      for (let c = 0; c < 3; c++) {
        let sum = 0
        let sides = 0
        const mine = shown(n, beside)
        if (mine >= 0) {
          sum += copy[beside * 3 + c]! - data[mine * 3 + c]!
          sides++
        }
        const theirs = other >= 0 ? shown(other, pixel) : -1
        if (theirs >= 0) {
          sum += data[theirs * 3 + c]! - copy[pixel * 3 + c]!
          sides++
        }
        steps[(n * 4 + k) * 3 + c] = sides === 0 ? 0 : sum / sides
      }
      let most = 0
      for (let c = 0; c < 3; c++) most = Math.max(most, Math.abs(steps[(n * 4 + k) * 3 + c]!))
      const light = 1 / (1 + (most / LIGHT_CHANGE) ** 4)
      for (let c = 0; c < 3; c++) {
        steps[(n * 4 + k) * 3 + c] = steps[(n * 4 + k) * 3 + c]! * light
      }
    })
  })
  solve(correction, neighbours, steps, nodes.length)
  nodes.forEach((pixel, n) => {
    for (let c = 0; c < 3; c++) data[pixel * 3 + c] = copy[pixel * 3 + c]! + correction[n * 3 + c]!
  })
}

/** Successive over-relaxation of `correction[n] = mean(correction[neighbour] + step)`. */
function solve(
  correction: Float32Array,
  neighbours: Int32Array,
  steps: Float32Array,
  count: number,
): void {
  const speed = 1.9
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (let m = 0; m < count; m++) {
      const n = sweep % 2 === 0 ? m : count - 1 - m
      let used = 0
      let red = 0
      let green = 0
      let blue = 0
      for (let k = 0; k < 4; k++) {
        const other = neighbours[n * 4 + k]!
        if (other === -1) continue
        const at = (n * 4 + k) * 3
        used++
        red += steps[at]!
        green += steps[at + 1]!
        blue += steps[at + 2]!
        if (other < 0) continue
        red += correction[other * 3]!
        green += correction[other * 3 + 1]!
        blue += correction[other * 3 + 2]!
      }
      if (used === 0) continue
      const at = n * 3
      correction[at] = correction[at]! + speed * (red / used - correction[at]!)
      correction[at + 1] = correction[at + 1]! + speed * (green / used - correction[at + 1]!)
      correction[at + 2] = correction[at + 2]! + speed * (blue / used - correction[at + 2]!)
    }
  }
}
