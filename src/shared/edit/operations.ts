import type { Neutral, HueBand, PaintColour } from './colours.js'

/** Sliders from -1 to 1; 0 leaves the picture as it is. */
export const ADJUST_KINDS = [
  'exposure',
  'contrast',
  'highlights',
  'shadows',
  'midtones',
  'temperature',
  'tint',
  'saturation',
  'vibrance',
  'hue',
] as const
export type AdjustKind = (typeof ADJUST_KINDS)[number]

/** Sliders from 0 to 1: a finished look, of which there can be more or less. */
export const LOOK_KINDS = [
  'night',
  'golden-hour',
  'sepia',
  'monochrome',
  'bleach-bypass',
  'teal-orange',
] as const
export type LookKind = (typeof LOOK_KINDS)[number]

/** Sliders from 0 to 1 that also depend on where in the frame a pixel lies, or on its neighbours. */
export const SPATIAL_KINDS = ['vignette', 'bloom', 'grain', 'fog'] as const
export type SpatialKind = (typeof SPATIAL_KINDS)[number]

/** Sliders from 0 to 1: how far a picture has gone into one colour, at its start or at its end. */
export const FADE_KINDS = ['fade-in', 'fade-out'] as const
export type FadeKind = (typeof FADE_KINDS)[number]

/** A part of the scale from black to white, with soft borders to the others. */
export const TONE_RANGES = ['shadows', 'midtones', 'highlights'] as const
export type ToneRange = (typeof TONE_RANGES)[number]

/** The slider of an operation at one source frame; in between it moves in a straight line. */
export interface EditKey {
  readonly frame: number
  readonly value: number
}

/** An affine map of OKLab colours: `matrix` (3x3, row by row) times the colour, plus `offset`. */
export interface ColourMap {
  readonly matrix: readonly number[]
  readonly offset: readonly number[]
  /** By rising lightness, from shadows to highlights; absent where they could not be told apart. */
  readonly zones?: readonly ToneZone[] | undefined
}

/**
 * What one zone of light needs after the map: `matrix` (2x2, row by row) times a and b, plus
 * `offset`. In full at its lightness, halfway to the next zone half of it.
 */
export interface ToneZone {
  readonly lightness: number
  readonly matrix: readonly number[]
  readonly offset: readonly number[]
}

/** Where in the space of colours an operation acts; a mask says where in the frame. */
export interface ColourLimits {
  /** Null for all. */
  readonly tones: ToneRange | null
  /** Hues that are left as they are; greys are none of them. */
  readonly except: readonly HueBand[]
  /** White, black and grey that are left as they are; absent in edits made before there were any. */
  readonly neutrals?: readonly Neutral[] | undefined
}

/**
 * One step of an edit. `keys` holds at least one entry, by rising frame; before the first
 * and after the last the value stands still. `only` confines it to one band of hues.
 */
export type EditOperation =
  | {
      readonly kind: AdjustKind
      readonly keys: readonly EditKey[]
      readonly only: HueBand | null
      readonly limits?: ColourLimits | undefined
    }
  | {
      readonly kind: LookKind
      readonly keys: readonly EditKey[]
      readonly limits?: ColourLimits | undefined
    }
  | { readonly kind: SpatialKind; readonly keys: readonly EditKey[] }
  | { readonly kind: FadeKind; readonly keys: readonly EditKey[]; readonly to: PaintColour }
  | {
      /** A colour over one range of tones; light and shade stay. */
      readonly kind: 'tone'
      readonly keys: readonly EditKey[]
      readonly tones: ToneRange
      readonly to: PaintColour
      readonly limits?: ColourLimits | undefined
    }
  | {
      readonly kind: 'recolour'
      readonly keys: readonly EditKey[]
      readonly only: HueBand | null
      readonly to: PaintColour
      readonly limits?: ColourLimits | undefined
    }
  | {
      /** Gives the colours of a reference picture; measured once, so it is the same on every frame. */
      readonly kind: 'match'
      readonly keys: readonly EditKey[]
      readonly map: ColourMap
      /** Colours of skin move less. */
      readonly keepSkin: boolean
      /** Shadows, midtones and highlights each on their own, by the zones of the map. */
      readonly byLight?: boolean | undefined
      /** File name of the reference. */
      readonly reference: string
    }

/** What words can ask for. */
export type EditKind = Exclude<EditOperation['kind'], 'match'>

/** Settings of the verb Edit. */
export interface EditParams {
  /** The words that the operations came from, as typed. */
  readonly prompt: string
  /** In the order in which they are applied. */
  readonly operations: readonly EditOperation[]
  /** Width in source pixels of the soft edge where a mask confines the edit. */
  readonly feather: number
  /** Of the grain. */
  readonly seed: number
}
