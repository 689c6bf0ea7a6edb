import { z } from 'zod'
import { packIdSchema } from '../contract/pack.js'
import type { EditParams } from '../edit/operations.js'
import { editParams } from '../edit/schema.js'
import type { Command } from './commands.js'
import type { Id, MaskKeyframe, MaskShape, ProjectMeta, Rec, RemoveParams } from './model.js'

/**
 * What a document and its commands may look like on the wire and on disk. The limits are
 * far above what people do and far below what would hang the app: a hostile file is
 * refused in milliseconds. References between records are checked in integrity.ts.
 */
export const LIMITS = {
  /** Timeline or source frames: 4.6 days at 250 fps. */
  frame: 100_000_000,
  /** Pixels of a picture's side. */
  side: 32_768,
  /** How far outside the picture a painted point may lie, in pixels. */
  coordinate: 1_000_000,
  /** Numbers in one stroke or lasso (two a point). */
  pointNumbers: 50_000,
  shapesPerKeyframe: 5_000,
  keyframes: 20_000,
  /** Frames that tracking filled in: an hour and a half at 50 fps. */
  tracked: 300_000,
  records: 50_000,
  name: 255,
  projectName: 120,
  path: 1_024,
  /** Nesting of `between` shapes; deeper ones are flattened when they are made. */
  betweenDepth: 4,
} as const

/** The magic word of a project file. */
export const PROJECT_APP = 'lumiere-studio'

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T
type DeepRequired<T> = T extends object ? { readonly [K in keyof T]-?: DeepRequired<T[K]> } : T
type Mutual<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

/**
 * The schema's own type where what it lets through is exactly `T`, else never: a schema that
 * parts company with model.ts or commands.ts fails to compile. Assignability alone would
 * let a missing optional field pass; with all fields required it does not.
 */
type Exactly<S extends z.ZodType, T> =
  Mutual<DeepReadonly<z.infer<S>>, T> extends true
    ? Mutual<DeepRequired<z.infer<S>>, DeepRequired<T>> extends true
      ? S
      : never
    : never

function hasControl(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code < 0x20 || code === 0x7f) return true
  }
  return false
}

/** True for `a/b/c.ext`: relative, forward slashes, inside its root whatever the platform. */
export function isProjectPath(path: string): boolean {
  if (path.length === 0 || path.length > LIMITS.path) return false
  if (hasControl(path) || path.includes('\\') || /^[a-z]:/i.test(path)) return false
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}

/** Checks a whole list in one pass and by its length first: zod would build an issue for each number. */
function isPointList(value: unknown, minimum: number): boolean {
  if (!Array.isArray(value)) return false
  if (value.length < minimum || value.length > LIMITS.pointNumbers || value.length % 2 === 1) {
    return false
  }
  for (const number of value) {
    if (typeof number !== 'number' || !(Math.abs(number) <= LIMITS.coordinate)) return false
  }
  return true
}

function points(minimumPoints: number): z.ZodType<readonly number[]> {
  return z.custom<readonly number[]>(
    (value) => isPointList(value, minimumPoints * 2),
    `Expected ${minimumPoints} to ${LIMITS.pointNumbers / 2} points as x0, y0, x1, y1 ...`,
  )
}

const name = (limit: number): z.ZodType<string> =>
  z
    .string()
    .max(limit)
    .refine((text) => text.trim() !== '', 'The name is empty.')
    .refine((text) => !hasControl(text), 'The name holds control characters.')

const pathUnder = (folder: string): z.ZodType<string> =>
  z
    .string()
    .refine(
      (path) => isProjectPath(path) && path.startsWith(`${folder}/`),
      `Expected a path inside the project's ${folder}/ folder.`,
    )

const frame = z.int().min(0).max(LIMITS.frame)
const side = z.int().min(1).max(LIMITS.side)
const coordinate = z.number().min(-LIMITS.coordinate).max(LIMITS.coordinate)
const extent = z.number().min(0).max(LIMITS.coordinate)
const isoDate = z.iso.datetime()
const rational = z
  .strictObject({
    num: z.int().min(1).max(1_000_000_000),
    den: z.int().min(1).max(1_000_000_000),
  })
  .refine(
    ({ num, den }) => num / den >= 0.01 && num / den <= 1000,
    'The frame rate must be between 0.01 and 1000.',
  )

