import { halve, type Plane } from '../image.js'

/** One scale of a frame prepared for registration; index 0 of a pyramid is the finest. */
export interface RegistrationLevel {
  readonly image: Plane
  /** 1 where the picture is known (outside the hole), one per pixel. */
  readonly known: Uint8Array
}

/** Grey image and known pixels at up to `levels` scales. */
export function registrationPyramid(
  image: Plane,
  known: Uint8Array,
  levels = 3,
): RegistrationLevel[] {
  const pyramid: RegistrationLevel[] = [{ image, known }]
  while (pyramid.length < levels) {
    const last = pyramid[pyramid.length - 1]!
    if (Math.min(last.image.width, last.image.height) < 32) break
    const smaller = halve(last.image)
    pyramid.push({ image: smaller, known: halveKnown(last, smaller.width, smaller.height) })
  }
  return pyramid
}

function halveKnown(level: RegistrationLevel, width: number, height: number): Uint8Array {
  const out = new Uint8Array(width * height)
  const stride = level.image.width
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const i = y * 2 * stride + x * 2
      out[y * width + x] =
        level.known[i]! &
        level.known[i + 1]! &
        level.known[i + stride]! &
        level.known[i + stride + 1]!
    }
  }
  return out
}
