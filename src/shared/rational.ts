/** An exact frame rate or time base, e.g. 30000/1001. Both parts are positive integers. */
export interface Rational {
  readonly num: number
  readonly den: number
}

export function toNumber(value: Rational): number {
  return value.num / value.den
}

/** Seconds at the start of a frame. */
export function frameToSeconds(frame: number, fps: Rational): number {
  return (frame * fps.den) / fps.num
}

/** The frame shown at a time; tolerant of the float error of a decoder's timestamps (1/1000 frame). */
export function secondsToFrame(seconds: number, fps: Rational): number {
  return Math.floor((seconds * fps.num) / fps.den + 1e-3)
}

/** Maps a frame index of one rate to the frame of another rate on screen at the same instant. */
export function convertFrame(frame: number, from: Rational, to: Rational): number {
  // Integer arithmetic up to the division keeps this exact for clips of any real length.
  return Math.floor((frame * from.den * to.num) / (from.num * to.den) + 1e-6)
}

/** Samples of sound before a frame begins. */
export function samplesAt(frame: number, fps: Rational, sampleRate: number): number {
  return Math.round((frame * fps.den * sampleRate) / fps.num)
}

/** Non-drop timecode `HH:MM:SS:FF`, counted at the nearest whole rate as editors do. */
export function timecode(frame: number, fps: Rational): string {
  const perSecond = Math.max(1, Math.round(toNumber(fps)))
  const whole = Math.max(0, Math.floor(frame))
  const pad = (value: number): string => String(value).padStart(2, '0')
  const seconds = Math.floor(whole / perSecond)
  return [
    pad(Math.floor(seconds / 3600)),
    pad(Math.floor(seconds / 60) % 60),
    pad(seconds % 60),
    pad(whole % perSecond),
  ].join(':')
}
