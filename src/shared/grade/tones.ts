import type { ToneRange } from '../edit/operations.js'
import type { Neutral, PaintColour } from '../edit/colours.js'
import { smoothstep } from './oklab.js'
import type { Triple } from './oklab.js'

const DEGREES = Math.PI / 180

/** How much a lightness (OKLab) belongs to a range of tones, 0..1. */
export function toneShare(lightness: number, tones: ToneRange): number {
  const dark = 1 - smoothstep(0.25, 0.68, lightness)
  const light = smoothstep(0.5, 0.9, lightness)
  if (tones === 'shadows') return dark
  return tones === 'highlights' ? light : smoothstep(0.2, 0.48, lightness) * (1 - light)
}

/** Chroma that a full slider adds: strong, but for a picture and not for a poster. */
const REACH = 0.13
/** Share of its own colour that a tone gives up for the new one, so that a yellow wall turns blue and not grey. */
const YIELDING = 0.45
/** White has no room for colour: that much lightness makes some. */
const ROOM = 0.06

/** Lays a colour over one range of tones. Black stays black, and all but the lightest keep their light. */
export function colourTones(lab: Triple, value: number, tones: ToneRange, to: PaintColour): void {
  const L = Math.max(0, lab[0])
  const share = value * toneShare(L, tones)
  if (share === 0) return
  // A dark colour has little chroma at its disposal, and noise in the blacks should stay unseen.
  const pure = Math.min(1, to.chroma / 0.12)
  const chroma = REACH * share * pure * smoothstep(0, 0.3, L) ** 0.5
  const kept = 1 - YIELDING * share * pure
  lab[0] = L - ROOM * share * smoothstep(0.75, 1, L)
  lab[1] = lab[1] * kept + chroma * Math.cos(to.hue * DEGREES)
  lab[2] = lab[2] * kept + chroma * Math.sin(to.hue * DEGREES)
}

/**
 * What warm, cool, green and magenta mean in one range of tones. Gains as for a whole picture would
 * turn white yellow instead of warm, as its red can't grow.
 */
const CASTS = {
  temperature: [
    { hue: 60, chroma: 0.08, lightness: 0.7 },
    { hue: 250, chroma: 0.08, lightness: 0.7 },
  ],
  tint: [
    { hue: 335, chroma: 0.08, lightness: 0.7 },
    { hue: 148, chroma: 0.08, lightness: 0.7 },
  ],
} as const

export function castTones(
  lab: Triple,
  kind: keyof typeof CASTS,
  value: number,
  tones: ToneRange,
): void {
  colourTones(lab, Math.abs(value), tones, CASTS[kind][value > 0 ? 0 : 1])
}

/** Chroma up to which a colour counts as none, and from which it does not at all. */
const PALE = { none: 0.025, some: 0.06 } as const
/** Lightness where black goes over into grey, and grey into white. */
const DARK = { black: 0.2, grey: 0.36 } as const
const LIGHT = { grey: 0.74, white: 0.86 } as const

/** 0..1: how far a colour is white, black or grey; of what has no hue the three make one. */
export function neutralShare([lightness, a, b]: Triple, name: Neutral): number {
  const pale = 1 - smoothstep(PALE.none, PALE.some, Math.sqrt(a * a + b * b))
  if (pale === 0) return 0
  const white = smoothstep(LIGHT.grey, LIGHT.white, lightness)
  const black = 1 - smoothstep(DARK.black, DARK.grey, lightness)
  return pale * (name === 'white' ? white : name === 'black' ? black : 1 - white - black)
}
