import { blurField, fieldRow } from './field.js'
import type { Field } from './field.js'
import type { GradeInput } from './input.js'
import { fadeRow } from './fade.js'
import { lookUp } from './lut.js'
import { TILE, grainTile, hash, valueNoise } from './noise.js'
import { gammaOf, smoothstep, toLinear } from './oklab.js'
import type { FrameGrade } from './plan.js'

/** Changes one row of sRGB colours 0..1, in place. */
type Stage = (y: number, row: Float32Array) => void

/** Longer side of the picture that the glow is made from, in cells. */
const GLOW_CELLS = 240
const FOG_CELLS = { width: 64, height: 36 }
/** Linear light of fog: a bright, slightly blue grey. */
const AIRLIGHT = [0.62, 0.66, 0.7] as const

const LINEAR = Float32Array.from({ length: 256 }, (_, n) => toLinear(n / 255))

/** The whole chain: source, fog, colours, glow, vignette, grain, fades. */
export function createStages(input: GradeInput, grade: FrameGrade): readonly Stage[] {
  const { vignette, bloom, grain, fog } = grade.spatial
  const { lut, fades } = grade
  const base: Stage[] = [fog === 0 ? readRow(input) : foggyRow(input, fog)]
  if (lut !== null) base.push((_, row) => lookUp(lut, row))
  return [
    ...base,
    ...(bloom === 0 ? [] : [glowing(input, base, bloom)]),
    ...(vignette === 0 ? [] : [shading(input, vignette)]),
    ...(grain === 0 ? [] : [graining(input, grain)]),
    ...(fades.length === 0 ? [] : [(_: number, row: Float32Array) => fadeRow(row, fades)]),
  ]
}

function readRow({ data, channels, width }: GradeInput): Stage {
  return (y, row) => {
    let from = y * width * channels
    for (let to = 0; to < row.length; to += 3) {
      row[to] = (data[from] as number) / 255
      row[to + 1] = (data[from + 1] as number) / 255
      row[to + 2] = (data[from + 2] as number) / 255
      from += channels
    }
  }
}

/** Mixes the scene's light with that of the fog. */
function foggyRow(input: GradeInput, amount: number): Stage {
  const { data, channels, width, height } = input
  const field = fogField(input, amount)
  const haze = new Float32Array(width)
  return (y, row) => {
    fieldRow(field, (y + 0.5) / height, haze)
    let from = y * width * channels
    for (let x = 0; x < width; x++) {
      for (let c = 0; c < 3; c++) {
        const light = LINEAR[data[from + c] as number] as number
        row[x * 3 + c] = gammaOf(light + ((AIRLIGHT[c] as number) - light) * (haze[x] as number))
      }
      from += channels
    }
  }
}

/** Share of fog per cell: thicker towards the horizon in the upper half, drifting slowly. */
function fogField({ frame, seed }: GradeInput, amount: number): Field {
  const { width, height } = FOG_CELLS
  const data = new Float32Array(width * height)
  const drift = frame * 0.012
  for (let y = 0; y < height; y++) {
    const far = 1 - smoothstep(0.1, 1.1, y / height)
    for (let x = 0; x < width; x++) {
      const u = (x / width) * 3 + drift
      const v = (y / height) * 3
      const cloud = 0.65 * valueNoise(u, v, seed) + 0.35 * valueNoise(u * 2.3, v * 2.3, seed + 1)
      const density = (0.45 + 0.55 * far) * (0.7 + 0.6 * cloud)
      data[y * width + x] = Math.min(1, amount * density)
    }
  }
  return { width, height, data }
}

/** Adds the blurred light of what is bright, as on a screen. */
function glowing(input: GradeInput, base: readonly Stage[], amount: number): Stage {
  const { width, height } = input
  const fields = glowFields(input, base)
  const lines = fields.map(() => new Float32Array(width))
  return (y, row) => {
    fields.forEach((field, c) => {
      const line = lines[c] as Float32Array
      fieldRow(field, (y + 0.5) / height, line)
      for (let x = 0; x < width; x++) {
        const at = x * 3 + c
        row[at] = 1 - (1 - (row[at] as number)) * (1 - (line[x] as number) * amount * 0.9)
      }
    })
  }
}

function glowFields({ width, height }: GradeInput, base: readonly Stage[]): Field[] {
  const step = Math.max(1, Math.ceil(Math.max(width, height) / GLOW_CELLS))
  const size = { width: Math.ceil(width / step), height: Math.ceil(height / step) }
  const fields = [0, 1, 2].map(() => new Float32Array(size.width * size.height))
  const row = new Float32Array(width * 3)
  for (let y = 0; y < height; y++) {
    for (const stage of base) stage(y, row)
    const cells = Math.floor(y / step) * size.width
    const rows = Math.min(height, (Math.floor(y / step) + 1) * step) - Math.floor(y / step) * step
    for (let x = 0; x < width; x++) {
      const cell = (x / step) | 0
      const columns = Math.min(width, (cell + 1) * step) - cell * step
      const bright = smoothstep(0.5, 0.95, lumaOf(row, x * 3)) / (rows * columns)
      if (bright === 0) continue
      for (let c = 0; c < 3; c++) {
        const field = fields[c] as Float32Array
        field[cells + cell] = (field[cells + cell] as number) + (row[x * 3 + c] as number) * bright
      }
    }
  }
  const radius = Math.max(1, Math.round(Math.max(size.width, size.height) * 0.02))
  return fields.map((data) => blurField({ ...size, data }, radius))
}

function lumaOf(row: Float32Array, at: number): number {
  return 0.3 * (row[at] as number) + 0.6 * (row[at + 1] as number) + 0.1 * (row[at + 2] as number)
}

/** Less light towards the corners; by the squared distance from the middle, 1 in the corners. */
function shading({ width, height }: GradeInput, amount: number): Stage {
  const table = Float32Array.from({ length: 1025 }, (_, n) => {
    const light = 1 - 0.85 * amount * smoothstep(0.12, 1.05, n / 1024)
    return light ** (1 / 2.2)
  })
  return (y, row) => {
    const dy = ((y + 0.5) / height) * 2 - 1
    for (let x = 0; x < width; x++) {
      const dx = ((x + 0.5) / width) * 2 - 1
      const by = table[((dx * dx + dy * dy) * 512) | 0] as number
      const at = x * 3
      row[at] = (row[at] as number) * by
      row[at + 1] = (row[at + 1] as number) * by
      row[at + 2] = (row[at + 2] as number) * by
    }
  }
}

/** Most in the middle greys, as on film; black stays black. */
function graining({ frame, seed, scale }: GradeInput, amount: number): Stage {
  const tile = grainTile(seed)
  const offsetX = hash(frame, seed, 11)
  const offsetY = hash(frame, seed, 12)
  const strength = Float32Array.from({ length: 257 }, (_, n) => {
    const luma = n / 256
    return amount * 0.065 * (0.25 + 3 * luma * (1 - luma)) * smoothstep(0, 0.08, luma)
  })
  return (y, row) => {
    const line = ((((y * scale) | 0) + offsetY) & (TILE - 1)) * TILE
    for (let at = 0, x = 0; at < row.length; at += 3, x++) {
      const luma = Math.min(256, Math.max(0, lumaOf(row, at) * 256)) | 0
      const grain = tile[line + ((((x * scale) | 0) + offsetX) & (TILE - 1))] as number
      const noise = grain * (strength[luma] as number)
      row[at] = (row[at] as number) + noise
      row[at + 1] = (row[at + 1] as number) + noise
      row[at + 2] = (row[at + 2] as number) + noise
    }
  }
}
