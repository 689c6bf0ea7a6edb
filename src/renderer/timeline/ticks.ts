import type { Rational } from '../../shared/rational.js'
import { timecode } from '../../shared/rational.js'

export interface Tick {
  readonly frame: number
  /** Timecode for a labelled tick, null for a small one. */
  readonly label: string | null
}

/** Least distance in pixels between two labels, and between two small ticks. */
const LABEL_ROOM = 96
const TICK_ROOM = 7

/** Whole numbers of frames below a second that divide it evenly, e.g. 1 2 3 5 6 10 15 for 30. */
function divisorsOf(rate: number): number[] {
  const found: number[] = []
  for (let step = 1; step < rate; step += 1) if (rate % step === 0) found.push(step)
  return found
}

const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 18_000, 36_000]

/** The steps people read easily at a rate, in frames, ascending. */
export function readableSteps(rate: Rational): number[] {
  const perSecond = Math.max(1, Math.round(rate.num / rate.den))
  return [...divisorsOf(perSecond), ...SECONDS.map((seconds) => seconds * perSecond)]
}

/** Label step and small step in frames at a zoom: as dense as stays readable. */
export function tickSteps(
  rate: Rational,
  pixelsPerFrame: number,
): { readonly label: number; readonly small: number } {
  const steps = readableSteps(rate)
  const largest = steps.at(-1) ?? 1
  const label = steps.find((step) => step * pixelsPerFrame >= LABEL_ROOM) ?? largest
  const small =
    steps.find((step) => label % step === 0 && step * pixelsPerFrame >= TICK_ROOM) ?? label
  return { label, small }
}

/** Ticks over the frames `[from, to]`, from one label step before, so that a label half in view is drawn. */
export function ticks(rate: Rational, pixelsPerFrame: number, from: number, to: number): Tick[] {
  const { label, small } = tickSteps(rate, pixelsPerFrame)
  const found: Tick[] = []
  const first = Math.max(0, Math.floor(from / label) * label)
  for (let frame = first; frame <= to; frame += small) {
    found.push({ frame, label: frame % label === 0 ? timecode(frame, rate) : null })
  }
  return found
}
