/** Settings of the verb Stylise, and the reference pictures that come with the app. */

/** How broad strokes are against the frame: the network paints the frame at this many pixels. */
export const STROKE_PIXELS = { fine: 200_000, medium: 80_000, broad: 40_000 } as const
export type Strokes = keyof typeof STROKE_PIXELS
export const STROKES = Object.keys(STROKE_PIXELS) as readonly Strokes[]

/** A reference picture: a copy in the project, so that it is there wherever the project goes. */
export interface StyleRef {
  readonly name: string
  /** Relative to the project folder: `styles/poster.png`. */
  readonly path: string
}

/** What paints: every frame by itself, or key frames that are carried along the motion to the others. */
export const STYLE_MODES = ['network', 'keyframe'] as const
export type StyleMode = (typeof STYLE_MODES)[number]

/** What paints the key frames that no hand has: the network, the picture's colours, or nothing. */
export const KEY_PAINTERS = ['network', 'colour', 'hand'] as const
export type KeyPainter = (typeof KEY_PAINTERS)[number]

/** A frame painted in another program: a copy in the project, at the clip's size, with transparency. */
export interface HandPaintedFrame {
  /** Source frame. */
  readonly frame: number
  /** Relative to the project folder: `styles/painted/frame 12.png`. */
  readonly path: string
}

export const KEY_LIMITS = {
  /** Frames from one key to the next. */
  every: { min: 2, max: 60 },
  painted: 500,
} as const

export interface StyliseParams {
  readonly mode: StyleMode
  /** Of the mode keyframe: what paints keys beside those painted by hand. */
  readonly keyBy: KeyPainter
  /** Of the mode keyframe: frames from one such key to the next. */
  readonly keyEvery: number
  /** Of the mode keyframe: one a frame, in order; those outside of the range wait until it holds them. */
  readonly painted: readonly HandPaintedFrame[]
  /** Null until a picture is chosen. Key frames painted by hand alone need none. */
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

/** How a still is painted before it is set in motion. */
export type StillStyle = Pick<StyliseParams, 'strength' | 'keepColours' | 'strokes'> & {
  readonly style: StyleRef
}

export const DEFAULT_STYLISE: StyliseParams = {
  mode: 'network',
  keyBy: 'network',
  keyEvery: 12,
  painted: [],
  style: null,
  // Measured: content and steadiness keep to what was wanted (docs/style.md).
  strength: 0.85,
  keepColours: false,
  smoothing: 0.9,
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

/** True where something is painted by the picture, and not all by hand. */
export function needsPicture({ mode, keyBy }: StyliseParams): boolean {
  return mode === 'network' || keyBy !== 'hand'
}

/** True where a model pack is needed. */
export function needsNetwork({ mode, keyBy }: StyliseParams): boolean {
  return mode === 'network' || keyBy === 'network'
}

/** The painted frames of a range `[from, to)`. */
export function paintedIn(
  painted: readonly HandPaintedFrame[],
  { from, to }: { readonly from: number; readonly to: number },
): readonly HandPaintedFrame[] {
  return painted.filter(({ frame }) => frame >= from && frame < to)
}

/** The list with one more, in order; it takes the place of what was painted on the same frame. */
export function withPainted(
  painted: readonly HandPaintedFrame[],
  more: HandPaintedFrame,
): readonly HandPaintedFrame[] {
  const others = painted.filter(({ frame }) => frame !== more.frame)
  return [...others, more].sort((a, b) => a.frame - b.frame)
}

/**
 * The frame that a picture's name stands for: its last number, counted from 0. The app's own PNG
 * exports (`frame_000001.png`) begin at 1. Null where the name has no number.
 *
 * @param name without its folder
 */
export function frameOfName(name: string): number | null {
  const stem = name.replace(/\.[^.]*$/, '')
  if (/^frame_\d{6}$/.test(stem)) return Math.max(0, Number(stem.slice(6)) - 1)
  const digits = /(\d+)\D*$/.exec(stem)?.[1]
  return digits === undefined || digits.length > 9 ? null : Number(digits)
}

/** The name of a frame that is saved to be painted over: {@link frameOfName} finds it again. */
export function nameOfFrame(frame: number): string {
  return `frame ${frame}.png`
}

/** Where the copy of a shipped reference lies in a project. */
export function shippedStylePath(name: ShippedStyle): string {
  return `styles/lumiere-${name}.png`
}
