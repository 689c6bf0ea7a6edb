import type { MaskKeyframe, MaskRec } from '../document/model.js'

/** A painted frame of a mask. */
export interface PaintedFrame {
  /** Source frame. */
  readonly frame: number
  readonly shapes: MaskKeyframe
}

/** What a mask is made of at one frame, before grow, invert and feather. */
export type MaskSourceAt =
  | { readonly kind: 'none' }
  | { readonly kind: 'one'; readonly shapes: MaskKeyframe }
  | {
      readonly kind: 'blend'
      readonly before: MaskKeyframe
      readonly after: MaskKeyframe
      /** 0 at `before`, 1 at `after`; never either. */
      readonly t: number
    }

const sorted = new WeakMap<MaskRec['keyframes'], readonly PaintedFrame[]>()

/** The painted frames in order of time. */
export function keyframesOf(mask: Pick<MaskRec, 'keyframes'>): readonly PaintedFrame[] {
  const known = sorted.get(mask.keyframes)
  if (known !== undefined) return known
  const list = Object.entries(mask.keyframes)
    .map(([frame, shapes]) => ({ frame: Number(frame), shapes }))
    .sort((a, b) => a.frame - b.frame)
  sorted.set(mask.keyframes, list)
  return list
}

/**
 * Which key frames a frame shows: its own; else, by `between`, the one before it or a blend
 * of its two neighbours. Before the first key frame the first shows, after the last the last.
 * A blend with an empty key frame would have nothing to move towards, so that one holds.
 */
export function maskSourceAt(
  mask: Pick<MaskRec, 'keyframes' | 'between'>,
  frame: number,
): MaskSourceAt {
  const list = keyframesOf(mask)
  // The first painted frame after this one.
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((list[middle]?.frame ?? 0) <= frame) low = middle + 1
    else high = middle
  }
  const before = list[low - 1]
  const after = list[low]
  if (before === undefined) {
    return after === undefined ? { kind: 'none' } : { kind: 'one', shapes: after.shapes }
  }
  if (
    mask.between === 'hold' ||
    after === undefined ||
    before.frame === frame ||
    before.shapes.length === 0 ||
    after.shapes.length === 0
  ) {
    return { kind: 'one', shapes: before.shapes }
  }
  return {
    kind: 'blend',
    before: before.shapes,
    after: after.shapes,
    t: (frame - before.frame) / (after.frame - before.frame),
  }
}

/** False where the mask is certainly empty at the frame, without drawing it. */
export function hasMaskAt(mask: MaskRec, frame: number): boolean {
  if (mask.inverted) return true
  const source = maskSourceAt(mask, frame)
  if (source.kind === 'blend') return true
  return source.kind === 'one' && source.shapes.some((shape) => !shape.erase)
}

/** How deep `between` shapes are nested; 0 without any. */
export function betweenDepth(shapes: MaskKeyframe): number {
  let depth = 0
  for (const shape of shapes) {
    if (shape.kind !== 'between') continue
    depth = Math.max(depth, 1 + Math.max(betweenDepth(shape.before), betweenDepth(shape.after)))
  }
  return depth
}

/** The paths of all imported bitmaps that a mask uses, for whoever has to load them. */
export function bitmapPathsOf(mask: Pick<MaskRec, 'keyframes'>): string[] {
  const paths = new Set<string>()
  const visit = (shapes: MaskKeyframe): void => {
    for (const shape of shapes) {
      if (shape.kind === 'bitmap') paths.add(shape.path)
      else if (shape.kind === 'between') {
        visit(shape.before)
        visit(shape.after)
      }
    }
  }
  for (const { shapes } of keyframesOf(mask)) visit(shapes)
  return [...paths]
}
