import { z } from 'zod'
import type { ErrorData } from './errors.js'

/**
 * Model packs: a folder with a manifest, ONNX graphs, a vocabulary and a model card.
 * Written by training/lumiere_training/export.py; the two must agree.
 */
export const PACK_FILE = 'lumiere-pack.json'

/**
 * The newest manifest this app reads. A pack with a higher number is refused by name. Packs of
 * clips are of format 1; 2 brought packs that paint or enlarge frames and know no words.
 */
export const PACK_FORMAT_VERSION = 2

/** A file of the pack's own folder: no path can lead out of it. */
const fileName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,119}$/)
const sha256 = z.string().regex(/^[0-9a-f]{64}$/)
const bytes = z.number().int().min(0)
const count = z.number().int().min(1)

const packFileSchema = z.object({ file: fileName, sha256, bytes })

const valueSchema = z.object({
  name: z.string().min(1),
  dtype: z.enum(['float32', 'int64']),
  shape: z.array(z.number().int().min(0)),
})

const componentSchema = packFileSchema.extend({
  /** Weights beside the graph, at most 16 MiB a file. */
  externalData: z.array(packFileSchema),
  inputs: z.array(valueSchema),
  outputs: z.array(valueSchema),
})

export const packIdSchema = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/)

/** What decides whether the rest can be read at all. */
export const packHeaderSchema = z.object({
  format: z.literal('lumiere-pack'),
  formatVersion: z.number().int().min(1),
  /** Absent in packs that make clips. */
  kind: z.string().max(40).optional(),
})

const common = {
  format: z.literal('lumiere-pack'),
  formatVersion: z.number().int().min(1),
  id: packIdSchema,
  version: z.string().min(1).max(40),
  name: z.string().min(1).max(120),
  licence: z.string().min(1),
  card: fileName,
  /** `generate animate inpaint stylize ...`; names this app does not know are kept. */
  capabilities: z.array(z.string()),
  languages: z.array(z.string()),
  training: z.object({
    /** 0: random weights, for tests only. */
    steps: z.number().int().min(0),
    minutes: z.number().min(0),
  }),
  /** What a person should know before waiting for a result: shown wherever the pack is chosen. */
  remark: z.object({ en: z.string().max(300), it: z.string().max(300) }).optional(),
}

/** A prompt and what the pack made of it: frames side by side in one WebP, of the pack's own size. */
const exampleSchema = z.object({
  prompt: z.object({ en: z.string().min(1).max(200), it: z.string().min(1).max(200) }),
  picture: packFileSchema.extend({ bytes: bytes.max(1_000_000) }),
  frames: count.max(200),
  /** Frames a second. */
  rate: z.number().positive(),
})

/** A pack with a Space-Time U-Net: it makes clips from words. */
export const packManifestSchema = z.object({
  ...common,
  components: z.object({
    textEncoder: componentSchema,
    unet: componentSchema,
    /** The same network with its convolutions in whole numbers: about six tenths of the time on a processor. */
    processorUnet: componentSchema.optional(),
    /**
     * tokens [1, L], clip [1, n, 3, h, w] 0..1 -> agreement [1, attributes] of the two, in nats:
     * which of several candidates the rest of a clip is made from.
     */
    reranker: componentSchema.optional(),
  }),
  scheduler: z.object({
    type: z.literal('rectified-flow'),
    prediction: z.literal('velocity'),
    solver: z.enum(['euler', 'heun']),
    steps: count,
    /** t' = s t / (1 + (s - 1) t): the share of steps spent where the clip is mostly noise. */
    shift: z.number().positive(),
    guidanceScale: z.number().min(0),
  }),
  /** Frames, seconds and size of one pass: the graph's own, fixed. */
  frames: count,
  seconds: z.number().positive(),
  width: count,
  height: count,
  vocabulary: packFileSchema.extend({
    maxTokens: count,
    padding: z.number().int().min(0),
    unknown: z.number().int().min(0),
    begin: z.number().int().min(0),
  }),
  examples: z.array(exampleSchema).max(12).optional(),
})
export type PackManifest = z.infer<typeof packManifestSchema>

