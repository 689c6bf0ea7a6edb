/** The loudest sample that leaves the limiter: 0.3 dB below full scale, for what an encoder adds. */
export const CEILING = 0.966

/** Over one stretch the gain goes straight from one value to another. */
const STRETCH_SECONDS = 0.005
/** Time in which the gain comes back from silence to 1. */
const RELEASE_SECONDS = 0.3

/** Samples of one stretch. */
export function lookAhead(sampleRate: number): number {
  return Math.max(1, Math.round(STRETCH_SECONDS * sampleRate))
}

/** Keeps a mix below full scale, block by block; what comes out lags behind until it is flushed. */
export interface Limiter {
  /** Interleaved samples in; those that are ready out. */
  push(block: Float32Array): Float32Array
  /** The rest: as many samples have come out then as went in. */
  flush(): Float32Array
}

/**
 * A peak limiter that looks one stretch ahead: where two stretches meet, the gain is at most what
 * either of them needs, so it is down before a peak comes and no sample is ever above the ceiling.
 * Where nothing comes near it the samples pass through unchanged, bit for bit.
 */
export function createLimiter(channels: number, sampleRate: number): Limiter {
  const stretch = lookAhead(sampleRate) * channels
  const rise = STRETCH_SECONDS / RELEASE_SECONDS
  let waiting: Float32Array = new Float32Array(0)
  /** Where the first stretch that waits begins; null before the very first. */
  let gain: number | null = null

  const needOf = (samples: Float32Array): number => {
    const peak = samples.reduce((most, one) => Math.max(most, Math.abs(one)), 0)
    return peak > CEILING ? CEILING / peak : 1
  }

  /** Brings the first stretch that waits to its gain, in place. */
  function level(samples: Float32Array, next: Float32Array): void {
    const need = needOf(samples)
    const from = gain ?? need
    const to = Math.min(need, needOf(next), from + rise)
    gain = to
    if (from === 1 && to === 1) return
    const frames = samples.length / channels
    for (let n = 0; n < samples.length; n++) {
      const part = Math.floor(n / channels) / frames
      samples[n] = (samples[n] ?? 0) * (from + (to - from) * part)
    }
  }

  function release(keep: number): Float32Array {
    let at = 0
    for (; waiting.length - at > keep; at += stretch) {
      const end = Math.min(waiting.length, at + stretch)
      level(waiting.subarray(at, end), waiting.subarray(end, end + stretch))
    }
    const ready = waiting.slice(0, at)
    waiting = waiting.slice(at)
    return ready
  }

  return {
    push(block) {
      const all = new Float32Array(waiting.length + block.length)
      all.set(waiting)
      all.set(block, waiting.length)
      waiting = all
      // Of a stretch that is let go, the next one has to be known as a whole.
      return release(2 * stretch - 1)
    },
    flush: () => release(0),
  }
}
