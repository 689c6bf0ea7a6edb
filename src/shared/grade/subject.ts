import type { HueBand, PaintColour } from '../edit/colours.js'
import type { EditOperation } from '../edit/operations.js'
import { smoothstep, toLinear, toOklab } from './oklab.js'
import type { Triple } from './oklab.js'

/** The colour that a subject mostly has over a range: OKLab. */
export interface SubjectColour {
  readonly lightness: number
  readonly a: number
  readonly b: number
}

/** Cells along each side of the histogram: lightness 0..1, a and b from -0.4 to 0.4. */
const CELLS = 32
const REACH = 0.4
/** A neighbourhood of one colour. Light and shade on a thing spread wider than its hue. */
const WIDE = { lightness: 0.2, chroma: 0.06 }
/** Weight in pixels below which there is nothing to say. */
const LEAST = 16

const LINEAR = Float64Array.from({ length: 256 }, (_, n) => toLinear(n / 255))

/**
 * Finds the commonest colour of what a mask covers, over any number of pictures: the densest place
 * of their histogram, refined by mean shift (Fukunaga, Hostetler 1975). A mean would be pulled
 * about by windows, labels and what a loose mask takes in of the background.
 */
export function createSubjectPool(only: HueBand | null): {
  /**
   * @param data sRGB bytes, `channels` a pixel
   * @param mask how much each pixel counts, 0..255; null counts all
   * @param step looks at every so many pixels
   */
  add(data: Uint8Array, channels: 3 | 4, mask: Uint8Array | null, step: number): void
  /** Null where nothing, or next to nothing, was covered. */
  colour(): SubjectColour | null
} {
  // Per cell: weight, and the weighted sums of lightness, a and b.
  const cells = new Float64Array(CELLS ** 3 * 4)
  const colour: Triple = [0, 0, 0]
  let total = 0
  const cell = (share: number): number => Math.min(CELLS - 1, Math.max(0, (share * CELLS) | 0))
  return {
    add(data, channels, mask, step) {
      for (let n = 0; n * channels < data.length; n += step) {
        let weight = mask === null ? 1 : (mask[n] as number) / 255
        if (weight === 0) continue
        const from = n * channels
        for (let c = 0; c < 3; c++) colour[c] = LINEAR[data[from + c] as number] as number
        toOklab(colour)
        const [L, a, b] = colour
        if (only !== null) weight *= bandShare(colour, only)
        if (weight === 0) continue
        const at =
          ((cell(L) * CELLS + cell((a / REACH + 1) / 2)) * CELLS + cell((b / REACH + 1) / 2)) * 4
        total += weight
        for (const [k, value] of [1, L, a, b].entries()) {
          cells[at + k] = (cells[at + k] as number) + weight * value
        }
      }
    },
    colour: () => (total < LEAST ? null : densest(cells)),
  }
}

function densest(cells: Float64Array): SubjectColour {
  const filled: Triple[] = []
  const weights: number[] = []
  for (let at = 0; at < cells.length; at += 4) {
    const weight = cells[at] as number
    if (weight === 0) continue
    weights.push(weight)
    filled.push([1, 2, 3].map((k) => (cells[at + k] as number) / weight) as Triple)
  }
  /** Weighted mean around a colour, and its weight: an Epanechnikov kernel. */
  const around = (centre: Readonly<Triple>): { readonly mean: Triple; readonly weight: number } => {
    const sum: Triple = [0, 0, 0]
    let weight = 0
    filled.forEach((one, n) => {
      const away =
        ((one[0] - centre[0]) / WIDE.lightness) ** 2 +
        ((one[1] - centre[1]) / WIDE.chroma) ** 2 +
        ((one[2] - centre[2]) / WIDE.chroma) ** 2
      if (away >= 1) return
      const share = (weights[n] as number) * (1 - away)
      weight += share
      for (let c = 0; c < 3; c++) sum[c] = (sum[c] as number) + share * (one[c] as number)
    })
    return { mean: sum.map((value) => value / weight) as Triple, weight }
  }
  // From each of the fullest cells uphill; the highest hill counts.
  const starts = weights
    .map((weight, n) => ({ weight, n }))
    .sort((x, y) => y.weight - x.weight)
    .slice(0, 12)
  let best = { mean: [0, 0, 0] as Triple, weight: -1 }
  for (const { n } of starts) {
    let here = around(filled[n] as Triple)
    for (let turn = 0; turn < 12; turn++) here = around(here.mean)
    if (here.weight > best.weight) best = here
  }
  const [lightness, a, b] = best.mean
  return { lightness, a, b }
}

function bandShare(lab: Triple, band: HueBand): number {
  const chroma = Math.hypot(lab[1], lab[2])
  const away = hueAway(Math.atan2(lab[2], lab[1]), (band.hue * Math.PI) / 180)
  const width = (band.width * Math.PI) / 180
  return (1 - smoothstep(width / 2, width, Math.abs(away))) * smoothstep(0.012, 0.045, chroma)
}

/** Radians from `to` up to `from`, -pi..pi. */
function hueAway(from: number, to: number): number {
  const turn = (from - to) % (2 * Math.PI)
  return turn > Math.PI ? turn - 2 * Math.PI : turn < -Math.PI ? turn + 2 * Math.PI : turn
}

