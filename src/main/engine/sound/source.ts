/** Sound that can be read anywhere: silence before its first and behind its last sample. */
export interface SoundSource {
  readonly channels: number
  readonly sampleRate: number
  /** Interleaved samples `[start, start + count)`; valid until the next call. */
  read(start: number, count: number): Float32Array
}

/** What is heard at an output sample: a place in the source and which way it is played. */
export interface SoundPlace {
  /** Source sample, with a fraction; backward playing reads the samples before it. */
  readonly at: number
  /** Source samples per output sample; below 0 it plays backward. */
  readonly speed: number
}

/** Where the sound of each output sample comes from, also beyond the last; null is silence. */
export type SoundPlan = (sample: number) => SoundPlace | null
