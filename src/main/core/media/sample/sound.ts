import { hash } from './noise.js'

/** When each soft note begins, in seconds, and its pitch in half tones above A3. */
const MELODY: readonly (readonly [at: number, pitch: number])[] = [
  [0.3, 7],
  [0.9, 12],
  [1.5, 16],
  [2.1, 14],
  [3.0, 9],
  [3.6, 16],
  [4.2, 19],
  [4.8, 12],
]
/** A held chord under it. */
const CHORD = [-12, 0, 4, 7]

/** The clip's sound: a breeze, a held chord and a few bell notes, as interleaved stereo floats. */
export function composeSound(seconds: number, sampleRate: number): Float32Array {
  const count = Math.round(seconds * sampleRate)
  const out = new Float32Array(count * 2)
  const breeze = [0, 0]
  for (let n = 0; n < count; n++) {
    const t = n / sampleRate
    const edge = Math.min(1, t / 0.8, (seconds - t) / 1.2)
    const gust = 0.5 + 0.3 * Math.sin(t * 1.1) + 0.2 * Math.sin(t * 2.7 + 1)
    let tone = 0
    for (const [k, pitch] of CHORD.entries()) {
      const swell = 0.7 + 0.3 * Math.sin(t * 0.8 + k * 1.7)
      tone += 0.016 * swell * Math.sin(2 * Math.PI * hertz(pitch) * t)
    }
    for (const [at, pitch] of MELODY) tone += bell(t - at, hertz(pitch + 12))
    for (const side of [0, 1]) {
      const white = hash(n, side, 211) * 2 - 1
      // Two slow followers of white noise: wind through leaves.
      breeze[side] = (breeze[side] ?? 0) * 0.965 + white * 0.035
      out[n * 2 + side] = edge * (tone + 0.16 * gust * (breeze[side] ?? 0))
    }
  }
  return out
}

function bell(t: number, pitch: number): number {
  if (t < 0 || t > 3) return 0
  const strike = Math.min(1, t / 0.01) * Math.exp(-t * 2.2)
  const overtone = 0.3 * Math.sin(2 * Math.PI * pitch * 2.01 * t) * Math.exp(-t * 4)
  return 0.07 * strike * (Math.sin(2 * Math.PI * pitch * t) + overtone)
}

function hertz(pitch: number): number {
  return 220 * 2 ** (pitch / 12)
}
