import { BANDS } from '../edit/colours.js'
import type {
  AdjustKind,
  ColourMap,
  EditOperation,
  LookKind,
  ToneRange,
} from '../edit/operations.js'
import type { Neutral, HueBand, PaintColour } from '../edit/colours.js'
import { applyMap } from './colourMatch.js'
import { fromOklab, hueDistance, smoothstep, toOklab } from './oklab.js'
import type { Triple } from './oklab.js'
import { repaintSubject } from './subject.js'
import type { SubjectColour } from './subject.js'
import { applyZones } from './toneZones.js'
import { castTones, colourTones, neutralShare, toneShare } from './tones.js'

/** An operation on single colours, with its slider set. */
export interface ColourStep {
  readonly kind: AdjustKind | LookKind | 'tone' | 'recolour' | 'match'
  /** -1..1, or 0..1 for looks, recolour and match; never 0. */
  readonly value: number
  readonly only: HueBand | null
  readonly tones: ToneRange | null
  /** Hues that it leaves alone. */
  readonly except: readonly HueBand[]
  readonly neutrals?: readonly Neutral[]
  readonly to: PaintColour | null
  /** The map of a match; null for every other kind. */
  readonly match: {
    readonly map: ColourMap
    readonly keepSkin: boolean
    readonly byLight?: boolean | undefined
  } | null
  /** What a recolour paints over, where it has been measured; null paints by fixed rules. */
  readonly subject: SubjectColour | null
}

/** Linear light of the grey that contrast turns around, and its OKLab lightness. */
const MIDDLE = Math.cbrt(0.18)
const DEGREES = Math.PI / 180

type Lab = Triple
type Step = (lab: Lab, value: number) => void

/** Changes lightness and lets the colour keep its ratio to it, as a lamp would. */
function relight(lab: Lab, lightness: number): void {
  const scale = lab[0] > 1e-6 ? lightness / lab[0] : 1
  lab[0] = lightness
  lab[1] *= scale
  lab[2] *= scale
}

function scaleChroma(lab: Lab, by: number): void {
  lab[1] *= by
  lab[2] *= by
}

const chromaOf = (lab: Lab): number => Math.hypot(lab[1], lab[2])
const hueOf = (lab: Lab): number => (Math.atan2(lab[2], lab[1]) / DEGREES + 360) % 360

/** Steep in the middle, black and white in place; below 0 a straight line around the middle grey. */
function contrastCurve(lightness: number, value: number): number {
  if (value < 0) return MIDDLE + (lightness - MIDDLE) * (1 + 0.6 * value)
  const power = 2 ** (0.9 * value)
  return lightness < MIDDLE
    ? MIDDLE * (Math.max(0, lightness) / MIDDLE) ** power
    : 1 - (1 - MIDDLE) * (Math.max(0, 1 - lightness) / (1 - MIDDLE)) ** power
}

/** The gains asked for last, as factors: the same for all colours of a table. */
const gains = { stops: [NaN, NaN, NaN] as Triple, by: [1, 1, 1] as Triple }

/** Gains of linear red, green and blue in stops, after which grey has about the luminance it had. */
function gain(lab: Lab, red: number, green: number, blue: number): void {
  const { stops, by } = gains
  if (stops[0] !== red || stops[1] !== green || stops[2] !== blue) {
    gains.stops = [red, green, blue]
    const [r, g, b] = gains.stops.map((one) => 2 ** one) as Triple
    const level = 0.2126 * r + 0.7152 * g + 0.0722 * b
    by[0] = r / level
    by[1] = g / level
    by[2] = b / level
  }
  fromOklab(lab)
  lab[0] = amplify(lab[0], by[0])
  lab[1] = amplify(lab[1], by[1])
  lab[2] = amplify(lab[2], by[2])
  toOklab(lab)
}

/** Linear light times a factor; above 1 with a shoulder that leaves white where it is. */
function amplify(light: number, by: number): number {
  return by > 1 ? (light * by) / (1 + Math.max(0, light) * (by - 1)) : light * by
}

