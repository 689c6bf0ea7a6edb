/** Settings of the verb Stylise, and the reference pictures that come with the app. */

/** How broad strokes are against the frame: the network paints the frame at this many pixels. */
export const STROKE_PIXELS = { fine: 400_000, medium: 170_000, broad: 75_000 } as const
export type Strokes = keyof typeof STROKE_PIXELS
export const STROKES = Object.keys(STROKE_PIXELS) as readonly Strokes[]

/** A reference picture: a copy in the project, so that it is there wherever the project goes. */
export interface StyleRef {
  readonly name: string
  /** Relative to the project folder: `styles/poster.png`. */
  readonly path: string
}

export interface StyliseParams {
  /** Null until a picture is chosen. */
  readonly style: StyleRef | null
  /** 0..1: from the frame as it is to the style as far as the network takes it. */
  readonly strength: number
  /** Only light and texture are the style's; the colours stay the clip's. */
  readonly keepColours: boolean
  /** 0..1: how much a frame holds on to the one before it, along the motion. */
  readonly smoothing: number
  readonly strokes: Strokes
  /** Width in source pixels of the soft edge where a mask confines the style. */
  readonly feather: number
}

export const DEFAULT_STYLISE: StyliseParams = {
  style: null,
  strength: 1,
  keepColours: false,
  smoothing: 0.5,
  strokes: 'medium',
  feather: 4,
}

/**
 * The references that the app ships, in the order in which they are offered: pictures under
 * resources/styles, drawn by training/lumiere_training/style/textures.py.
 */
export const SHIPPED_STYLES = [
  'watercolour',
  'oil',
  'hatching',
  'mosaic',
  'glowing-lines',
  'paper-cut',
  'risograph',
  'chalk',
] as const
export type ShippedStyle = (typeof SHIPPED_STYLES)[number]

/** The shipped reference that a copy in a project is of; null for a person's own picture. */
export function shippedStyle({ path }: StyleRef): ShippedStyle | null {
  return SHIPPED_STYLES.find((name) => path === shippedStylePath(name)) ?? null
}

/** Where the copy of a shipped reference lies in a project. */
export function shippedStylePath(name: ShippedStyle): string {
  return `styles/lumiere-${name}.png`
}
