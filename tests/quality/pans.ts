import { mapX, mapY, type Homography } from '../../src/main/engine/vision/homography.js'
import type { Picture, Size } from '../../src/main/engine/vision/image.js'
import { bicubic } from '../../src/main/engine/vision/sample.js'
import { createRandom } from '../../src/main/engine/vision/random.js'
import { gaussian } from './random.js'
import { renderTexture } from './texture.js'

/** A clip whose content behind the hole is known. */
export interface QualityCase extends Size {
  readonly name: string
  /** True where the background is one plane seen by a moving camera: the first bar applies. */
  readonly pan: boolean
  /** What the engine gets: the truth with an object in it. */
  readonly frames: readonly Uint8Array[]
  readonly truth: readonly Uint8Array[]
  /** 255 where the object is. */
  readonly masks: readonly Uint8Array[]
}

interface Layer {
  readonly picture: Picture
  /** From frame pixels to layer pixels. */
  readonly camera: (t: number) => Homography
  /** 0..1 at layer pixels; everything when absent. */
  readonly cover?: (x: number, y: number) => number
}

interface Recipe {
  readonly name: string
  readonly pan: boolean
  readonly layers: (size: Size) => Layer[]
  /** Sub-frames averaged over the open shutter. */
  readonly shutter?: number
  readonly gain?: (t: number) => readonly [number, number, number]
  readonly noise?: number
  readonly mask?: (t: number, size: Size) => { x: number; y: number; rx: number; ry: number }
  /** Makes every frame unpredictable: what the method has to refuse. */
  readonly boiling?: boolean
}

const MARGIN = 220

/** A camera over a picture: pan in pixels per frame, zoom per frame, roll in degrees per frame. */
function camera(size: Size, pan: readonly [number, number], zoom = 1, roll = 0) {
  return (t: number): Homography => {
    const scale = zoom ** t
    const angle = (roll * t * Math.PI) / 180
    const cos = Math.cos(angle) / scale
    const sin = Math.sin(angle) / scale
    const cx = (size.width - 1) / 2
    const cy = (size.height - 1) / 2
    const ox = MARGIN + cx + pan[0] * t
    const oy = MARGIN + cy + pan[1] * t
    return [cos, -sin, ox - cos * cx + sin * cy, sin, cos, oy - sin * cx - cos * cy, 0, 0, 1]
  }
}

function world(size: Size, seed: number): Picture {
  return renderTexture(size.width + 2 * MARGIN, size.height + 2 * MARGIN, seed)
}

const RECIPES: readonly Recipe[] = [
  {
    name: 'pan',
    pan: true,
    layers: (size) => [{ picture: world(size, 11), camera: camera(size, [3.3, 0.7]) }],
  },
  {
    name: 'zoom',
    pan: true,
    layers: (size) => [{ picture: world(size, 12), camera: camera(size, [2.6, -0.9], 1.008) }],
  },
  {
    name: 'roll',
    pan: true,
    layers: (size) => [{ picture: world(size, 13), camera: camera(size, [2.2, 1.1], 1, 0.5) }],
  },
  {
    name: 'exposure',
    pan: true,
    layers: (size) => [{ picture: world(size, 14), camera: camera(size, [-3.1, 0.4]) }],
    gain: (t) => [1 + 0.008 * t, 1 + 0.005 * t, 1 + 0.002 * t],
  },
  {
    name: 'noise',
    pan: true,
    layers: (size) => [{ picture: world(size, 15), camera: camera(size, [2.9, -0.6]) }],
    noise: 3,
  },
  {
    name: 'still',
    pan: true,
    layers: (size) => [{ picture: world(size, 16), camera: camera(size, [0, 0]) }],
    noise: 1.5,
    mask: (t, size) => ({
      x: size.width * (0.5 + 0.3 * Math.sin(t / 7)),
      y: size.height * 0.5,
      rx: size.width * 0.07,
      ry: size.height * 0.22,
    }),
  },
  {
    name: 'parallax',
    pan: false,
    layers: (size) => [
      { picture: world(size, 17), camera: camera(size, [1.2, 0]) },
      {
        picture: world(size, 18),
        camera: camera(size, [5.5, 0]),
        cover: (x) => Math.min(1, Math.max(0, 14 - Math.abs((x % 150) - 75))),
      },
    ],
  },
  {
    name: 'depth',
    pan: false,
    layers: (size) => [
      { picture: world(size, 19), camera: camera(size, [2, 0]) },
      {
        picture: world(size, 20),
        camera: camera(size, [4.5, 0]),
        cover: (_x, y) => Math.min(1, Math.max(0, y - MARGIN - size.height * 0.55)),
      },
    ],
  },
  {
    name: 'blur',
    pan: false,
    layers: (size) => [{ picture: world(size, 21), camera: camera(size, [6, 0.5]) }],
    shutter: 7,
  },
  {
    name: 'foreground',
    pan: false,
    layers: (size) => [
      { picture: world(size, 22), camera: camera(size, [2.5, 0.3]) },
      {
        picture: world(size, 23),
        camera: camera(size, [-6, 0]),
        cover: (x, y) =>
          Math.min(
            1,
            Math.max(
              0,
              26 - Math.hypot(x - MARGIN - size.width * 0.1, y - MARGIN - size.height * 0.45),
            ),
          ),
      },
    ],
  },
  {
    name: 'boiling',
    pan: false,
    layers: (size) => [{ picture: world(size, 24), camera: camera(size, [0, 0]) }],
    boiling: true,
  },
]