const STEPS: Readonly<Record<Exclude<ColourStep['kind'], 'tone' | 'recolour' | 'match'>, Step>> = {
  // Two stops at the end of the slider. Brighter keeps white where it is: a shoulder, no clipping.
  exposure(lab, value) {
    const by = 2 ** (2 * value)
    fromOklab(lab)
    for (let c = 0; c < 3; c++) lab[c] = amplify(lab[c] as number, by)
    toOklab(lab)
  },
  contrast: (lab, value) => relight(lab, contrastCurve(lab[0], value)),
  highlights(lab, value) {
    const weight = smoothstep(0.4, 1, lab[0])
    const room = value < 0 ? 0.25 : 0.9 * Math.max(0, 1 - lab[0])
    relight(lab, lab[0] + value * room * weight)
  },
  shadows(lab, value) {
    const weight = 1 - smoothstep(0, 0.6, lab[0])
    relight(lab, lab[0] * (1 + value * (value > 0 ? 0.9 : 0.7) * weight))
  },
  // A power of the lightness: the order of all tones is kept, black and white too.
  midtones: (lab, value) => relight(lab, Math.max(0, lab[0]) ** (2 ** (-0.75 * value))),
  temperature: (lab, value) => gain(lab, 0.45 * value, 0.05 * value, -0.7 * value),
  tint: (lab, value) => gain(lab, 0.2 * value, -0.3 * value, 0.2 * value),
  saturation: (lab, value) => scaleChroma(lab, 1 + (value > 0 ? 1.2 : 1) * value),
  // The paler a colour, the more it gains; skin hardly moves.
  vibrance(lab, value) {
    const pale = (1 - Math.min(1, chromaOf(lab) / 0.25)) ** 2
    const skin = bandWeight(hueOf(lab), BANDS.skin as HueBand)
    scaleChroma(lab, 1 + value * pale * (1 - 0.75 * skin))
  },
  hue(lab, value) {
    const turn = value * Math.PI
    const [, a, b] = lab
    lab[1] = a * Math.cos(turn) - b * Math.sin(turn)
    lab[2] = a * Math.sin(turn) + b * Math.cos(turn)
  },
  // Day for night: two stops down, cold, pale; lights keep a little of their glow.
  night(lab, value) {
    const L = Math.max(0, lab[0])
    relight(lab, L ** (1 + 0.55 * value) * (1 - 0.4 * value))
    scaleChroma(lab, 1 - 0.5 * value)
    lab[1] -= 0.012 * value * Math.sqrt(L)
    lab[2] -= 0.05 * value * Math.sqrt(L)
  },
  'golden-hour'(lab, value) {
    gain(lab, 0.42 * value, 0.06 * value, -0.75 * value)
    relight(lab, contrastCurve(lab[0], 0.2 * value))
    scaleChroma(lab, 1 + 0.15 * value)
  },
  sepia(lab, value) {
    const L = Math.min(1, Math.max(0, lab[0]))
    const chroma = 0.2 * L * (1 - L) + 0.015 * L
    lab[1] += (chroma * Math.cos(72 * DEGREES) - lab[1]) * value
    lab[2] += (chroma * Math.sin(72 * DEGREES) - lab[2]) * value
  },
  monochrome: (lab, value) => scaleChroma(lab, 1 - value),
  'bleach-bypass'(lab, value) {
    relight(lab, contrastCurve(lab[0], 0.75 * value))
    scaleChroma(lab, 1 - 0.55 * value)
  },
  // Shadows to teal, lights to orange. Skin is orange already and keeps its place.
  'teal-orange'(lab, value) {
    const skin = skinWeight(lab)
    const light = smoothstep(0.25, 0.8, lab[0])
    const amount = value * (1 - 0.7 * skin) * Math.sqrt(Math.max(0, lab[0]))
    lab[1] += amount * (0.03 * light - 0.045 * (1 - light))
    lab[2] += amount * (0.045 * light - 0.028 * (1 - light))
    relight(lab, contrastCurve(lab[0], 0.15 * value))
  },
}

/** The share of its change of chroma and hue that skin is spared. */
const SKIN_KEPT = 0.8

