import { createLimiter, lookAhead } from './limiter.js'

/** A limiter for sound that is on its way: as much comes out as goes in, some milliseconds late. */
export interface LimitStream {
  /**
   * Channels in, as many samples of each out; a channel that is missing is silent.
   *
   * @param output its channels are filled
   */
  process(input: readonly Float32Array[], output: readonly Float32Array[]): void
}

/** Seconds by which a {@link LimitStream} is late. */
export function limitDelay(sampleRate: number): number {
  return (2 * lookAhead(sampleRate)) / sampleRate
}

/** What an export does to a mix, for playback. */
export function createLimitStream(channels: number, sampleRate: number): LimitStream {
  const limiter = createLimiter(channels, sampleRate)
  // Never is more held back than this, so that there is always something to give.
  let ready: Float32Array = new Float32Array(2 * lookAhead(sampleRate) * channels)
  return {
    process(input, output) {
      const samples = output[0]?.length ?? 0
      const block = new Float32Array(samples * channels)
      for (let channel = 0; channel < channels; channel++) {
        const from = input[channel]
        if (from === undefined) continue
        for (let n = 0; n < samples; n++) block[n * channels + channel] = from[n] ?? 0
      }
      const more = limiter.push(block)
      const all = new Float32Array(ready.length + more.length)
      all.set(ready)
      all.set(more, ready.length)
      for (let channel = 0; channel < channels; channel++) {
        const to = output[channel]
        if (to === undefined) continue
        for (let n = 0; n < samples; n++) to[n] = all[n * channels + channel] ?? 0
      }
      ready = all.slice(samples * channels)
    },
  }
}