/** A pack with a style network: it paints frames in the style of a picture. */
export const styleManifestSchema = z.object({
  ...common,
  kind: z.literal('style'),
  components: z.object({
    /** picture [1, 3, h, w] 0..1 -> modulation [1, M] */
    styleEncoder: componentSchema,
    /** frames [n, 3, h, w], modulation -> statistics over all of them [1, S] */
    measure: componentSchema,
    /** frames [1, 3, h, w], modulation, statistics -> painted [1, 3, h, w] */
    painter: componentSchema,
  }),
  style: z.object({
    /** Shorter side in pixels at which a reference is looked at. */
    referenceSide: count.max(2048),
    /** Sides of frames are multiples of this. */
    sizeMultiple: count.max(64),
    /** Pixels around a frame that are painted and thrown away: the network sees its border there. */
    margin: z.number().int().min(0).max(64),
    /** Numbers of a modulation and of a set of statistics. */
    modulation: count,
    statistics: count,
  }),
})
export type StyleManifest = z.infer<typeof styleManifestSchema>

/** A pack with a network that enlarges frames. */
export const upscaleManifestSchema = z.object({
  ...common,
  kind: z.literal('upscale'),
  components: z.object({
    /** pictures [n, 3, h, w] 0..1, h and w even -> enlarged [n, 3, 2h, 2w] */
    by2: componentSchema,
    /** pictures [n, 3, h, w] 0..1 -> enlarged [n, 3, 4h, 4w] */
    by4: componentSchema,
    /** `by2` with most convolutions in whole numbers, for processors. */
    processorBy2: componentSchema.optional(),
  }),
})
export type UpscaleManifest = z.infer<typeof upscaleManifestSchema>
export type AnyManifest = PackManifest | StyleManifest | UpscaleManifest

/** The manifest schema of each kind of pack. */
export const manifestSchemas = {
  clips: packManifestSchema,
  style: styleManifestSchema,
  upscale: upscaleManifestSchema,
} as const
export type PackKind = keyof typeof manifestSchemas

export function isClipsManifest(manifest: AnyManifest): manifest is PackManifest {
  return !('kind' in manifest)
}

export function isStyleManifest(manifest: AnyManifest): manifest is StyleManifest {
  return 'kind' in manifest && manifest.kind === 'style'
}

export function isUpscaleManifest(manifest: AnyManifest): manifest is UpscaleManifest {
  return 'kind' in manifest && manifest.kind === 'upscale'
}

/** Every file of a pack that its manifest vouches for. */
export function packFiles(manifest: AnyManifest): readonly z.infer<typeof packFileSchema>[] {
  const components = Object.values(manifest.components).filter((one) => one !== undefined)
  const others = isClipsManifest(manifest)
    ? [manifest.vocabulary, ...(manifest.examples ?? []).map(({ picture }) => picture)]
    : []
  return [...components.flatMap((one) => [one, ...one.externalData]), ...others].map(
    ({ file, sha256: digest, bytes: size }) => ({ file, sha256: digest, bytes: size }),
  )
}

/** Which pack made something: the digest is the manifest's, which holds those of all files. */
export interface PackIdentity {
  readonly id: string
  readonly version: string
  readonly sha256: string
}

/** Any pack as lists show it. */
export interface PackFacts extends PackIdentity {
  readonly name: string
  readonly licence: string
  readonly folder: string
  /** Comes with the app, or was installed by the person. */
  readonly from: 'app' | 'installed'
  readonly capabilities: readonly string[]
  readonly bytes: number
  /** False for random weights, which only tests want. */
  readonly trained: boolean
  /** What to know before waiting for a result, by language. */
  readonly remark?: { readonly en: string; readonly it: string }
}

/** A pack that makes clips. */
export interface PackSummary extends PackFacts {
  readonly languages: readonly string[]
  readonly frames: number
  readonly seconds: number
  readonly width: number
  readonly height: number
  readonly scheduler: PackManifest['scheduler']
  /** Several beginnings of a clip can be compared with the prompt. */
  readonly reranks: boolean
}

/** What a pack made of a prompt, to look at. */
export interface PackExample {
  readonly prompt: { readonly en: string; readonly it: string }
  /** WebP as a data URL: frames side by side. */
  readonly picture: string
  readonly frames: number
  /** Frames a second. */
  readonly rate: number
}

/** A folder among the packs that cannot be used, and why. */
export interface BrokenPack {
  readonly folder: string
  readonly error: ErrorData
}

export interface PackList {
  readonly packs: readonly PackSummary[]
  /** Packs that paint frames in a style. */
  readonly styles: readonly PackFacts[]
  /** Packs that enlarge what the first ones make. */
  readonly upscalers: readonly PackFacts[]
  readonly broken: readonly BrokenPack[]
  /** Where installed packs lie. */
  readonly folder: string
}
