import { z } from 'zod'
import {
  commandSchema,
  idSchema,
  removeParamsSchema,
  stillStyleSchema,
} from '../document/schema/index.js'
import type { MediaInfo, ProjectDoc } from '../document/model.js'
import type { ColourMap } from '../edit/operations.js'
import type { EngineInfo, PackTestResult } from './engine.js'
import type { TokenizerConfig } from '../text/tokenizer.js'
import type { SubjectsTaskResult } from './edit.js'
import type { ErrorData } from './errors.js'
import { MOST_CANDIDATES } from '../candidates.js'
import { MOST_EMPHASIS } from '../emphasis.js'
import { EXPORT_PRESETS } from './job.js'
import type { Forecast, Job } from './job.js'
import { retimeParamsSchema } from '../retime/schema.js'
import { packIdSchema } from './pack.js'
import type { PackExample, PackFacts, PackList } from './pack.js'
import { TRACK_DIRECTIONS } from './track.js'
import { SHIPPED_STYLES } from '../style.js'
import type { HandPaintedFrame, StyleRef } from '../style.js'

/**
 * The whole surface between the interface (or the command line) and core: method ->
 * request schema and result type. Hosts only transport it; core handles every method
 * (the handler map is exhaustive by type).
 */

const path = z.string().min(1).max(4096)
const frame = z.number().int().min(0)

const exportInput = z.strictObject({
  preset: z.enum(EXPORT_PRESETS),
  path,
  range: z
    .strictObject({ from: frame, to: frame })
    .refine((range) => range.to > range.from, 'The range is empty.')
    .optional(),
  overwrite: z.boolean(),
})

const generateInput = z.strictObject({
  prompt: z.string().max(2000),
  packId: packIdSchema.optional(),
  seed: z.number().int().min(0).max(0x7fffffff),
  seconds: z.number().min(0.5).max(60).optional(),
  steps: z.number().int().min(1).max(50).optional(),
  guidance: z.number().min(0).max(20).optional(),
  solver: z.enum(['euler', 'heun']).optional(),
  candidates: z.number().int().min(1).max(MOST_CANDIDATES).optional(),
  emphasis: z.number().min(0).max(MOST_EMPHASIS).optional(),
  loop: z.boolean(),
  size: z.number().int().min(32).max(2048),
  place: z.boolean(),
})

const animateInput = z.strictObject({
  assetId: idSchema,
  clipId: idSchema.exactOptional(),
  style: stillStyleSchema.exactOptional(),
  maskId: idSchema.exactOptional(),
  direction: z.number().min(-360).max(360).exactOptional(),
  prompt: z.string().max(2000),
  packId: packIdSchema.exactOptional(),
  seed: z.number().int().min(0).max(0x7fffffff),
  strength: z.number().min(0.01).max(1),
  seconds: z.number().min(0.5).max(20),
  place: z.boolean(),
})

const takeInput = z.strictObject({ segmentId: idSchema, again: idSchema.exactOptional() })
const repaintInput = takeInput.extend({ packId: packIdSchema.optional() })

/** A job to forecast or start, by kind. */
export const jobRequestSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('import'),
    input: z.strictObject({
      path,
      name: z.string().min(1).max(255).optional(),
      place: z.boolean(),
      sample: z.literal(true).exactOptional(),
    }),
  }),
  z.strictObject({ kind: z.literal('prepare'), input: z.strictObject({ recordId: idSchema }) }),
  z.strictObject({
    kind: z.literal('remove'),
    input: takeInput.extend({ params: removeParamsSchema.partial().optional() }),
  }),
  z.strictObject({ kind: z.literal('edit'), input: takeInput }),
  z.strictObject({ kind: z.literal('keep'), input: z.strictObject({ segmentId: idSchema }) }),
  z.strictObject({ kind: z.literal('replace'), input: repaintInput }),
  z.strictObject({ kind: z.literal('regenerate'), input: repaintInput }),
  z.strictObject({ kind: z.literal('stylise'), input: takeInput }),
  z.strictObject({
    kind: z.literal('track'),
    input: z.strictObject({
      maskId: idSchema,
      frame,
      direction: z.enum(TRACK_DIRECTIONS),
      range: z.strictObject({ from: frame, to: frame }).optional(),
    }),
  }),
  z.strictObject({
    kind: z.literal('draft'),
    input: z.strictObject({ segmentId: idSchema, frame }),
  }),
  z.strictObject({ kind: z.literal('leftovers'), input: z.strictObject({ segmentId: idSchema }) }),
  z.strictObject({ kind: z.literal('proof'), input: z.strictObject({ takeId: idSchema }) }),
  z.strictObject({ kind: z.literal('generate'), input: generateInput }),
  z.strictObject({ kind: z.literal('animate'), input: animateInput }),
  z.strictObject({
    kind: z.literal('retime'),
    input: z.strictObject({ clipId: idSchema, from: frame, to: frame, params: retimeParamsSchema }),
  }),
  z.strictObject({ kind: z.literal('export'), input: exportInput }),
])
export type JobRequest = z.infer<typeof jobRequestSchema>

