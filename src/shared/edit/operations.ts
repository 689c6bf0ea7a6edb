/** Sliders from -1 to 1; 0 leaves the picture as it is. */
export const ADJUST_KINDS = [
  'exposure',
  'contrast',
  'highlights',
  'shadows',
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

/** The slider of an operation at one source frame; in between it moves in a straight line. */
export interface EditKey {
  readonly frame: number
  readonly value: number
}

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

/** An affine map of OKLab colours: `matrix` (3x3, row by row) times the colour, plus `offset`. */
export interface ColourMap {
  readonly matrix: readonly number[]
  readonly offset: readonly number[]
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
    }
  | { readonly kind: LookKind; readonly keys: readonly EditKey[] }
  | { readonly kind: SpatialKind; readonly keys: readonly EditKey[] }
  | {
      readonly kind: 'recolour'
      readonly keys: readonly EditKey[]
      readonly only: HueBand | null
      readonly to: PaintColour
    }
  | {
      /** Gives the colours of a reference picture; measured once, so it is the same on every frame. */
      readonly kind: 'match'
      readonly keys: readonly EditKey[]
      readonly map: ColourMap
      /** Colours of skin move less. */
      readonly keepSkin: boolean
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