export const CASE_NAMES: readonly string[] = RECIPES.map((recipe) => recipe.name)

/** Renders one case; the same arguments always give the same bytes. */
export function renderCase(name: string, size: Size, count: number): QualityCase {
  const recipe = RECIPES.find((one) => one.name === name)
  if (recipe === undefined) throw new Error(`no such case: ${name}`)
  const layers = recipe.layers(size)
  const object = renderTexture(size.width, size.height, 99)
  const random = createRandom(5)
  const frames: Uint8Array[] = []
  const truth: Uint8Array[] = []
  const masks: Uint8Array[] = []
  for (let t = 0; t < count; t++) {
    const still =
      recipe.boiling === true
        ? [{ picture: world(size, 100 + t), camera: layers[0]!.camera }]
        : layers
    const exact = renderFrame(still, size, t, recipe.shutter ?? 1)
    const gain = recipe.gain?.(t) ?? ([1, 1, 1] as const)
    const clean = new Uint8Array(exact.length)
    for (let i = 0; i < clean.length; i++) {
      const noise = recipe.noise === undefined ? 0 : recipe.noise * gaussian(random)
      clean[i] = Math.min(255, Math.max(0, Math.round(exact[i]! * gain[i % 3]! + noise)))
    }
    const where = recipe.mask?.(t, size) ?? {
      x: size.width * 0.5 + 6 * Math.sin(t / 3),
      y: size.height * 0.52,
      rx: size.width * 0.085,
      ry: size.height * 0.2,
    }
    const mask = new Uint8Array(size.width * size.height)
    const dirty = clean.slice()
    for (let y = 0; y < size.height; y++) {
      for (let x = 0; x < size.width; x++) {
        if (Math.hypot((x - where.x) / where.rx, (y - where.y) / where.ry) > 1) continue
        const i = y * size.width + x
        mask[i] = 255
        for (let c = 0; c < 3; c++) dirty[i * 3 + c] = object.data[i * 3 + c]!
      }
    }
    frames.push(dirty)
    truth.push(clean)
    masks.push(mask)
  }
  return { ...size, name, pan: recipe.pan, frames, truth, masks }
}

function renderFrame(
  layers: readonly Layer[],
  { width, height }: Size,
  t: number,
  shutter: number,
): Float32Array {
  const out = new Float32Array(width * height * 3)
  const colour = new Float32Array(3)
  for (let sub = 0; sub < shutter; sub++) {
    const instant = t + sub / shutter
    const maps = layers.map((layer) => layer.camera(instant))
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const i = (y * width + x) * 3
        let red = 0
        let green = 0
        let blue = 0
        for (let n = 0; n < layers.length; n++) {
          const layer = layers[n]!
          const lx = mapX(maps[n]!, x, y)
          const ly = mapY(maps[n]!, x, y)
          const cover = layer.cover === undefined ? 1 : layer.cover(lx, ly)
          if (cover <= 0) continue
          bicubic(layer.picture, lx, ly, colour, 0)
          red += (colour[0]! - red) * cover
          green += (colour[1]! - green) * cover
          blue += (colour[2]! - blue) * cover
        }
        out[i] = out[i]! + red / shutter
        out[i + 1] = out[i + 1]! + green / shutter
        out[i + 2] = out[i + 2]! + blue / shutter
      }
    }
  }
  return out
}
