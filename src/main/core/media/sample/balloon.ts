import { hash, mix, scaleRgb, step } from './noise.js'
import type { Rgb } from './noise.js'

/** Where the balloon is in a picture, in pixels. The envelope is a circle at its widest. */
export interface BalloonPlace {
  readonly x: number
  readonly y: number
  readonly radius: number
  /** The circle that holds all of it, basket included: enough for a rough mask. */
  readonly around: { readonly x: number; readonly y: number; readonly radius: number }
}

const RADIUS = 44

/** The balloon at `seconds` of a clip of `length` seconds: it drifts across faster than the camera pans. */
export function balloonAt(seconds: number, length: number): BalloonPlace {
  const share = seconds / length
  const x = mix(118, 500, share) + 5 * Math.sin(seconds * 0.9)
  const y = 118 - 16 * Math.sin(Math.PI * share) + 4 * Math.sin(seconds * 1.7)
  return { x, y, radius: RADIUS, around: { x, y: y + RADIUS * 0.53, radius: RADIUS * 1.58 } }
}

const MOUTH = 1.36
const BASKET = { top: 1.78, bottom: 2.06, half: 0.17 } as const

/** Half the envelope's width at a height (both in radii; 0 is the widest place). */
function halfWidth(v: number): number {
  if (v < -1 || v > MOUTH) return 0
  if (v <= 0.28) return Math.sqrt(1 - v * v)
  // From the sphere to the mouth, leaving it in its own direction.
  const t = (v - 0.28) / (MOUTH - 0.28)
  const start = Math.sqrt(1 - 0.28 * 0.28)
  const slope = (-0.28 / start) * (MOUTH - 0.28)
  const end = 0.2
  const endSlope = -0.55
  const t2 = t * t
  const t3 = t2 * t
  return (
    start * (2 * t3 - 3 * t2 + 1) +
    slope * (t3 - 2 * t2 + t) +
    end * (3 * t2 - 2 * t3) +
    endSlope * (t3 - t2)
  )
}

const GORES: readonly Rgb[] = [
  [214, 54, 46],
  [250, 236, 206],
  [214, 54, 46],
  [244, 176, 54],
]

/** Colour of the balloon at a place in radii from its centre, into `out`; false where it is not. */
function paint(u: number, v: number, turn: number, out: Float64Array): boolean {
  const half = halfWidth(v)
  if (half > 0 && Math.abs(u) < half) {
    envelope(u / half, v, turn, out)
    return true
  }
  if (v < MOUTH || Math.abs(u) > 0.25) return false
  const colour = gondola(u, v)
  if (colour !== null) out.set(colour)
  return colour !== null
}

/** Skirt, ropes, two people and the basket. */
function gondola(u: number, v: number): Rgb | null {
  if (v < 1.46 && Math.abs(u) < 0.2 - 0.3 * (v - MOUTH)) return [92, 36, 36]
  if (v >= BASKET.top && v < BASKET.bottom && Math.abs(u) < BASKET.half - 0.03 * (v - BASKET.top)) {
    const weave = hash(Math.floor(u * 40), Math.floor(v * 40), 191)
    const rim = v < BASKET.top + 0.05 ? 1.25 : 1
    return scaleRgb([146, 98, 54], (0.8 + 0.3 * weave + 0.5 * u) * rim)
  }
  for (const [x, colour] of PEOPLE) {
    if (Math.hypot(u - x, v - 1.67) < 0.05) return [232, 190, 160]
    if (Math.abs(u - x) < 0.05 && v > 1.7 && v < BASKET.top) return colour
  }
  if (v < 1.44 || v >= BASKET.top) return null
  const outer = mix(0.17, BASKET.half, (v - 1.44) / (BASKET.top - 1.44))
  const onRope = [outer, 0.06].some((rope) => Math.abs(Math.abs(u) - rope) < 0.012)
  return onRope ? [96, 76, 58] : null
}

const PEOPLE: readonly (readonly [x: number, coat: Rgb])[] = [
  [-0.07, [58, 86, 140]],
  [0.07, [188, 120, 60]],
]

const BAND: Rgb = [36, 92, 116]
const SHINE: Rgb = [255, 250, 236]

function envelope(across: number, v: number, turn: number, out: Float64Array): void {
  const angle = Math.asin(across)
  const place = ((angle + turn) * 14) / (Math.PI * 2)
  const gore = Math.floor(place)
  const within = place - gore
  // A band around the middle with a zigzag edge, and a cap.
  const zigzag = 0.1 * Math.abs(2 * within - 1)
  const banded = (v > -0.02 + zigzag && v < 0.22 - zigzag) || v < -0.86
  const stripe = GORES[((gore % GORES.length) + GORES.length) % GORES.length] ?? BAND
  const colour = banded ? BAND : stripe
  const seam = 1 - 0.2 * step(0.08, 0, Math.min(within, 1 - within))
  const bulge = 0.94 + 0.1 * Math.sin(Math.PI * within)
  const light = across * 0.5 - (v / 1.15) * 0.42 + Math.sqrt(1 - across * across) * 0.5
  const shade = (0.56 + 0.52 * step(-0.5, 1, light)) * seam * bulge
  const shine = 0.5 * Math.exp(-((across - 0.42) ** 2) / 0.03 - (v + 0.5) ** 2 / 0.05)
  for (let c = 0; c < 3; c++) out[c] = mix((colour[c] ?? 0) * shade, SHINE[c] ?? 0, shine)
}

/** Samples along one side of a pixel. */
const SAMPLES = 3

/**
 * Draws the balloon into a picture and tells which pixels it touches.
 *
 * @param rgb picture to draw into, or null for the mask alone
 * @returns coverage 0..255 of each pixel
 */
export function drawBalloon(
  rgb: Uint8Array | null,
  size: { readonly width: number; readonly height: number },
  place: BalloonPlace,
  turn: number,
): Uint8Array {
  const mask = new Uint8Array(size.width * size.height)
  const left = Math.max(0, Math.floor(place.x - place.radius - 1))
  const right = Math.min(size.width, Math.ceil(place.x + place.radius + 1))
  const top = Math.max(0, Math.floor(place.y - place.radius - 1))
  const bottom = Math.min(size.height, Math.ceil(place.y + place.radius * (BASKET.bottom + 0.05)))
  const colour = new Float64Array(3)
  const sum = new Float64Array(3)
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) {
      let hits = 0
      sum.fill(0)
      for (let n = 0; n < SAMPLES * SAMPLES; n++) {
        const px = x + ((n % SAMPLES) + 0.5) / SAMPLES
        const py = y + (Math.floor(n / SAMPLES) + 0.5) / SAMPLES
        const [u, v] = [(px - place.x) / place.radius, (py - place.y) / place.radius]
        if (!paint(u, v, turn, colour)) continue
        hits++
        for (let c = 0; c < 3; c++) sum[c] = (sum[c] ?? 0) + (colour[c] ?? 0)
      }
      if (hits === 0) continue
      const share = hits / (SAMPLES * SAMPLES)
      const at = y * size.width + x
      mask[at] = Math.max(1, Math.round(share * 255))
      if (rgb === null) continue
      for (let c = 0; c < 3; c++) {
        const value = mix(rgb[at * 3 + c] ?? 0, (sum[c] ?? 0) / hits, share)
        rgb[at * 3 + c] = Math.max(0, Math.min(255, Math.round(value)))
      }
    }
  }
  return mask
}