const nothing = z.strictObject({})
const projectName = z.string().min(1).max(120)
/** What the sample is called in the person's language, should it be made now. */
const sampleName = z.strictObject({ name: projectName.optional() })

export const requestSchemas = {
  'app.info': nothing,
  'app.doctor': nothing,
  'host.pick': z.strictObject({
    what: z.enum(['media', 'project', 'newProject', 'exportFile', 'exportFolder', 'maskPng']),
    suggestedName: z.string().max(255).optional(),
  }),
  'host.reveal': z.strictObject({ path }),
  'project.create': z.strictObject({ folder: path, name: projectName }),
  'project.open': z.strictObject({ folder: path }),
  'project.openSample': sampleName,
  /** What a start shows: the project open already, else the latest one that opens, else the sample. */
  'project.openLatest': sampleName,
  'project.recent': nothing,
  'project.state': nothing,
  'project.save': nothing,
  'project.close': nothing,
  /** Goes back to the last save after a crash recovery; the recovered changes are kept aside in a file. */
  'project.discardRecovery': nothing,
  'project.keepRecovery': nothing,
  'document.dispatch': z.strictObject({
    commands: z.array(commandSchema).min(1).max(1000),
    /** `record` can be undone; `ignore` never shows in the history. */
    mode: z.enum(['record', 'ignore']),
    /** Echoed in the document event, so that a replica knows its own commands. */
    origin: z.string().max(64).optional(),
    /** Dispatches with the same gesture, one after the other, undo as one step (a drag, a slider). */
    gesture: z.string().max(64).optional(),
  }),
  'document.undo': nothing,
  'document.redo': nothing,
  /** Jumps to a place in the visible history; 0 is before the first entry. */
  'document.goTo': z.strictObject({ position: z.number().int().min(0) }),
  'media.probe': z.strictObject({ path }),
  /** Makes a grey PNG (white = painted) the mask of one frame, in place of what was painted there. */
  'mask.import': z.strictObject({ maskId: idSchema, frame, path }),
  /** Writes the mask of the frames `[from, to)` as grey PNGs, white = painted. One frame makes one file. */
  'mask.export': z.strictObject({
    maskId: idSchema,
    from: frame,
    to: frame,
    path,
    overwrite: z.boolean(),
  }),
  /** Measures how the colours of a range (under a mask, where one is given) become a picture's. */
  'edit.matchPicture': z.strictObject({
    assetId: idSchema,
    from: frame,
    to: frame,
    maskId: idSchema.nullable(),
    path,
    luminanceOnly: z.boolean(),
  }),
  /** Measures the colours that the recolours of an edit paint over, as its job will. */
  'edit.subjects': z.strictObject({ segmentId: idSchema }),
  /** Copies a picture, or one that comes with the app, into the project as a style reference. */
  'style.add': z.union([
    z.strictObject({ path }),
    z.strictObject({ shipped: z.enum(SHIPPED_STYLES) }),
  ]),
  /** Copies a frame that was painted in another program into the project, at the size of the clip. */
  'style.addPainted': z.strictObject({ assetId: idSchema, frame, path }),
  /**
   * Writes one frame of a clip as it is seen, its takes in use laid over it, as a PNG of its full
   * size: to paint over in another program. A relative path leads into the exports folder.
   */
  'clip.saveFrame': z.strictObject({ clipId: idSchema, frame, path, overwrite: z.boolean() }),
  /** The style references that the project holds. */
  'style.list': nothing,
  'packs.list': nothing,
  /** The pack's model card and its words: what it knows and what it cannot do. */
  'packs.read': z.strictObject({ id: packIdSchema }),
  /** Reads every file of a pack and compares digests. */
  'packs.verify': z.strictObject({ id: packIdSchema }),
  /** Copies a pack in from a folder, verified first. */
  'packs.install': z.strictObject({ path }),
  'packs.remove': z.strictObject({ id: packIdSchema }),
  'jobs.list': nothing,
  'jobs.forecast': jobRequestSchema,
  'jobs.start': jobRequestSchema,
  'jobs.cancel': z.strictObject({ jobId: idSchema }),
  /** Good enough: the job ends early and keeps what it has. Jobs that cannot do that go on. */
  'jobs.finish': z.strictObject({ jobId: idSchema }),
  /** Forgets a job that has ended. */
  'jobs.dismiss': z.strictObject({ jobId: idSchema }),
} as const

export type Method = keyof typeof requestSchemas
export type Input<M extends Method> = z.infer<(typeof requestSchemas)[M]>

