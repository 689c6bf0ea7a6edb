import { bicubic } from '../../src/main/engine/vision/sample.js'
import type { Size } from '../../src/main/engine/vision/image.js'
import { createRandom } from '../../src/main/engine/vision/random.js'
import { gaussian } from './random.js'
import { renderTexture } from './texture.js'

/** A thing that walks over a textured ground, with or without what a mask may leave out. */
export interface WalkerClip extends Size {
  readonly frames: readonly Uint8Array[]
  /** 255 where the object is; its shadow and its arm are left out. */
  readonly masks: readonly Uint8Array[]
  /** 0..255: how much of its full depth the shadow has. */
  readonly shadows: readonly Uint8Array[]
  /** 255 where the arm is. */
  readonly arms: readonly Uint8Array[]
}

export interface WalkerScene {
  /** Share 0..1 of the light that the shadow takes away. */
  readonly depth: number
  /** Pixels over which its edge fades. */
  readonly soft: number
  /** Pixels the camera moves a frame. */
  readonly pan: number
  /** Pixels the object moves a frame. */
  readonly walk: number
  /** A dark thing of another colour lies where the shadow would. */
  readonly puddle?: boolean
  /** Pixels that an arm reaches out of the mask; none without. */
  readonly arm?: number
  /** Someone larger walks right beside it. */
  readonly company?: boolean
}

const MARGIN = 120

/** Renders a scene; the same arguments always give the same bytes. */
export function renderWalker(size: Size, count: number, scene: WalkerScene): WalkerClip {
  const { width, height } = size
  const ground = renderTexture(width + 2 * MARGIN, height + 2 * MARGIN, 31)
  const skin = renderTexture(width, height, 99)
  const random = createRandom(3)
  const frames: Uint8Array[] = []
  const masks: Uint8Array[] = []
  const shadows: Uint8Array[] = []
  const arms: Uint8Array[] = []
  const sample = new Float32Array(3)
  for (let t = 0; t < count; t++) {
    const frame = new Uint8Array(width * height * 3)
    const mask = new Uint8Array(width * height)
    const shadow = new Uint8Array(width * height)
    const arm = new Uint8Array(width * height)
    const x0 = width * 0.3 + scene.walk * t
    const y0 = height * 0.42
    const rx = width * 0.07
    const ry = height * 0.2
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = y * width + x
        bicubic(ground, x + MARGIN + scene.pan * t, y + MARGIN, sample, 0)
        // It lies to the right of the feet, flat on the ground.
        const u = (x - x0 - 1.1 * rx) / (2 * rx)
        const v = (y - y0 - ry) / (0.3 * ry)
        const edge = (1 - Math.hypot(u, v)) * 0.3 * ry
        const cover = Math.min(1, Math.max(0, edge / scene.soft + 0.5))
        const isObject = Math.hypot((x - x0) / rx, (y - y0) / ry) <= 1
        const out = x0 - rx - x
        const isArm = !isObject && out > -rx && out < (scene.arm ?? 0) && Math.abs(y - y0) < 3
        const other = Math.hypot((x - x0 + 2.6 * rx) / (1.6 * rx), (y - y0) / (1.2 * ry)) <= 1
        const isOther = scene.company === true && !isObject && other
        const own = y * width + ((x + 10 * width - Math.round(scene.walk * t)) % width)
        shadow[at] = isObject || isArm ? 0 : Math.round(255 * cover)
        arm[at] = isArm ? 255 : 0
        mask[at] = isObject ? 255 : 0
        for (let c = 0; c < 3; c++) {
          const dark = scene.puddle === true ? cover * [0.1, 0.45, 0.8][c]! : cover * scene.depth
          const value =
            isObject || isArm || isOther ? skin.data[own * 3 + c]! : sample[c]! * (1 - dark)
          frame[at * 3 + c] = Math.min(255, Math.max(0, Math.round(value + 1.5 * gaussian(random))))
        }
      }
    }
    frames.push(frame)
    masks.push(mask)
    shadows.push(shadow)
    arms.push(arm)
  }
  return { ...size, frames, masks, shadows, arms }
}
