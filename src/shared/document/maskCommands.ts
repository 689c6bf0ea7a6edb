import { betweenDepth, maskSourceAt } from '../mask/keyframes.js'
import type { CommandOf } from './commands.js'
import { problem } from './integrity.js'
import type { Problem } from './integrity.js'
import type { MaskKeyframe, MaskRec } from './model.js'
import { LIMITS } from './schema/index.js'

/** Puts a key frame in place of the one at the frame, if any. */
export function withKeyframe(
  mask: MaskRec,
  frame: number,
  shapes: MaskKeyframe,
): MaskRec | Problem {
  if (shapes.length > LIMITS.shapesPerKeyframe) {
    return problem(
      `A frame of a mask holds at most ${LIMITS.shapesPerKeyframe} strokes and shapes.`,
      'Start a new mask, or clear this frame and paint it with fewer strokes.',
    )
  }
  const keyframes = { ...mask.keyframes, [String(frame)]: shapes }
  if (Object.keys(keyframes).length > LIMITS.keyframes) {
    return problem(`A mask holds at most ${LIMITS.keyframes} painted frames.`)
  }
  return painted({ ...mask, keyframes }, frame)
}

/** The mask with what tracking said of a frame forgotten: a person has decided there. */
function painted(mask: MaskRec, frame: number): MaskRec {
  if (mask.tracked?.[String(frame)] === undefined) return mask
  const { [String(frame)]: forgotten, ...tracked } = mask.tracked
  return { ...mask, tracked }
}

/**
 * Paints on a frame. Its key frame starts from what the mask showed there, with one exception:
 * where a moving mask is only held, past its last painted frame or before its first, painting says
 * where the object is now, and the place where it was would be one more thing to erase.
 */
export function addShape(
  mask: MaskRec,
  { frame, shape }: CommandOf<'mask.addShape'>,
): MaskRec | Problem {
  const own = mask.keyframes[String(frame)]
  const held = maskSourceAt(mask, frame).kind === 'one'
  const afresh = held && mask.between === 'interpolate' && !shape.erase
  return withKeyframe(mask, frame, [...(own ?? (afresh ? [] : shownAt(mask, frame))), shape])
}

/** The shapes that draw what an unpainted frame shows. */
function shownAt(mask: MaskRec, frame: number): MaskKeyframe {
  const source = maskSourceAt(mask, frame)
  if (source.kind === 'none') return []
  if (source.kind === 'one') return source.shapes
  const { before, after, t } = source
  // Each level repeats both neighbours in the file; deep down a copy is close enough.
  const depth = 1 + Math.max(betweenDepth(before), betweenDepth(after))
  if (depth > LIMITS.betweenDepth) return before
  return [{ kind: 'between', erase: false, before, after, t }]
}

export function removeKeyframe(
  mask: MaskRec,
  { frame }: CommandOf<'mask.removeKeyframe'>,
): MaskRec | Problem {
  const { [String(frame)]: removed, ...keyframes } = mask.keyframes
  if (removed === undefined) return problem(`The mask is not painted on frame ${frame}.`)
  return painted({ ...mask, keyframes }, frame)
}

/**
 * Replaces what an earlier tracking left in a range by what a new one found. Painted key frames in
 * the range stay as they are: they are what tracking goes by.
 */
export function track(
  mask: MaskRec,
  { from, to, keyframes: found, confidence }: CommandOf<'mask.track'>,
): MaskRec | Problem {
  if (confidence.length !== to - from) {
    return problem('The tracked range and its confidence differ in length.')
  }
  const inside = (key: string): boolean => Number(key) >= from && Number(key) < to
  if (!Object.keys(found).every(inside)) return problem('A tracked frame lies outside its range.')
  const isPainted = (key: string): boolean =>
    Object.hasOwn(mask.keyframes, key) && mask.tracked?.[key] === undefined
  const kept = Object.entries(mask.keyframes).filter(([key]) => !inside(key) || isPainted(key))
  const added = Object.entries(found).filter(([key]) => !isPainted(key))
  const keyframes = Object.fromEntries([...kept, ...added])
  if (Object.keys(keyframes).length > LIMITS.keyframes) {
    return problem(
      `A mask holds at most ${LIMITS.keyframes} key frames.`,
      'Track a shorter range, or use a second mask for the rest.',
    )
  }
  const before = Object.entries(mask.tracked ?? {}).filter(([key]) => !inside(key))
  const fresh = confidence
    .map((value, n) => [String(from + n), value] as const)
    .filter(([key]) => !isPainted(key))
  return { ...mask, keyframes, tracked: Object.fromEntries([...before, ...fresh]) }
}
