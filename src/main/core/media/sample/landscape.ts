import { bumps, fbm, hash, mix, mixRgb, noise, scaleRgb, step } from './noise.js'
import type { Rgb } from './noise.js'

/** Size of the painted world in picture pixels; the camera sees a part of it. */
export const WORLD = { width: 912, height: 384 } as const

const HAZE: Rgb = [226, 219, 214]

/**
 * The bare landscape along one column of the world: sky, mountains, hills and meadow. The ridges
 * depend on the column alone, so they are worked out once for all of its rows.
 */
export function landscapeAt(x: number): (y: number) => Rgb {
  const meadowFrom = meadowTop(x)
  const mountainFrom = mountainTop(x)
  const hills = HILLS.map((hill) => ({
    hill,
    top: hillTop(hill, x),
    lie: hillTop(hill, x + 12) - hillTop(hill, x - 12),
  })).reverse()
  return (y) => {
    if (y >= meadowFrom) return meadow(x, y, meadowFrom)
    for (const { hill, top, lie } of hills) {
      if (y >= top) return hillside(hill, x, y, { depth: y - top, lie })
    }
    return y >= mountainFrom ? mountain(x, y, y - mountainFrom) : sky(x, y)
  }
}

const SUN = { x: 640, y: 150 } as const

function sky(x: number, y: number): Rgb {
  const down = y / 215
  const blue = mixRgb([74, 132, 204], [158, 204, 238], step(0, 0.75, down))
  const base = mixRgb(blue, [253, 232, 202], step(0.45, 1.05, down))
  const glow = Math.exp(-Math.hypot(x - SUN.x, (y - SUN.y) * 1.5) / 170)
  const lit = mixRgb(base, [255, 238, 200], 0.75 * glow)
  return clouds(lit, x, y)
}

function cloudiness(x: number, y: number): number {
  const shape = fbm(x / 120, y / 46, 11, 5)
  const band = step(8, 60, y) * step(205, 120, y)
  return shape * (0.72 + 0.36 * band)
}

function clouds(below: Rgb, x: number, y: number): Rgb {
  const here = cloudiness(x, y)
  const cover = step(0.545, 0.66, here)
  if (cover === 0) return below
  // Thinner towards the light means lit: the edge that faces the sun shines, the belly is grey.
  const towards = cloudiness(x + 9, y - 10)
  const light = step(-0.09, 0.1, here - towards)
  const white = mixRgb([176, 188, 212], [255, 250, 242], light)
  return mixRgb(below, white, cover * 0.92)
}

function mountainTop(x: number): number {
  const ridge = 1 - Math.abs(2 * fbm(x / 150 + 3.1, 0.5, 23, 4) - 1)
  return 226 - 92 * ridge ** 1.6 - 8 * fbm(x / 14, 0.2, 29, 3)
}

function mountain(x: number, y: number, depth: number): Rgb {
  const slope = fbm(x / 17 + depth / 26, y / 22, 31, 4)
  const rock = mixRgb([112, 128, 164], [150, 160, 186], step(0.35, 0.65, slope))
  const snowLine = 166 + 16 * fbm(x / 22, y / 12, 37, 3)
  const snow = step(snowLine + 8, snowLine - 8, y) * step(0.36, 0.52, slope)
  const colour = mixRgb(rock, [244, 244, 250], snow)
  return mixRgb(colour, HAZE, 0.2 + 0.42 * step(170, 236, y))
}

interface Hill {
  readonly seed: number
  readonly base: number
  readonly swing: number
  readonly grain: number
  readonly grass: readonly [Rgb, Rgb]
  readonly haze: number
  readonly crowns: number
}

/** From the farthest to the nearest. */
const HILLS: readonly Hill[] = [
  {
    seed: 41,
    base: 222,
    swing: 34,
    grain: 150,
    grass: [
      [112, 146, 132],
      [136, 164, 134],
    ],
    haze: 0.4,
    crowns: 4,
  },
  {
    seed: 53,
    base: 240,
    swing: 40,
    grain: 190,
    grass: [
      [104, 148, 94],
      [150, 178, 98],
    ],
    haze: 0.22,
    crowns: 5.5,
  },
  {
    seed: 67,
    base: 264,
    swing: 42,
    grain: 230,
    grass: [
      [92, 144, 64],
      [160, 186, 74],
    ],
    haze: 0.08,
    crowns: 8,
  },
]

function hillTop(hill: Hill, x: number): number {
  const swell = fbm(x / hill.grain + hill.seed, 0.3, hill.seed, 2)
  return hill.base - hill.swing * (swell - 0.35) - 1.4 * noise(x / 3, 0.7, hill.seed)
}

