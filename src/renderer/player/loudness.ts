/** How loud playback is on this computer. */
export interface Loudness {
  /** 0..1, as the slider stands. */
  readonly volume: number
  readonly muted: boolean
}

/** One press of a key. */
const STEP = 0.1

/**
 * What samples are multiplied by. Squared, because ears hear ratios: the middle of the slider is
 * 12 dB below its end.
 */
export function gainOf({ volume, muted }: Loudness): number {
  return muted ? 0 : volume ** 2
}

/** A slider that is moved is meant to be heard, unless it is moved to its end. */
export function withVolume(volume: number): Loudness {
  const within = Math.min(1, Math.max(0, Math.round(volume * 100) / 100))
  return { volume: within, muted: within === 0 }
}

export function turned({ volume, muted }: Loudness, direction: -1 | 1): Loudness {
  if (muted && direction < 0) return { volume, muted }
  // From silence up: to what was heard before, if anything was.
  if (muted && volume > 0) return { volume, muted: false }
  return withVolume(volume + direction * STEP)
}

/** Sound on and off; from silence by the slider there is a little to hear. */
export function toggled({ volume, muted }: Loudness): Loudness {
  return muted ? { volume: volume === 0 ? STEP : volume, muted: false } : { volume, muted: true }
}
