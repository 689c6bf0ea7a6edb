/** A band of hues in OKLCh degrees: full effect at `hue`, none from `width` degrees away. */
export interface HueBand {
  readonly hue: number
  readonly width: number
}

/** A paint colour: OKLCh hue in degrees, chroma 0..0.4, lightness 0..1. */
export interface PaintColour {
  readonly hue: number
  readonly chroma: number
  readonly lightness: number
}

/** Colours that prompts can name. */
export const COLOUR_NAMES = [
  'red',
  'orange',
  'yellow',
  'green',
  'cyan',
  'blue',
  'purple',
  'magenta',
  'pink',
  'brown',
  'white',
  'black',
  'grey',
  'gold',
  'silver',
  'skin',
] as const
export type ColourName = (typeof COLOUR_NAMES)[number]

/** Colours that hues can't pick out, and that are told by having none and by their light. */
export const NEUTRALS = ['white', 'black', 'grey'] as const satisfies readonly ColourName[]
export type Neutral = (typeof NEUTRALS)[number]

export function isNeutral(name: ColourName): name is Neutral {
  return (NEUTRALS as readonly ColourName[]).includes(name)
}

/** As sRGB paints measure in OKLCh; neutrals have no chroma, so their hue says nothing. */
export const PAINTS: Readonly<Record<ColourName, PaintColour>> = {
  red: { hue: 27, chroma: 0.21, lightness: 0.55 },
  orange: { hue: 55, chroma: 0.17, lightness: 0.7 },
  yellow: { hue: 100, chroma: 0.17, lightness: 0.86 },
  green: { hue: 142, chroma: 0.18, lightness: 0.6 },
  cyan: { hue: 195, chroma: 0.12, lightness: 0.75 },
  blue: { hue: 262, chroma: 0.19, lightness: 0.5 },
  purple: { hue: 303, chroma: 0.2, lightness: 0.48 },
  magenta: { hue: 330, chroma: 0.24, lightness: 0.6 },
  pink: { hue: 355, chroma: 0.13, lightness: 0.76 },
  brown: { hue: 55, chroma: 0.08, lightness: 0.42 },
  white: { hue: 0, chroma: 0, lightness: 0.91 },
  black: { hue: 0, chroma: 0, lightness: 0.2 },
  grey: { hue: 0, chroma: 0, lightness: 0.6 },
  gold: { hue: 86, chroma: 0.125, lightness: 0.74 },
  silver: { hue: 0, chroma: 0, lightness: 0.78 },
  skin: { hue: 50, chroma: 0.08, lightness: 0.72 },
}

/**
 * Where each colour lies in real pictures: foliage is yellower and skies are less violet than
 * the paints of the same name. Null for neutrals, which no hue can pick out.
 */
export const BANDS: Readonly<Record<ColourName, HueBand | null>> = {
  red: { hue: 25, width: 42 },
  orange: { hue: 58, width: 38 },
  yellow: { hue: 98, width: 40 },
  green: { hue: 132, width: 55 },
  cyan: { hue: 200, width: 50 },
  blue: { hue: 250, width: 60 },
  purple: { hue: 303, width: 45 },
  magenta: { hue: 332, width: 42 },
  pink: { hue: 0, width: 45 },
  brown: { hue: 58, width: 40 },
  white: null,
  black: null,
  grey: null,
  gold: { hue: 86, width: 38 },
  silver: null,
  skin: { hue: 50, width: 35 },
}