/** From nothing to all: how far a subject's hue tells it from its surroundings. */
function hued(chroma: number): number {
  return smoothstep(0.03, 0.07, chroma)
}

/** Share of a picture's longer side by which a painted region reaches over its edge. */
const REACH_OVER = 0.007

/**
 * By how many pixels the region of an edit grows before it is softened. The edge of a mask that was
 * painted or followed lies a little inside of the thing here and there, and a rim of the old colour
 * is seen at once. What is not of the subject's colour keeps its own, so where all of the edit is
 * paint on things that have a colour, reaching too far does no harm.
 */
export function reachOver(
  operations: readonly EditOperation[],
  subjects: readonly (SubjectColour | null)[],
  size: { readonly width: number; readonly height: number },
): number {
  const all = operations.every((one, n) => {
    const subject = subjects[n] ?? null
    return (
      one.kind === 'recolour' && subject !== null && hued(Math.hypot(subject.a, subject.b)) === 1
    )
  })
  return all ? REACH_OVER * Math.max(size.width, size.height) : 0
}

/** Steepest that differences in lightness become: more would show noise. */
const STEEPEST = 2.2
/** Lightness on either side of the subject's own over which one slope goes over into the other. */
const ROUND = 0.12

/**
 * Gives a subject another paint. What the subject's colour was in the light becomes the new paint in
 * the same light: shade, texture and gloss stay. A pixel in which the subject is mixed with white (a
 * gloss, a soft edge before a wall) keeps that mixture, and what has another hue altogether, a hand
 * or a label, stays as it is.
 *
 * @param lab changed in place
 */
export function repaintSubject(lab: Triple, from: SubjectColour, to: PaintColour): void {
  const L = Math.min(1, Math.max(0, lab[0]))
  const chroma = Math.hypot(from.a, from.b)
  const { own, share } = likeness(lab, L, from, chroma)
  if (own === 0) return
  const turned =
    chroma < 0.03 || to.chroma === 0
      ? 0
      : 0.3 * clamp(hueAway(Math.atan2(lab[2], lab[1]), Math.atan2(from.b, from.a)), 0.6)
  const hue = (to.hue * Math.PI) / 180 + turned
  const light = relit(L, from.lightness, to.lightness)
  // As much colour as there is light to show it, up to the gloss.
  const shown = Math.min(1.25, light / Math.max(0.05, to.lightness))
  const painted = to.chroma * shown * share * gloss(L, from, chroma)
  lab[0] = L + (light - L) * own * Math.min(1, 2 * share)
  lab[1] += (painted * Math.cos(hue) - lab[1]) * own
  lab[2] += (painted * Math.sin(hue) - lab[2]) * own
}

/**
 * @returns `own`: how far a pixel's colour comes from the subject at all, 0..1; `share`: how much of
 *   the subject's colour is in it, 0..1, where the rest is white or grey
 */
function likeness(
  lab: Triple,
  L: number,
  from: SubjectColour,
  chroma: number,
): { readonly own: number; readonly share: number } {
  const colourful = hued(chroma)
  // A grey thing: all that is not of a clear colour of its own.
  const away = Math.hypot(lab[1] - from.a, lab[2] - from.b)
  const grey = 1 - smoothstep(0.05, 0.11, away)
  if (colourful === 0) return { own: grey, share: 1 }
  // Saturation (chroma by lightness) does not change with the light, and goes down as white comes in.
  const along = (lab[1] * from.a + lab[2] * from.b) / chroma
  const across = Math.abs(lab[1] * from.b - lab[2] * from.a) / chroma
  const saturation = chroma / Math.max(0.05, from.lightness)
  const pure = Math.min(1, Math.max(0, along) / Math.max(0.05, L) / saturation)
  const foreign = smoothstep(0.28, 0.6, across / Math.max(0.02, along))
  const near = smoothstep(0.004, 0.02, along) * (1 - foreign)
  return { own: grey + (near - grey) * colourful, share: 1 + (pure - 1) * colourful }
}

/** For a grey thing: what is much lighter than it is gloss, lamps or lettering, and stays white. */
function gloss(L: number, from: SubjectColour, chroma: number): number {
  const colourful = hued(chroma)
  const white = smoothstep(from.lightness + 0.15, Math.max(0.97, from.lightness + 0.3), L)
  return 1 - white * (1 - colourful)
}

/** Lightness under the new paint: black and white stay, the subject's own comes out as the paint's. */
function relit(L: number, from: number, to: number): number {
  const own = Math.min(0.97, Math.max(0.03, from))
  const below = Math.min(STEEPEST, to / own)
  const above = Math.min(STEEPEST, (1 - to) / (1 - own))
  // The corner between the two slopes is rounded, so that no line runs along it.
  const bend = (d: number): number =>
    d <= -ROUND ? 0 : d >= ROUND ? d : (d + ROUND) ** 2 / (4 * ROUND)
  const light = to + below * (L - own) + (above - below) * (bend(L - own) - bend(0))
  return Math.min(1, Math.max(0, light))
}

function clamp(value: number, most: number): number {
  return Math.min(most, Math.max(-most, value))
}

/** Whether an operation paints something that a mask or a band of hues picks out. */
export function paintsSubject(operation: EditOperation, masked: boolean): boolean {
  return operation.kind === 'recolour' && (masked || operation.only !== null)
}
