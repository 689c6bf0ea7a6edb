import { z } from 'zod'
import { BLEND_MODES } from '../../blend.js'
import { packIdSchema } from '../../contract/pack.js'
import type { EditParams } from '../../edit/operations.js'
import { MOST_EMPHASIS } from '../../emphasis.js'
import { editParams } from '../../edit/schema.js'
import { KEY_LIMITS, KEY_PAINTERS, STROKES, STYLE_MODES } from '../../style.js'
import type { StillStyle, StyliseParams } from '../../style.js'
import type { ProjectMeta, Rec, RemoveParams, RepaintParams } from '../model.js'
import { mask } from './mask.js'
import { LIMITS, frame, idSchema, isoDate, name, pathUnder, rational, side } from './values.js'
import type { Exactly } from './values.js'

const mediaNote = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('rotated'),
    degrees: z.union([z.literal(90), z.literal(180), z.literal(270)]),
  }),
  z.strictObject({ kind: z.literal('variable-rate'), fps: rational }),
  z.strictObject({ kind: z.literal('high-bit-depth'), bits: z.int().min(1).max(64) }),
  z.strictObject({ kind: z.literal('hdr'), transfer: z.string().max(64) }),
  z.strictObject({ kind: z.literal('odd-size'), width: side, height: side }),
  z.strictObject({ kind: z.literal('no-audio') }),
  z.strictObject({ kind: z.literal('interlaced') }),
  z.strictObject({ kind: z.literal('transparent') }),
  z.strictObject({ kind: z.literal('anamorphic'), width: side, height: side }),
])

const mediaInfo = z.strictObject({
  kind: z.enum(['video', 'image']),
  width: side,
  height: side,
  fps: rational,
  frames: z.int().min(1).max(LIMITS.frame),
  startSeconds: z.number().min(-1e9).max(1e9).exactOptional(),
  videoCodec: z.string().max(64),
  pixelFormat: z.string().max(64),
  colour: z.strictObject({
    matrix: z.enum(['bt601', 'bt709', 'bt2020']),
    range: z.enum(['tv', 'pc']),
  }),
  audio: z
    .strictObject({
      sampleRate: z.int().min(1).max(10_000_000),
      channels: z.int().min(1).max(256),
      samples: z.int().min(0),
    })
    .nullable(),
  notes: z.array(mediaNote).max(32),
})

const madeBy = z.strictObject({
  task: z.enum(['generate', 'animate', 'retime']),
  prompt: z.string().max(2000),
  seed: z.int().min(0),
  pack: z
    .strictObject({
      id: packIdSchema,
      version: z.string().max(40),
      sha256: z.string().regex(/^[0-9a-f]{64}$/),
    })
    .nullable(),
  recipe: pathUnder('media'),
  createdAt: isoDate.exactOptional(),
})

export const asset = z.strictObject({
  id: idSchema,
  type: z.literal('asset'),
  name: name(LIMITS.name),
  path: pathUnder('media'),
  bytes: z.int().min(0),
  info: mediaInfo,
  made: madeBy.exactOptional(),
})

export const track = z.strictObject({
  id: idSchema,
  type: z.literal('track'),
  kind: z.enum(['video', 'audio']),
  name: name(LIMITS.name),
  order: z.int().min(0).max(1000),
  muted: z.boolean(),
})

export const overlayLook = z.strictObject({
  blend: z.enum(BLEND_MODES),
  opacity: z.number().min(0).max(1),
  fit: z.enum(['inside', 'fill']),
})

export const clip = z.strictObject({
  id: idSchema,
  type: z.literal('clip'),
  trackId: idSchema,
  assetId: idSchema,
  start: frame,
  in: frame,
  length: z.int().min(1).max(LIMITS.frame),
  overlay: overlayLook.exactOptional(),
})

const removeParams = z.strictObject({
  dilate: z.number().min(0).max(500).nullable(),
  feather: z.number().min(0).max(200),
  seed: z.int().min(0).max(0xffff_ffff),
  doubtful: z.enum(['soft', 'found']).exactOptional(),
})
/** Settings of the remove verb. Units: {@link RemoveParams}. */
export const removeParamsSchema: Exactly<typeof removeParams, RemoveParams> = removeParams
export const someRemoveParams = z.strictObject({
  dilate: removeParamsSchema.shape.dilate.exactOptional(),
  feather: removeParamsSchema.shape.feather.exactOptional(),
  seed: removeParamsSchema.shape.seed.exactOptional(),
  doubtful: removeParamsSchema.shape.doubtful,
})

/** Settings of the edit verb. Units: {@link EditParams}. */
export const editParamsSchema: Exactly<typeof editParams, EditParams> = editParams
export const someEditParams = z.strictObject({
  prompt: editParamsSchema.shape.prompt.exactOptional(),
  operations: editParamsSchema.shape.operations.exactOptional(),
  feather: editParamsSchema.shape.feather.exactOptional(),
  seed: editParamsSchema.shape.seed.exactOptional(),
})

