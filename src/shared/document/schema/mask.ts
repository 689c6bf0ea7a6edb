import { z } from 'zod'
import type { MaskKeyframe, MaskShape } from '../model.js'
import { LIMITS, coordinate, extent, idSchema, name, pathUnder, points } from './values.js'

const shapesWithoutBetween = [
  z.strictObject({
    kind: z.literal('stroke'),
    erase: z.boolean(),
    size: z.number().gt(0).max(LIMITS.side),
    points: points(1),
  }),
  z.strictObject({
    kind: z.enum(['rectangle', 'ellipse']),
    erase: z.boolean(),
    x: coordinate,
    y: coordinate,
    width: extent,
    height: extent,
  }),
  z.strictObject({ kind: z.literal('lasso'), erase: z.boolean(), points: points(3) }),
  z.strictObject({ kind: z.literal('bitmap'), erase: z.boolean(), path: pathUnder('masks') }),
] as const

/** One schema a level instead of a recursive one, so that no input can exhaust the stack. */
function shapeAt(depth: number): z.ZodType<MaskShape> {
  if (depth === 0) return z.discriminatedUnion('kind', shapesWithoutBetween)
  const keyframe = keyframeAt(depth - 1)
  return z.discriminatedUnion('kind', [
    ...shapesWithoutBetween,
    z.strictObject({
      kind: z.literal('between'),
      erase: z.literal(false),
      before: keyframe,
      after: keyframe,
      t: z.number().min(0).max(1),
    }),
  ])
}

function keyframeAt(depth: number): z.ZodType<MaskKeyframe> {
  return z.array(shapeAt(depth)).max(LIMITS.shapesPerKeyframe)
}

export const shape = shapeAt(LIMITS.betweenDepth)
export const keyframe = keyframeAt(LIMITS.betweenDepth)
const frameKey = z.string().regex(/^(0|[1-9]\d{0,8})$/, 'Not a frame number.')
export const overlay = z.strictObject({
  colour: z.string().regex(/^#[0-9a-f]{6}$/i, 'Expected a colour as #rrggbb.'),
  opacity: z.number().min(0).max(1),
})
export const maskFeather = z.number().min(0).max(500)
export const maskGrow = z.number().min(-500).max(500)
export const maskBetween = z.enum(['hold', 'interpolate'])

export const maskKeyframes = z
  .record(frameKey, keyframe)
  .refine((frames) => Object.keys(frames).length <= LIMITS.keyframes, 'Too many key frames.')
export const confidence = z.number().min(0).max(1)

export const mask = z.strictObject({
  id: idSchema,
  type: z.literal('mask'),
  assetId: idSchema,
  name: name(LIMITS.name),
  keyframes: maskKeyframes,
  tracked: z
    .record(frameKey, confidence)
    .refine((frames) => Object.keys(frames).length <= LIMITS.tracked, 'Too many tracked frames.')
    .exactOptional(),
  between: maskBetween,
  feather: maskFeather,
  grow: maskGrow,
  inverted: z.boolean(),
  overlay,
})
