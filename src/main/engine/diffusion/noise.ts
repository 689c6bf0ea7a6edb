/**
 * Standard normal noise that is the same for a seed on every computer: integers, and floating
 * point operations that IEEE 754 rounds exactly. `Math.log` and `Math.cos` may differ between
 * processors in their last bit, which a few hundred sampling steps can make visible.
 *
 * Every frame draws from its own stream, so that a longer clip begins like a shorter one.
 *
 * @returns float32 `[frames, values]`, flat
 */
export function seededNoise(seed: number, frames: number, values: number): Float32Array {
  const noise = new Float32Array(frames * values)
  for (let frame = 0; frame < frames; frame++) {
    const next = createStream(seed, frame)
    for (let n = 0; n < values; n++) {
      // 32 bits, centred in their interval: never 0 or 1.
      noise[frame * values + n] = normalQuantile((next() + 0.5) / 4294967296)
    }
  }
  return noise
}

/** xoshiro128** (Blackman & Vigna, 2018), its state filled by splitmix32 from seed and frame. */
function createStream(seed: number, frame: number): () => number {
  let fill = (Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(frame + 1, 0x85ebca6b)) >>> 0
  const splitmix = (): number => {
    fill = (fill + 0x9e3779b9) >>> 0
    let z = fill
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad)
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97)
    return (z ^ (z >>> 15)) >>> 0
  }
  let a = splitmix()
  let b = splitmix()
  let c = splitmix()
  let d = splitmix() | 1
  return () => {
    const result = Math.imul(rotate(Math.imul(b, 5), 7), 9) >>> 0
    const shifted = b << 9
    c ^= a
    d ^= b
    b ^= c
    a ^= d
    c ^= shifted
    d = rotate(d, 11)
    return result
  }
}

function rotate(value: number, bits: number): number {
  return (value << bits) | (value >>> (32 - bits))
}

// Acklam's rational approximation of the inverse normal distribution, relative error 1.15e-9.
const A = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2,
  -3.066479806614716e1, 2.506628277459239,
]
const B = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1,
  -1.328068155288572e1, 1,
]
const C = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734,
  4.374664141464968, 2.938163982698783,
]
const D = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416, 1]
const TAIL = 0.02425

function normalQuantile(p: number): number {
  if (p > 0.5) return -normalQuantile(1 - p)
  if (p < TAIL) {
    const q = Math.sqrt(-2 * naturalLog(p))
    return polynomial(C, q) / polynomial(D, q)
  }
  const q = p - 0.5
  return (polynomial(A, q * q) * q) / polynomial(B, q * q)
}

function polynomial(coefficients: readonly number[], x: number): number {
  let sum = 0
  for (const coefficient of coefficients) sum = sum * x + coefficient
  return sum
}

/** ln of a number in (0, 1], by halving the range exactly and the series of artanh. */
function naturalLog(value: number): number {
  let mantissa = value
  let exponent = 0
  while (mantissa < Math.SQRT1_2) {
    mantissa *= 2
    exponent--
  }
  const z = (mantissa - 1) / (mantissa + 1)
  let power = z
  let sum = 0
  for (let n = 1; n <= 25; n += 2) {
    sum += power / n
    power *= z * z
  }
  return 2 * sum + exponent * 0.6931471805599453
}