function hillside(
  hill: Hill,
  x: number,
  y: number,
  { depth, lie }: { readonly depth: number; readonly lie: number },
): Rgb {
  const light = 0.94 + 0.016 * lie + 0.1 * step(26, 0, depth)
  const patch = fbm(x / 46 + hill.seed, y / 15, hill.seed + 3, 3)
  let colour = mixRgb(hill.grass[0], hill.grass[1], step(0.3, 0.7, patch))
  colour = fields(hill, colour, x, y, depth)
  const fine = 0.9 + 0.2 * fbm(x / 2.4, y / 1.5, hill.seed + 5, 2)
  colour = scaleRgb(colour, light * fine)

  const wood = fbm(x / 58 + 9, y / 24, hill.seed + 8, 3)
  const edge = step(0.57, 0.6, wood + 0.05 * noise(x / 5, y / 5, hill.seed + 9))
  if (edge > 0) colour = mixRgb(colour, woodland(hill, x, y), edge)
  return mixRgb(colour, HAZE, hill.haze)
}

/** Ploughed and sown strips on the nearer hills, each field with its own direction and colour. */
function fields(hill: Hill, grass: Rgb, x: number, y: number, depth: number): Rgb {
  if (hill.haze > 0.3 || depth < 5) return grass
  const column = Math.floor((x + 30 * noise(x / 90, y / 30, 71)) / 88)
  const chance = hash(column, hill.seed, 73)
  if (chance > 0.5) return grass
  const lean = mix(-1.1, 1.1, hash(column, hill.seed, 79))
  const rows = 0.5 + 0.5 * Math.sin((y * 1.9 + x * lean * 0.5) * 1.15)
  const crop: Rgb = chance < 0.25 ? [214, 186, 92] : [170, 190, 84]
  return mixRgb(grass, scaleRgb(crop, 0.86 + 0.16 * rows), 0.75 * step(5, 12, depth))
}

function woodland(hill: Hill, x: number, y: number): Rgb {
  const size = hill.crowns
  const top = bumps(x / size, y / (size * 0.8), hill.seed + 13)
  const lit = bumps((x + size * 0.3) / size, (y - size * 0.3) / (size * 0.8), hill.seed + 13)
  const light = 0.62 + 0.55 * top + 0.5 * (top - lit)
  const tone = noise(x / (size * 2), y / (size * 2), hill.seed + 17)
  return scaleRgb(mixRgb([46, 92, 52], [84, 122, 50], tone), light)
}

/** Where the meadow of the foreground begins. */
function meadowTop(x: number): number {
  return 292 - 16 * Math.sin(x / 190 + 0.6) - 10 * noise(x / 120, 0.4, 83)
}

function meadow(x: number, y: number, top: number): Rgb {
  const near = Math.min(1, (y - top) / (WORLD.height - top))
  const patch = fbm(x / 70, y / 20, 89, 3)
  let colour = mixRgb([176, 198, 84], [104, 158, 58], step(0.25, 0.75, patch * 0.7 + near * 0.45))
  // Blades: narrow, upright grain that coarsens towards the viewer.
  const far = fbm(x / 1.5, y / 3.6, 97, 3)
  const close = fbm(x / 2.7, y / 9, 98, 3)
  colour = scaleRgb(colour, 0.72 + 0.54 * mix(far, close, near))
  colour = scaleRgb(colour, 1.08 - 0.18 * near)
  colour = path(colour, x, y, near)
  return flowers(colour, x, y, near)
}

/** A sandy path that winds up from the lower edge. */
function path(grass: Rgb, x: number, y: number, near: number): Rgb {
  const middle = 470 + 120 * Math.sin(near * 2.3 + 0.4) - 150 * near
  const half = 5 + 30 * near ** 1.3
  const wobble = 3 * (noise(x / 9, y / 6, 103) - 0.5) * (0.4 + near)
  const inside = step(half + 3, half - 3, Math.abs(x - middle) + wobble)
  if (inside === 0) return grass
  const sand = scaleRgb([222, 196, 148], 0.84 + 0.3 * fbm(x / 3, y / 1.6, 107, 3))
  return mixRgb(grass, sand, inside * 0.9)
}

const PETALS: readonly Rgb[] = [
  [222, 52, 44],
  [250, 246, 236],
  [246, 206, 62],
  [168, 122, 208],
]

function flowers(grass: Rgb, x: number, y: number, near: number): Rgb {
  const cell = 7
  const column = Math.floor(x / cell)
  const row = Math.floor(y / cell)
  if (hash(column, row, 109) > 0.2 + 0.35 * (noise(column / 7, row / 3, 113) - 0.4)) return grass
  const px = (column + 0.25 + 0.5 * hash(column, row, 127)) * cell
  const py = (row + 0.25 + 0.5 * hash(column, row, 131)) * cell
  const radius = (0.7 + 1.2 * near) * (0.7 + 0.5 * hash(column, row, 137))
  const far = Math.hypot(x - px, (y - py) * 1.25)
  if (far > radius) return grass
  const petal = PETALS[Math.floor(hash(column, row, 139) * PETALS.length)] ?? grass
  return far < radius * 0.35 ? [250, 214, 90] : scaleRgb(petal, 1.04 - 0.2 * (far / radius))
}