export interface AppInfo {
  readonly version: string
  readonly host: 'electron' | 'web' | 'cli'
  readonly platform: string
  /** True where `host.pick` shows a native dialog; elsewhere the interface asks for a path or an upload. */
  readonly nativeDialogs: boolean
  readonly defaultProjectsFolder: string
}

/** What became of a model pack's pass on an execution provider. */
export interface ProviderTest extends PackTestResult {
  readonly name: string
}

export interface Doctor {
  readonly versions: Readonly<Record<string, string>>
  readonly ffmpeg:
    | {
        readonly ok: true
        readonly path: string
        readonly from: 'setting' | 'environment' | 'bundled' | 'path'
        readonly version: string
        readonly encoders: readonly string[]
        readonly filters: readonly string[]
        /** Names of features that are wanted and absent. */
        readonly missing: readonly string[]
      }
    | { readonly ok: false; readonly error: ErrorData }
  readonly engine:
    | { readonly ok: true; readonly info: EngineInfo }
    | { readonly ok: false; readonly error: ErrorData }
  /** One pass of each model pack on each execution provider, the processor first. */
  readonly packs: readonly {
    readonly id: string
    readonly test:
      | { readonly ok: true; readonly providers: readonly ProviderTest[] }
      | { readonly ok: false; readonly error: ErrorData }
  }[]
  readonly cpu: { readonly model: string; readonly cores: number }
  readonly memory: { readonly totalBytes: number; readonly freeBytes: number }
  readonly disk: { readonly folder: string; readonly freeBytes: number }
}

export interface HistoryState {
  /** Newest last; the label is a command type or `batch:<n>`, translated by the interface. */
  readonly entries: readonly { readonly label: string }[]
  /** How many entries are applied; entries beyond it can be redone. */
  readonly position: number
}

export interface ProjectState {
  readonly folder: string
  readonly doc: ProjectDoc
  /** Grows with every change of the document. */
  readonly seq: number
  readonly history: HistoryState
  /** Changes since the last full save (they are in the journal already). */
  readonly unsaved: number
  /** Set when this session replayed a journal that a crash had left. */
  readonly recovered: { readonly commands: number; readonly damagedTail: boolean } | null
  /** Record ids whose cache is missing or being rebuilt. */
  readonly preparing: readonly string[]
}

export interface PixelSize {
  readonly width: number
  readonly height: number
}

export interface Outputs {
  'app.info': AppInfo
  'app.doctor': Doctor
  'host.pick': { readonly path: string | null }
  'host.reveal': null
  'project.create': ProjectState
  'project.open': ProjectState
  'project.openSample': ProjectState
  'project.openLatest': ProjectState & {
    /** Projects opened later than this one that could not be opened now, and why. */
    readonly passedOver: readonly { readonly name: string; readonly error: ErrorData }[]
  }
  'project.recent': readonly {
    readonly folder: string
    readonly name: string
    readonly openedAt: string
  }[]
  'project.state': ProjectState | null
  'project.save': { readonly seq: number }
  'project.close': null
  'project.discardRecovery': ProjectState
  'project.keepRecovery': null
  'document.dispatch': { readonly seq: number }
  'document.undo': { readonly seq: number }
  'document.redo': { readonly seq: number }
  'document.goTo': { readonly seq: number }
  'media.probe': MediaInfo
  'mask.import': {
    readonly seq: number
    /** Null where the picture has the size of what it is a mask of. */
    readonly scaled: { readonly from: PixelSize; readonly to: PixelSize } | null
  }
  'mask.export': { readonly files: number }
  'edit.matchPicture': { readonly map: ColourMap; /** File name. */ readonly reference: string }
  'edit.subjects': SubjectsTaskResult
  'style.add': StyleRef
  'style.addPainted': {
    readonly painted: HandPaintedFrame
    /** Its own size where it had to be scaled. */
    readonly scaledFrom: PixelSize | null
  }
  'clip.saveFrame': { /** Absolute. */ readonly path: string }
  'style.list': readonly StyleRef[]
  'packs.list': PackList
  'packs.read': {
    /** Markdown. */
    readonly card: string
    readonly vocabulary: readonly string[]
    /** Null for a pack that knows no words. */
    readonly tokens: TokenizerConfig | null
    readonly examples: readonly PackExample[]
  }
  'packs.verify': PackFacts
  'packs.install': PackFacts
  'packs.remove': null
  'jobs.list': readonly Job[]
  'jobs.forecast': Forecast
  'jobs.start': Job
  'jobs.cancel': null
  'jobs.finish': null
  'jobs.dismiss': null
}
export type Output<M extends Method> = Outputs[M]

/** What every transport answers with; a call never rejects for a failure of the product. */
export type Reply<T> =
  { readonly ok: true; readonly data: T } | { readonly ok: false; readonly error: ErrorData }

export function isMethod(name: string): name is Method {
  return Object.hasOwn(requestSchemas, name)
}
