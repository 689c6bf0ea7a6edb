import { landscapeAt, WORLD } from './landscape.js'
import { hash, mix, mixRgb, noise, scaleRgb } from './noise.js'
import type { Rgb } from './noise.js'

/** Samples of the painting along one side of a picture pixel. */
export const DETAIL = 2

/** An RGB painting of floats 0..255, DETAIL times the world's size. */
export interface Painting {
  readonly width: number
  readonly height: number
  readonly data: Float32Array
}

/** Paints the whole world once: every picture is a part of this, so what is behind the balloon is known. */
export function paintWorld(): Painting {
  const width = WORLD.width * DETAIL
  const height = WORLD.height * DETAIL
  const painting = { width, height, data: new Float32Array(width * height * 3) }
  for (let column = 0; column < width; column++) {
    const colourAt = landscapeAt((column + 0.5) / DETAIL)
    for (let row = 0; row < height; row++) {
      const colour = colourAt((row + 0.5) / DETAIL)
      const at = (row * width + column) * 3
      painting.data[at] = colour[0]
      painting.data[at + 1] = colour[1]
      painting.data[at + 2] = colour[2]
    }
  }
  windmill(painting, 706, 252)
  cottage(painting, 262, 282)
  for (const [x, y, size] of TREES) tree(painting, x, y, size)
  return painting
}

/** Foot and height of the trees that stand alone, the farther ones first. */
const TREES: readonly (readonly [x: number, y: number, size: number])[] = [
  [60, 272, 34],
  [84, 276, 42],
  [318, 283, 40],
  [338, 287, 52],
  [236, 288, 46],
  [560, 280, 38],
  [768, 284, 44],
  [790, 290, 58],
  [872, 288, 50],
  [20, 312, 84],
  [604, 312, 78],
  [896, 326, 96],
]

/** Blends `colour` over the painting where `cover` says so, within a box of world coordinates. */
function draw(
  painting: Painting,
  box: {
    readonly left: number
    readonly top: number
    readonly right: number
    readonly bottom: number
  },
  cover: (x: number, y: number) => number,
  colour: (x: number, y: number) => Rgb,
): void {
  const first = {
    x: Math.max(0, Math.floor(box.left * DETAIL)),
    y: Math.max(0, Math.floor(box.top * DETAIL)),
  }
  const end = {
    x: Math.min(painting.width, Math.ceil(box.right * DETAIL)),
    y: Math.min(painting.height, Math.ceil(box.bottom * DETAIL)),
  }
  for (let row = first.y; row < end.y; row++) {
    for (let column = first.x; column < end.x; column++) {
      const x = (column + 0.5) / DETAIL
      const y = (row + 0.5) / DETAIL
      const share = Math.min(1, cover(x, y))
      if (share <= 0) continue
      const at = (row * painting.width + column) * 3
      const paint = colour(x, y)
      for (let c = 0; c < 3; c++) {
        painting.data[at + c] = mix(painting.data[at + c] ?? 0, paint[c] ?? 0, share)
      }
    }
  }
}

/** 1 inside a convex polygon given clockwise, soft over half a pixel at its edges. */
function insidePolygon(
  x: number,
  y: number,
  corners: readonly (readonly [number, number])[],
): number {
  let least = 1
  corners.forEach(([x0, y0], n) => {
    const [x1, y1] = corners[(n + 1) % corners.length] ?? [x0, y0]
    const distance = ((x1 - x0) * (y - y0) - (y1 - y0) * (x - x0)) / Math.hypot(x1 - x0, y1 - y0)
    least = Math.min(least, distance * 2 + 0.5)
  })
  return Math.max(0, least)
}

function polygon(
  painting: Painting,
  corners: readonly (readonly [number, number])[],
  colour: (x: number, y: number) => Rgb,
): void {
  const xs = corners.map(([x]) => x)
  const ys = corners.map(([, y]) => y)
  const box = {
    left: Math.min(...xs) - 1,
    right: Math.max(...xs) + 1,
    top: Math.min(...ys) - 1,
    bottom: Math.max(...ys) + 1,
  }
  draw(painting, box, (x, y) => insidePolygon(x, y, corners), colour)
}

/** A darker patch of grass. */
function shadow(painting: Painting, x: number, y: number, across: number, down: number): void {
  const box = { left: x - across, right: x + across, top: y - down, bottom: y + down }
  const cover = (px: number, py: number): number =>
    0.5 * Math.max(0, 1 - Math.hypot((px - x) / across, (py - y) / down)) ** 0.6
  draw(painting, box, cover, () => [38, 72, 34])
}

