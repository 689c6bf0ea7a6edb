import { z } from 'zod'
import type { Command } from '../commands.js'
import {
  confidence,
  keyframe,
  mask,
  maskBetween,
  maskFeather,
  maskGrow,
  maskKeyframes,
  overlay,
  shape,
} from './mask.js'
import {
  asset,
  clip,
  marker,
  overlayLook,
  segment,
  someEditParams,
  someRemoveParams,
  someRepaintParams,
  someStyliseParams,
  take,
  track,
} from './records.js'
import { LIMITS, frame, idSchema, name, rational, side } from './values.js'
import type { Exactly } from './values.js'

const command = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('project.rename'), name: name(LIMITS.projectName) }),
  z.strictObject({
    type: z.literal('project.setFormat'),
    format: z.strictObject({ fps: rational, width: side, height: side }),
  }),
  z.strictObject({ type: z.literal('asset.add'), asset }),
  z.strictObject({ type: z.literal('asset.rename'), id: idSchema, name: name(LIMITS.name) }),
  z.strictObject({ type: z.literal('asset.remove'), id: idSchema }),
  z.strictObject({ type: z.literal('track.add'), track }),
  z.strictObject({
    type: z.literal('track.update'),
    id: idSchema,
    changes: z.strictObject({
      name: name(LIMITS.name).exactOptional(),
      muted: z.boolean().exactOptional(),
    }),
  }),
  z.strictObject({ type: z.literal('clip.add'), clip }),
  z.strictObject({
    type: z.literal('clip.move'),
    id: idSchema,
    start: frame,
    trackId: idSchema.exactOptional(),
  }),
  z.strictObject({
    type: z.literal('clip.update'),
    id: idSchema,
    changes: z.strictObject({ overlay: overlayLook.exactOptional() }),
  }),
  z.strictObject({
    type: z.literal('clip.trim'),
    id: idSchema,
    start: frame,
    in: frame,
    length: clip.shape.length,
  }),
  z.strictObject({ type: z.literal('clip.remove'), id: idSchema }),
  z.strictObject({ type: z.literal('clip.split'), id: idSchema, frame, newId: idSchema }),
  z.strictObject({ type: z.literal('mask.add'), mask }),
  z.strictObject({ type: z.literal('mask.addShape'), id: idSchema, frame, shape }),
  z.strictObject({
    type: z.literal('mask.setKeyframe'),
    id: idSchema,
    frame,
    shapes: keyframe,
  }),
  z.strictObject({ type: z.literal('mask.removeKeyframe'), id: idSchema, frame }),
  z.strictObject({
    type: z.literal('mask.track'),
    id: idSchema,
    from: frame,
    to: frame,
    keyframes: maskKeyframes,
    confidence: z.array(confidence).max(LIMITS.tracked),
  }),
  z.strictObject({
    type: z.literal('mask.update'),
    id: idSchema,
    changes: z.strictObject({
      name: name(LIMITS.name).exactOptional(),
      between: maskBetween.exactOptional(),
      feather: maskFeather.exactOptional(),
      grow: maskGrow.exactOptional(),
      inverted: z.boolean().exactOptional(),
      overlay: overlay.exactOptional(),
    }),
  }),
  z.strictObject({ type: z.literal('mask.remove'), id: idSchema }),
  z.strictObject({ type: z.literal('segment.add'), segment }),
  z.strictObject({
    type: z.literal('segment.update'),
    id: idSchema,
    changes: z.strictObject({
      from: frame.exactOptional(),
      to: frame.exactOptional(),
      maskId: idSchema.nullable().exactOptional(),
      // Which of them suits the segment is known only where the segment is: apply.ts.
      params: z
        .union([someRemoveParams, someEditParams, someRepaintParams, someStyliseParams])
        .exactOptional(),
    }),
  }),
  z.strictObject({
    type: z.literal('segment.move'),
    id: idSchema,
    above: idSchema.nullable(),
  }),
  z.strictObject({ type: z.literal('segment.remove'), id: idSchema }),
  z.strictObject({ type: z.literal('take.add'), take }),
  z.strictObject({
    type: z.literal('take.accept'),
    segmentId: idSchema,
    takeId: idSchema.nullable(),
  }),
  z.strictObject({ type: z.literal('take.remove'), id: idSchema }),
  z.strictObject({ type: z.literal('marker.add'), marker }),
  z.strictObject({
    type: z.literal('marker.update'),
    id: idSchema,
    changes: z.strictObject({
      frame: frame.exactOptional(),
      label: marker.shape.label.exactOptional(),
    }),
  }),
  z.strictObject({ type: z.literal('marker.remove'), id: idSchema }),
])
/** Every {@link Command}, field by field; what a command refers to is checked by apply. */
export const commandSchema: Exactly<typeof command, Command> = command
