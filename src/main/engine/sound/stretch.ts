import type { SoundPlace, SoundPlan, SoundSource } from './source.js'

/** Half a grain, in seconds: two periods of a low voice. */
const HALF_GRAIN = 0.02
/** How far a grain may stray from its place to fit the one before, in seconds. */
const REACH = 0.008
/** Samples apart that fits are tried at first. */
const COARSE = 4

/**
 * Plays sound at another speed, forward or backward, at its own pitch: grains of the source are
 * laid over each other, each moved a little to continue the one before (WSOLA, Verhelst and Roelands
 * 1993). No grain is ever further than 8 ms from where the plan wants it, so sound never drifts
 * from the picture, whatever the speed does. At single speed the samples come out as they are.
 *
 * @returns interleaved blocks, `samples` per channel in all
 */
export function* stretch(
  source: SoundSource,
  plan: SoundPlan,
  samples: number,
): Generator<Float32Array> {
  const { channels, sampleRate } = source
  const hop = Math.round(HALF_GRAIN * sampleRate)
  const reach = Math.round(REACH * sampleRate)
  const rise = Float32Array.from({ length: hop }, (_, n) => {
    return 0.5 - 0.5 * Math.cos((Math.PI * (n + 0.5)) / hop)
  })
  let before: Grain | null = null
  let tail = new Float32Array(hop * channels)
  for (let centre = 0; centre - hop < samples; centre += hop) {
    const place = plan(centre)
    const grain: Grain | null = place && fit(source, place, before, hop, reach)
    const sound = grain && readGrain(source, grain, -hop, 2 * hop)
    if (centre > 0) {
      const out = tail
      if (sound !== null) {
        for (let n = 0; n < out.length; n++) {
          out[n] = out[n]! + sound[n]! * rise[(n / channels) | 0]!
        }
      }
      const count = Math.min(hop, samples - (centre - hop))
      yield count === hop ? out : out.subarray(0, count * channels)
    }
    tail = new Float32Array(hop * channels)
    if (sound !== null) {
      const half = hop * channels
      for (let n = 0; n < tail.length; n++) {
        tail[n] = sound[half + n]! * (1 - rise[(n / channels) | 0]!)
      }
    }
    before = grain
  }
}

/** A grain's middle in the source, and which way it is read. */
interface Grain {
  readonly at: number
  readonly way: 1 | -1
}

/** Samples `[from, from + count)` of a grain, counted from its middle in its own direction. */
function readGrain(source: SoundSource, { at, way }: Grain, from: number, count: number) {
  const { channels } = source
  if (way === 1) return source.read(at + from, count)
  const forward = source.read(at - from - count, count)
  const out = new Float32Array(forward.length)
  for (let n = 0; n < count; n++) {
    for (let c = 0; c < channels; c++) {
      out[n * channels + c] = forward[(count - 1 - n) * channels + c]!
    }
  }
  return out
}

/** The grain near a place that continues the one before best. */
function fit(
  source: SoundSource,
  { at, speed }: SoundPlace,
  before: Grain | null,
  hop: number,
  reach: number,
): Grain {
  const way = speed < 0 ? -1 : 1
  const wanted: Grain = { at: Math.round(at), way }
  // At single speed everything is in its place; a turn has nothing to continue.
  if (before === null || before.way !== way || Math.abs(speed) === 1) return wanted
  const continued = before.at + way * hop
  if (continued === wanted.at) return wanted
  const target = mono(readGrain(source, before, 0, hop), source.channels)
  const span = readGrain(source, wanted, -hop - reach, hop + 2 * reach)
  const around = mono(span, source.channels)
  let best = reach
  let most = -Infinity
  const look = (from: number, to: number, step: number, thin: number): void => {
    for (let offset = Math.max(0, from); offset <= Math.min(2 * reach, to); offset += step) {
      const likeness = likenessAt(target, around, offset, thin)
      if (likeness <= most) continue
      most = likeness
      best = offset
    }
  }
  look(0, 2 * reach, COARSE, COARSE)
  most = -Infinity
  look(best - COARSE, best + COARSE, 1, 2)
  return { at: wanted.at + way * (best - reach), way }
}

/** Normalised correlation of the target with what lies at an offset. */
function likenessAt(target: Float32Array, around: Float32Array, offset: number, thin: number) {
  let product = 0
  let energy = 1e-9
  for (let n = 0; n < target.length; n += thin) {
    const value = around[offset + n]!
    product += target[n]! * value
    energy += value * value
  }
  return product / Math.sqrt(energy)
}

function mono(samples: Float32Array, channels: number): Float32Array {
  if (channels === 1) return samples.slice()
  const out = new Float32Array(samples.length / channels)
  for (let n = 0; n < out.length; n++) {
    let sum = 0
    for (let c = 0; c < channels; c++) sum += samples[n * channels + c]!
    out[n] = sum
  }
  return out
}