/** A leafy tree: balls of leaves heaped up, lit from the right, on a trunk. */
function tree(painting: Painting, x: number, foot: number, size: number): void {
  const seed = Math.round(x * 7 + foot)
  shadow(painting, x - size * 0.25, foot, size * 0.6, size * 0.1)
  const half = size * 0.045
  const trunk = [
    [x - half, foot - size * 0.5],
    [x + half, foot - size * 0.5],
    [x + half * 1.5, foot],
    [x - half * 1.5, foot],
  ] as const
  polygon(painting, trunk, (px) =>
    scaleRgb([104, 76, 52], 0.75 + (0.35 * (px - x + half)) / half / 2),
  )
  const balls = Array.from({ length: 34 }, (_, n) => {
    const angle = hash(n, seed, 151) * Math.PI * 2
    const out = Math.sqrt(hash(n, seed, 157)) * 0.32
    return {
      x: x + Math.cos(angle) * out * size,
      y: foot - size * 0.66 + Math.sin(angle) * out * size * 0.86,
      radius: size * (0.11 + 0.07 * hash(n, seed, 163)),
      tone: hash(n, seed, 167),
    }
  }).sort((a, b) => b.radius - a.radius || a.y - b.y)
  for (const ball of balls) {
    const side = (ball.x - x) / size + (foot - size * 0.66 - ball.y) / size
    const box = {
      left: ball.x - ball.radius,
      right: ball.x + ball.radius,
      top: ball.y - ball.radius,
      bottom: ball.y + ball.radius,
    }
    const ragged = (px: number, py: number): number => {
      const far = Math.hypot(px - ball.x, py - ball.y) / ball.radius
      return (1.02 - far - 0.3 * (noise(px / 1.6, py / 1.6, seed) - 0.3)) * 5
    }
    draw(painting, box, ragged, (px, py) => {
      const lit = ((px - ball.x) * 0.6 - (py - ball.y) * 0.8) / ball.radius
      const leaves = 0.8 + 0.4 * noise(px / 1.3, py / 1.3, seed + 1)
      const base = mixRgb(
        [52, 98, 40],
        [116, 154, 52],
        0.25 + 0.3 * ball.tone + 0.5 * side + 0.25 * lit,
      )
      return scaleRgb(base, (0.9 + 0.25 * lit) * leaves)
    })
  }
}

function cottage(painting: Painting, x: number, foot: number): void {
  shadow(painting, x - 4, foot + 1, 34, 5)
  const wall = (px: number, py: number): Rgb =>
    scaleRgb([244, 232, 208], (px < x + 6 ? 0.86 : 1) * (0.95 + 0.08 * noise(px / 2, py / 2, 173)))
  polygon(
    painting,
    [
      [x - 22, foot - 17],
      [x + 22, foot - 17],
      [x + 22, foot],
      [x - 22, foot],
    ],
    wall,
  )
  const tiles = (px: number, py: number): Rgb =>
    scaleRgb(
      [190, 74, 52],
      0.86 + 0.12 * Math.sin(py * 3.4) + 0.14 * noise(px / 1.6, py / 1.6, 179),
    )
  polygon(
    painting,
    [
      [x + 8, foot - 36],
      [x + 13, foot - 36],
      [x + 13, foot - 24],
      [x + 8, foot - 24],
    ],
    () => [150, 92, 76],
  )
  polygon(
    painting,
    [
      [x - 15, foot - 32],
      [x + 16, foot - 32],
      [x + 26, foot - 16],
      [x - 26, foot - 16],
    ],
    tiles,
  )
  polygon(
    painting,
    [
      [x - 3, foot - 11],
      [x + 4, foot - 11],
      [x + 4, foot],
      [x - 3, foot],
    ],
    () => [98, 66, 48],
  )
  for (const left of [x - 17, x + 10]) {
    polygon(
      painting,
      [
        [left, foot - 12],
        [left + 7, foot - 12],
        [left + 7, foot - 5],
        [left, foot - 5],
      ],
      () => [92, 128, 158],
    )
  }
}

function windmill(painting: Painting, x: number, foot: number): void {
  shadow(painting, x - 4, foot, 20, 4)
  const tower = (px: number): Rgb => scaleRgb([240, 232, 220], 0.76 + (0.3 * (px - x + 9)) / 18)
  polygon(
    painting,
    [
      [x - 5, foot - 38],
      [x + 5, foot - 38],
      [x + 9, foot],
      [x - 9, foot],
    ],
    tower,
  )
  polygon(
    painting,
    [
      [x - 1, foot - 48],
      [x + 1, foot - 48],
      [x + 7, foot - 37],
      [x - 7, foot - 37],
    ],
    () => [166, 66, 52],
  )
  polygon(
    painting,
    [
      [x - 2, foot - 9],
      [x + 3, foot - 9],
      [x + 3, foot],
      [x - 2, foot],
    ],
    () => [104, 72, 54],
  )
  for (let n = 0; n < 4; n++) {
    const angle = 0.5 + (n * Math.PI) / 2
    const along = [Math.cos(angle), Math.sin(angle)] as const
    const corner = (out: number, aside: number): readonly [number, number] => [
      x + along[0] * out - along[1] * aside,
      foot - 39 + along[1] * out + along[0] * aside,
    ]
    polygon(painting, [corner(2, -0.7), corner(27, -0.7), corner(27, 0.5), corner(2, 0.5)], () => [
      92, 70, 56,
    ])
    polygon(painting, [corner(7, 0.4), corner(26, 0.4), corner(26, 4.4), corner(7, 4.4)], () => [
      250, 244, 232,
    ])
  }
}