/**
 * Gives a colour the place that it has in the reference. Skin follows in lightness: where it did
 * not, dark seams would run along everything of the hues of skin.
 */
function rematch(lab: Lab, { map, keepSkin, byLight }: NonNullable<ColourStep['match']>): void {
  const [, a, b] = lab
  const share = keepSkin ? 1 - SKIN_KEPT * skinWeight(lab) : 1
  applyMap(lab, map)
  if (byLight === true && map.zones !== undefined) applyZones(lab, map.zones)
  lab[1] = a + (lab[1] - a) * share
  lab[2] = b + (lab[2] - b) * share
}

/** 1 for the hues of skin, 0 for others and for what is nearly grey. */
function skinWeight(lab: Lab): number {
  return bandWeight(hueOf(lab), BANDS.skin as HueBand) * smoothstep(0.02, 0.06, chromaOf(lab))
}

/** 1 in the inner half of the band, falling to 0 at its edge. */
export function bandWeight(hue: number, band: HueBand): number {
  return 1 - smoothstep(band.width / 2, band.width, hueDistance(hue, band.hue))
}

/** A coat of paint that lets light, shade and texture through. */
function paint(lab: Lab, to: PaintColour, only: HueBand | null): void {
  const L = Math.min(1, Math.max(0, lab[0]))
  const turned = only === null ? 0 : signedAngle(hueOf(lab), only.hue) * 0.3
  const chroma =
    only === null
      ? to.chroma * Math.min(1, L / 0.35) * Math.min(1, (1 - L) / 0.12)
      : Math.min(1.3 * to.chroma, (chromaOf(lab) * to.chroma) / 0.13)
  const hue = (to.hue + turned) * DEGREES
  lab[0] = L + (to.lightness - 0.6) * 0.45 * 4 * L * (1 - L)
  lab[1] = chroma * Math.cos(hue)
  lab[2] = chroma * Math.sin(hue)
}

/** Degrees from `to` up to `from`, -180..180. */
function signedAngle(from: number, to: number): number {
  return ((from - to + 540) % 360) - 180
}

const before: Lab = [0, 0, 0]

/** Applies one step to an OKLab colour, in place. */
export function applyStep(lab: Lab, step: ColourStep): void {
  const { kind, value, only, tones, except, to, match, subject } = step
  before[0] = lab[0]
  before[1] = lab[1]
  before[2] = lab[2]
  let share = only === null ? 1 : inBand(lab, only)
  for (const band of except) share *= 1 - inBand(lab, band)
  if (step.neutrals !== undefined) {
    for (const name of step.neutrals) share *= 1 - neutralShare(lab, name)
  }
  const cast = tones !== null && (kind === 'temperature' || kind === 'tint')
  if (tones !== null && kind !== 'tone' && !cast) share *= toneShare(lab[0], tones)
  if (share === 0) return
  let blend = share
  if (kind === 'tone') {
    if (tones !== null && to !== null) colourTones(lab, value, tones, to)
  } else if (cast) castTones(lab, kind, value, tones)
  else if (kind === 'recolour') {
    if (to !== null && subject !== null) repaintSubject(lab, subject, to)
    else if (to !== null) paint(lab, to, only)
    blend *= value
  } else if (kind === 'match') {
    if (match !== null) rematch(lab, match)
    blend *= value
  } else STEPS[kind](lab, value)
  if (blend === 1) return
  for (let c = 0; c < 3; c++) {
    const old = before[c] as number
    lab[c] = old + ((lab[c] as number) - old) * blend
  }
}

/** Greys have no hue: the paler a colour, the less a band of hues holds it. */
function inBand(lab: Lab, band: HueBand): number {
  return bandWeight(hueOf(lab), band) * smoothstep(0.012, 0.045, chromaOf(lab))
}

/** True for operations that look at one colour at a time. */
export function isColourOperation(
  operation: EditOperation,
): operation is Extract<EditOperation, { kind: ColourStep['kind'] }> {
  const { kind } = operation
  return kind === 'tone' || kind === 'recolour' || kind === 'match' || Object.hasOwn(STEPS, kind)
}