/** A record's or job's id: safe as a key of a plain object and as a file name everywhere. */
export const idSchema = z.string().regex(/^[a-z]{1,16}_[a-z0-9_-]{1,48}$/, 'Not a valid id.')

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
  task: z.enum(['generate', 'animate']),
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
})

const asset = z.strictObject({
  id: idSchema,
  type: z.literal('asset'),
  name: name(LIMITS.name),
  path: pathUnder('media'),
  bytes: z.int().min(0),
  info: mediaInfo,
  made: madeBy.exactOptional(),
})

const track = z.strictObject({
  id: idSchema,
  type: z.literal('track'),
  kind: z.enum(['video', 'audio']),
  name: name(LIMITS.name),
  order: z.int().min(0).max(1000),
  muted: z.boolean(),
})

const clip = z.strictObject({
  id: idSchema,
  type: z.literal('clip'),
  trackId: idSchema,
  assetId: idSchema,
  start: frame,
  in: frame,
  length: z.int().min(1).max(LIMITS.frame),
})

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

const shape = shapeAt(LIMITS.betweenDepth)
const keyframe = keyframeAt(LIMITS.betweenDepth)
const frameKey = z.string().regex(/^(0|[1-9]\d{0,8})$/, 'Not a frame number.')
const overlay = z.strictObject({
  colour: z.string().regex(/^#[0-9a-f]{6}$/i, 'Expected a colour as #rrggbb.'),
  opacity: z.number().min(0).max(1),
})
const maskFeather = z.number().min(0).max(500)
const maskGrow = z.number().min(-500).max(500)
const maskBetween = z.enum(['hold', 'interpolate'])

const maskKeyframes = z
  .record(frameKey, keyframe)
  .refine((frames) => Object.keys(frames).length <= LIMITS.keyframes, 'Too many key frames.')
const confidence = z.number().min(0).max(1)

const mask = z.strictObject({
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

const removeParams = z.strictObject({
  dilate: z.number().min(0).max(500).nullable(),
  feather: z.number().min(0).max(200),
  seed: z.int().min(0).max(0xffff_ffff),
})
/** Settings of the remove verb. Units: {@link RemoveParams}. */
export const removeParamsSchema: Exactly<typeof removeParams, RemoveParams> = removeParams
const someRemoveParams = z.strictObject({
  dilate: removeParamsSchema.shape.dilate.exactOptional(),
  feather: removeParamsSchema.shape.feather.exactOptional(),
  seed: removeParamsSchema.shape.seed.exactOptional(),
})

/** Settings of the edit verb. Units: {@link EditParams}. */
export const editParamsSchema: Exactly<typeof editParams, EditParams> = editParams
const someEditParams = z.strictObject({
  prompt: editParamsSchema.shape.prompt.exactOptional(),
  operations: editParamsSchema.shape.operations.exactOptional(),
  feather: editParamsSchema.shape.feather.exactOptional(),
  seed: editParamsSchema.shape.seed.exactOptional(),
})

const segmentBase = {
  id: idSchema,
  type: z.literal('segment'),
  clipId: idSchema,
  from: frame,
  to: frame,
  acceptedTakeId: idSchema.nullable(),
}
const segment = z.discriminatedUnion('verb', [
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
])

const take = z.strictObject({
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
})

const marker = z.strictObject({
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

/** What project.json holds. */
export interface ProjectFile {
  readonly app: typeof PROJECT_APP
  readonly version: number
  /** The sequence number of the last change in this file; the journal goes on from here. */
  readonly seq: number
  readonly meta: ProjectMeta
  readonly records: Readonly<Record<Id, Rec>>
}

const projectFile = z.strictObject({
  app: z.literal(PROJECT_APP),
  version: z.int().min(1),
  seq: z.int().min(0),
  meta: metaSchema,
  records: z
    .record(idSchema, recSchema)
    .refine((records) => Object.keys(records).length <= LIMITS.records, 'Too many records.'),
})
/** project.json at the current version; older ones pass through migrations.ts first. */
export const projectFileSchema: Exactly<typeof projectFile, ProjectFile> = projectFile

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
  z.strictObject({ type: z.literal('clip.move'), id: idSchema, start: frame }),
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
      params: z.union([someRemoveParams, someEditParams]).exactOptional(),
    }),
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
