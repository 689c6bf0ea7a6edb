import type { SoundPlan, SoundSource } from './source.js'

const BLOCK = 4096
/** Source samples on either side of a place that make its value, at single speed. */
const REACH = 8

/**
 * Plays sound at another speed as a tape does: pitch follows speed. Each output sample is read with
 * a windowed sinc that widens with the speed, so that nothing folds back into hearing.
 *
 * @returns interleaved blocks, `samples` per channel in all
 */
export function* varispeed(
  source: SoundSource,
  plan: SoundPlan,
  samples: number,
): Generator<Float32Array> {
  const { channels } = source
  for (let first = 0; first < samples; first += BLOCK) {
    const out = new Float32Array(Math.min(BLOCK, samples - first) * channels)
    for (let n = 0; n * channels < out.length; n++) {
      const place = plan(first + n)
      if (place === null) continue
      // Playing backward, the sample that is heard lies before its place.
      const at = place.speed < 0 ? place.at - 1 : place.at
      const nearest = Math.round(at)
      if (Math.abs(place.speed) === 1 && Math.abs(at - nearest) < 1e-6) {
        out.set(source.read(nearest, 1), n * channels)
        continue
      }
      const widening = Math.max(1, Math.abs(place.speed))
      const reach = Math.ceil(REACH * widening)
      const from = Math.floor(at) - reach + 1
      const around = source.read(from, 2 * reach)
      let sum = 0
      for (let k = 0; k < 2 * reach; k++) {
        const weight = sinc((from + k - at) / widening, REACH)
        sum += weight
        for (let c = 0; c < channels; c++) {
          const to = n * channels + c
          out[to] = out[to]! + weight * around[k * channels + c]!
        }
      }
      for (let c = 0; c < channels; c++) out[n * channels + c] = out[n * channels + c]! / sum
    }
    yield out
  }
}

/** Sinc under a Hann window. */
function sinc(x: number, reach: number): number {
  if (Math.abs(x) >= reach) return 0
  if (Math.abs(x) < 1e-9) return 1
  return (Math.sin(Math.PI * x) / (Math.PI * x)) * (0.5 + 0.5 * Math.cos((Math.PI * x) / reach))
}
