import type { MaskKeyframe, MaskShape } from '../document/model.js'
import type { MaskBitmaps, MaskFrame } from './bitmap.js'

/** A picture's size in pixels. */
export interface Size {
  readonly width: number
  readonly height: number
}

/** A drawn key frame. */
export interface Drawn {
  readonly shapes: MaskKeyframe
  readonly source: Size
  readonly out: Size
  /** The bitmaps it was drawn with, missing ones too. */
  readonly used: ReadonlyMap<string, MaskFrame | undefined>
  readonly data: Uint8Array
  /** Made when it is first blended with another. */
  field?: DistanceField
}

export interface DistanceField {
  /** Signed distance of every pixel, negative inside. */
  readonly distance: Float32Array
  /** Centre of mass in target pixels; null where nothing is painted. */
  readonly centroid: { readonly x: number; readonly y: number } | null
  /** What is painted lies in here. */
  readonly box: Box
}

/** Pixels `[left, right)` of rows `[top, bottom)`. */
export interface Box {
  readonly left: number
  readonly top: number
  readonly right: number
  readonly bottom: number
}

/*
 * Key frames are immutable, so their identity says whether a drawing is still right. The
 * undo history keeps every key frame there ever was alive, so a WeakMap alone would keep
 * every drawing too: only the latest ones stay, enough for two neighbours in viewer,
 * thumbnail and export size.
 */
const KEPT = 8
const byKeyframe = new WeakMap<MaskKeyframe, Drawn[]>()
/** The key frame that ended with this shape when it was drawn. */
const byLastShape = new WeakMap<MaskShape, MaskKeyframe>()
const latest: Drawn[] = []

/** The drawing of exactly this key frame, size and state of bitmaps. */
export function findDrawn(
  shapes: MaskKeyframe,
  source: Size,
  out: Size,
  bitmaps?: MaskBitmaps,
): Drawn | undefined {
  return byKeyframe
    .get(shapes)
    ?.find(
      (entry) =>
        sameSize(entry.source, source) &&
        sameSize(entry.out, out) &&
        [...entry.used].every(([path, bitmap]) => bitmaps?.(path) === bitmap),
    )
}

/** The drawing of all shapes but the last. */
export function findPrefix(
  shapes: MaskKeyframe,
  source: Size,
  out: Size,
  bitmaps?: MaskBitmaps,
): Drawn | undefined {
  const last = shapes.at(-2)
  const prefix = last && byLastShape.get(last)
  if (prefix?.length !== shapes.length - 1) return undefined
  if (!prefix.every((shape, at) => shape === shapes[at])) return undefined
  return findDrawn(prefix, source, out, bitmaps)
}

export function remember(entry: Drawn): Drawn {
  const last = entry.shapes.at(-1)
  // An empty key frame is drawn faster than found, and every empty list is another one.
  if (last === undefined) return entry
  byLastShape.set(last, entry.shapes)
  byKeyframe.set(entry.shapes, [...(byKeyframe.get(entry.shapes) ?? []), entry])
  latest.push(entry)
  const oldest = latest.length > KEPT ? latest.shift() : undefined
  if (oldest !== undefined) {
    const rest = byKeyframe.get(oldest.shapes)?.filter((other) => other !== oldest) ?? []
    byKeyframe.set(oldest.shapes, rest)
  }
  return entry
}

function sameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height
}
