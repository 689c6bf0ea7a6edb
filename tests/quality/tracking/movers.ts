import type { Picture, Size } from '../../../src/main/engine/vision/image.js'
import { createRandom } from '../../../src/main/engine/vision/random.js'
import { bicubic } from '../../../src/main/engine/vision/sample.js'
import { gaussian } from '../random.js'
import { renderTexture } from '../texture.js'

/** A clip with an object whose outline is known in every frame. */
export interface MoverCase extends Size {
  readonly name: string
  readonly frames: readonly Uint8Array[]
  /** 255 where the visible part of the object covers at least half a pixel. */
  readonly masks: readonly Uint8Array[]
}

interface Pose {
  readonly x: number
  readonly y: number
  readonly scale: number
  /** Radians. */
  readonly angle: number
}

interface Mover {
  readonly name: string
  readonly pose: (t: number) => Pose
  /** Radius of the outline at an angle, as a share of the object's size. */
  readonly outline?: (angle: number, t: number) => number
  /** Pixels a frame the background moves. */
  readonly pan?: readonly [number, number]
  /** Sub-frames averaged over the open shutter. */
  readonly shutter?: number
  /** The object's picture is cut from the background's own kind of picture. */
  readonly camouflage?: boolean
  /** An upright bar passes in front, from this x on, 26 px wide. */
  readonly bar?: number
  readonly noise?: number
  readonly gain?: (t: number) => number
}

const steady = (x: number, y: number): Pose => ({ x, y, scale: 1, angle: 0 })
const star = (angle: number): number => 1 + 0.18 * Math.cos(3 * angle) + 0.1 * Math.sin(5 * angle)

const MOVERS: readonly Mover[] = [
  { name: 'translation', pose: (t) => steady(90 + 5 * t, 120 + 20 * Math.sin(t / 8)) },
  {
    name: 'scale',
    pose: (t) => ({ ...steady(140 + 3 * t, 120), scale: 0.75 * 1.016 ** t }),
    pan: [1, 0],
  },
  {
    name: 'rotation',
    pose: (t) => ({ ...steady(150 + 2 * t, 120), angle: 0.07 * t }),
    pan: [-1, 0.3],
  },
  {
    name: 'deformation',
    pose: (t) => steady(130 + 3 * t, 120),
    outline: (angle, t) =>
      1 +
      0.28 * Math.cos(2 * angle + t / 7) * Math.sin(t / 6) +
      0.15 * Math.cos(3 * angle - t / 9) * Math.cos(t / 11),
  },
  { name: 'occlusion', pose: (t) => steady(110 + 4.4 * t, 125), bar: 235, pan: [0.5, 0] },
  { name: 'blur', pose: (t) => steady(80 + 7 * t, 110 + 3 * t * Math.sin(t / 10)), shutter: 7 },
  {
    name: 'similar',
    pose: (t) => ({ ...steady(110 + 4 * t, 120), angle: 0.02 * t }),
    camouflage: true,
    pan: [-1.5, 0],
  },
  {
    name: 'handheld',
    pose: (t) => ({
      ...steady(160 + 2.5 * t + 5 * Math.sin(t * 1.3), 125 + 4 * Math.cos(t * 1.7)),
      scale: 1 + 0.15 * Math.sin(t / 13),
      angle: 0.15 * Math.sin(t / 9),
    }),
    pan: [2, 0.5],
    noise: 4,
    gain: (t) => 1 + 0.12 * Math.sin(t / 10),
  },
]

export const MOVER_NAMES: readonly string[] = MOVERS.map(({ name }) => name)

/** Object size in pixels at scale 1. */
const RADIUS = 42
const MARGIN = 140

/**
 * Renders one case; the same arguments always give the same bytes.
 * @param course where on its course the first picture is, and how far on each next one
 */
export function renderMover(
  name: string,
  size: Size,
  count: number,
  course: { readonly first: number; readonly step: number } = { first: 0, step: 1 },
): MoverCase {
  const seed = 1
  const mover = MOVERS.find((one) => one.name === name)
  if (mover === undefined) throw new Error(`no such mover: ${name}`)
  const world = renderTexture(size.width + 2 * MARGIN, size.height + 2 * MARGIN, 30 + seed)
  const skin = objectPicture(mover.camouflage === true ? 30 + seed : 60 + seed, mover.camouflage)
  const random = createRandom(seed)
  // Both sizes of the same course: the poses are written for 432 x 240.
  const zoom = size.width / 432
  const frames: Uint8Array[] = []
  const masks: Uint8Array[] = []
  for (let n = 0; n < count; n++) {
    const t = course.first + n * course.step
    const sum = new Float32Array(size.width * size.height * 3)
    const cover = new Float32Array(size.width * size.height)
    const shutter = mover.shutter ?? 1
    for (let sub = 0; sub < shutter; sub++) {
      draw(mover, world, skin, size, zoom, t + sub / shutter, sum, cover, 1 / shutter)
    }
    const gain = mover.gain?.(t) ?? 1
    frames.push(
      Uint8Array.from(sum, (value) => {
        const noise = mover.noise === undefined ? 0 : mover.noise * gaussian(random)
        return Math.min(255, Math.max(0, Math.round(value * gain + noise)))
      }),
    )
    masks.push(Uint8Array.from(cover, (value) => (value >= 0.5 ? 255 : 0)))
  }
  return { ...size, name, frames, masks }
}

function objectPicture(seed: number, plain = false): Picture {
  const picture = renderTexture(RADIUS * 6, RADIUS * 6, seed)
  if (plain) return picture
  // A colour cast, as an object has against what is behind it.
  const data = picture.data.map((value, i) =>
    Math.min(255, Math.max(0, value + [28, -6, -26][i % 3]!)),
  )
  return { ...picture, data }
}

function draw(
  mover: Mover,
  world: Picture,
  skin: Picture,
  size: Size,
  zoom: number,
  t: number,
  sum: Float32Array,
  cover: Float32Array,
  share: number,
): void {
  const pose = mover.pose(t)
  const cos = Math.cos(pose.angle)
  const sin = Math.sin(pose.angle)
  const radius = RADIUS * pose.scale * zoom
  const [panX, panY] = mover.pan ?? [0, 0]
  const colour = new Float32Array(3)
  const barLeft = mover.bar === undefined ? Infinity : mover.bar * zoom
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const at = y * size.width + x
      const isBar = x >= barLeft && x < barLeft + 26 * zoom
      bicubic(world, x + MARGIN + panX * zoom * t, y + MARGIN + panY * zoom * t, colour, 0)
      const dx = x - pose.x * zoom
      const dy = y - pose.y * zoom
      const distance = Math.hypot(dx, dy)
      let alpha = 0
      if (!isBar && distance < 1.7 * radius) {
        const u = (dx * cos + dy * sin) / radius
        const v = (dy * cos - dx * sin) / radius
        const edge = (mover.outline ?? star)(Math.atan2(v, u), t)
        alpha = Math.min(1, Math.max(0, edge * radius - distance + 0.5))
        if (alpha > 0) {
          const own = new Float32Array(3)
          bicubic(skin, (u * 1.4 + 3) * RADIUS, (v * 1.4 + 3) * RADIUS, own, 0)
          for (let c = 0; c < 3; c++) colour[c] = colour[c]! + alpha * (own[c]! - colour[c]!)
        }
      }
      if (isBar) colour.set([52 + (y % 23), 58 + (y % 19), 70])
      cover[at] = cover[at]! + share * alpha
      for (let c = 0; c < 3; c++) sum[at * 3 + c] = sum[at * 3 + c]! + share * colour[c]!
    }
  }
}