const repaintParams = z.strictObject({
  prompt: z.string().max(2000),
  seed: z.int().min(0).max(0x7fff_ffff),
  steps: z.int().min(1).max(50).nullable(),
  guidance: z.number().min(0).max(20).nullable(),
  emphasis: z.number().min(0).max(MOST_EMPHASIS).exactOptional(),
  strength: z.number().min(0.05).max(1),
  feather: z.number().min(0).max(200),
  detail: z.enum(['made', 'clip']).exactOptional(),
})
/** Settings of the verbs replace and regenerate. Units: {@link RepaintParams}. */
const repaintParamsSchema: Exactly<typeof repaintParams, RepaintParams> = repaintParams
export const someRepaintParams = z.strictObject({
  prompt: repaintParamsSchema.shape.prompt.exactOptional(),
  seed: repaintParamsSchema.shape.seed.exactOptional(),
  steps: repaintParamsSchema.shape.steps.exactOptional(),
  guidance: repaintParamsSchema.shape.guidance.exactOptional(),
  emphasis: repaintParamsSchema.shape.emphasis,
  strength: repaintParamsSchema.shape.strength.exactOptional(),
  feather: repaintParamsSchema.shape.feather.exactOptional(),
  detail: repaintParamsSchema.shape.detail,
})

const styleRef = z.strictObject({ name: name(LIMITS.name), path: pathUnder('styles') })
const { every: keyEvery } = KEY_LIMITS
const styliseParams = z.strictObject({
  mode: z.enum(STYLE_MODES),
  keyBy: z.enum(KEY_PAINTERS),
  keyEvery: z.int().min(keyEvery.min).max(keyEvery.max),
  painted: z
    .array(z.strictObject({ frame, path: pathUnder('styles/painted') }))
    .max(KEY_LIMITS.painted)
    .refine(
      (all) => all.every((one, n) => n === 0 || one.frame > (all[n - 1]?.frame ?? 0)),
      'The painted frames are not in order.',
    )
    .readonly(),
  style: styleRef.nullable(),
  strength: z.number().min(0).max(1),
  keepColours: z.boolean(),
  smoothing: z.number().min(0).max(1),
  strokes: z.enum(STROKES),
  feather: z.number().min(0).max(200),
})
/** Settings of the stylise verb. Units: {@link StyliseParams}. */
export const styliseParamsSchema: Exactly<typeof styliseParams, StyliseParams> = styliseParams
const stillStyle = z.strictObject({
  style: styleRef,
  strength: styliseParams.shape.strength,
  keepColours: styliseParams.shape.keepColours,
  strokes: styliseParams.shape.strokes,
})
/** How a still is painted before it is set in motion. */
export const stillStyleSchema: Exactly<typeof stillStyle, StillStyle> = stillStyle
export const someStyliseParams = z.strictObject({
  mode: styliseParamsSchema.shape.mode.exactOptional(),
  keyBy: styliseParamsSchema.shape.keyBy.exactOptional(),
  keyEvery: styliseParamsSchema.shape.keyEvery.exactOptional(),
  painted: styliseParamsSchema.shape.painted.exactOptional(),
  style: styliseParamsSchema.shape.style.exactOptional(),
  strength: styliseParamsSchema.shape.strength.exactOptional(),
  keepColours: styliseParamsSchema.shape.keepColours.exactOptional(),
  smoothing: styliseParamsSchema.shape.smoothing.exactOptional(),
  strokes: styliseParamsSchema.shape.strokes.exactOptional(),
  feather: styliseParamsSchema.shape.feather.exactOptional(),
})

const segmentBase = {
  id: idSchema,
  type: z.literal('segment'),
  clipId: idSchema,
  from: frame,
  to: frame,
  acceptedTakeId: idSchema.nullable(),
  layer: z.int().min(0).max(LIMITS.records).exactOptional(),
}
export const segment = z.discriminatedUnion('verb', [
  z.strictObject({
    ...segmentBase,
    verb: z.literal('remove'),
    maskId: idSchema,
    params: removeParamsSchema,
  }),
  z.strictObject({
    ...segmentBase,
    verb: z.literal('edit'),
    maskId: idSchema.nullable(),
    params: editParamsSchema,
  }),
  z.strictObject({
    ...segmentBase,
    verb: z.literal('replace'),
    maskId: idSchema,
    params: repaintParamsSchema,
  }),
  z.strictObject({
    ...segmentBase,
    verb: z.literal('regenerate'),
    maskId: idSchema.nullable(),
    params: repaintParamsSchema,
  }),
  z.strictObject({
    ...segmentBase,
    verb: z.literal('stylise'),
    maskId: idSchema.nullable(),
    params: styliseParamsSchema,
  }),
])

export const take = z.strictObject({
  id: idSchema,
  type: z.literal('take'),
  segmentId: idSchema,
  path: pathUnder('takes'),
  createdAt: isoDate,
  name: name(LIMITS.name),
  from: frame,
  to: frame,
  confidence: z.number().min(0).max(1),
  seconds: z.number().min(0).max(1e9),
  under: z
    .array(z.strictObject({ path: pathUnder('takes'), from: frame, to: frame }))
    .max(LIMITS.records)
    .readonly()
    .exactOptional(),
})

export const marker = z.strictObject({
  id: idSchema,
  type: z.literal('marker'),
  frame,
  label: z.string().max(LIMITS.name),
})

const rec = z.discriminatedUnion('type', [asset, track, clip, mask, segment, take, marker])
/** One record of a document. */
export const recSchema: Exactly<typeof rec, Rec> = rec

const meta = z.strictObject({
  id: idSchema,
  name: name(LIMITS.projectName),
  createdAt: isoDate,
  fps: rational,
  width: side,
  height: side,
})
/** What a project says of itself. */
export const metaSchema: Exactly<typeof meta, ProjectMeta> = meta
