/** Three numbers: a colour in whatever space is being worked in. Changed in place, for speed. */
export type Triple = [number, number, number]

/** sRGB 0..1 to linear light (IEC 61966-2-1). */
export function toLinear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
}

/** Linear light 0..1 to sRGB. */
function toGamma(value: number): number {
  return value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055
}

const GAMMA_STEPS = 8192
const GAMMA = Float32Array.from({ length: GAMMA_STEPS + 2 }, (_, n) => toGamma(n / GAMMA_STEPS))

/** {@link toGamma} of 0..1 from a table: within a fiftieth of a level of 255, and much faster. */
export function gammaOf(linear: number): number {
  const at = (linear <= 0 ? 0 : linear >= 1 ? 1 : linear) * GAMMA_STEPS
  const low = at | 0
  const below = GAMMA[low] as number
  return below + ((GAMMA[low + 1] as number) - below) * (at - low)
}

/** Linear sRGB to OKLab, in place (Ottosson 2020). */
export function toOklab(colour: Triple): void {
  // By index: taking a list apart goes through an iterator, and this is the innermost loop.
  const r = colour[0]
  const g = colour[1]
  const b = colour[2]
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
  colour[0] = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s
  colour[1] = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s
  colour[2] = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s
}

/** Much quicker than a power; also the linear light of a grey of OKLab lightness `value`. */
export function cube(value: number): number {
  return value * value * value
}

/** OKLab to linear sRGB, in place; what sRGB cannot show comes out below 0 or above 1. */
export function fromOklab(colour: Triple): void {
  const L = colour[0]
  const a = colour[1]
  const b = colour[2]
  const l = cube(L + 0.3963377774 * a + 0.2158037573 * b)
  const m = cube(L - 0.1055613458 * a - 0.0638541728 * b)
  const s = cube(L - 0.0894841775 * a - 1.291485548 * b)
  colour[0] = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s
  colour[1] = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s
  colour[2] = -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s
}

/** Degrees between two hues, 0..180. */
export function hueDistance(a: number, b: number): number {
  const apart = Math.abs(a - b) % 360
  return apart > 180 ? 360 - apart : apart
}

/** 0 up to `low`, 1 from `high`, smooth in between. */
export function smoothstep(low: number, high: number, value: number): number {
  const t = Math.min(1, Math.max(0, (value - low) / (high - low)))
  return t * t * (3 - 2 * t)
}
