/** Collects the peaks of a sound as they are decoded. */
export interface Waveform {
  /** Signed bytes min, max, min, max ...; 127 is full scale. */
  readonly bytes: Int8Array
  /** Takes mono samples of -1..1, in order, in any number. */
  add(samples: Float32Array): void
  /** Pairs that are complete. */
  done(): number
}

/**
 * @param pairs how many pairs of peaks there will be
 * @param samplesPerPair samples that each pair sums up
 */
export function createWaveform(pairs: number, samplesPerPair: number): Waveform {
  const bytes = new Int8Array(pairs * 2)
  let seen = 0
  return {
    bytes,
    add(samples) {
      for (const sample of samples) {
        const at = Math.floor(seen / samplesPerPair) * 2
        // Silence between peaks is part of every pair's range: a bar always crosses the middle line.
        const level = Math.max(-127, Math.min(127, Math.round(sample * 127)))
        if (level < (bytes[at] ?? 0)) bytes[at] = level
        if (level > (bytes[at + 1] ?? 0)) bytes[at + 1] = level
        seen++
      }
    },
    done: () => Math.floor(seen / samplesPerPair),
  }
}
