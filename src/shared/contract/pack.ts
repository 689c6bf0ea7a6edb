import { z } from 'zod'
import type { ErrorData } from './errors.js'

/**
 * Model packs: a folder with a manifest, ONNX graphs, a vocabulary and a model card.
 * Written by training/lumiere_training/export.py; the two must agree.
 */
export const PACK_FILE = 'lumiere-pack.json'

/** The newest manifest this app reads. A pack with a higher number is refused by name. */
export const PACK_FORMAT_VERSION = 1

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
})

export const packManifestSchema = packHeaderSchema.extend({
  id: packIdSchema,
  version: z.string().min(1).max(40),
  name: z.string().min(1).max(120),
  licence: z.string().min(1),
  card: fileName,
  /** `generate animate inpaint stylize ...`; names this app does not know are kept. */
  capabilities: z.array(z.string()),
  components: z.object({ textEncoder: componentSchema, unet: componentSchema }),
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
  languages: z.array(z.string()),
  training: z.object({
    /** 0: random weights, for tests only. */
    steps: z.number().int().min(0),
    minutes: z.number().min(0),
  }),
})
export type PackManifest = z.infer<typeof packManifestSchema>

/** Every file of a pack that its manifest vouches for. */
export function packFiles(manifest: PackManifest): readonly z.infer<typeof packFileSchema>[] {
  const { textEncoder, unet } = manifest.components
  return [
    textEncoder,
    ...textEncoder.externalData,
    unet,
    ...unet.externalData,
    manifest.vocabulary,
  ].map(({ file, sha256: digest, bytes: size }) => ({ file, sha256: digest, bytes: size }))
}

/** Which pack made something: the digest is the manifest's, which holds those of all files. */
export interface PackIdentity {
  readonly id: string
  readonly version: string
  readonly sha256: string
}

/** A pack as lists show it. */
export interface PackSummary extends PackIdentity {
  readonly name: string
  readonly licence: string
  readonly folder: string
  /** Comes with the app, or was installed by the person. */
  readonly from: 'app' | 'installed'
  readonly capabilities: readonly string[]
  readonly languages: readonly string[]
  readonly bytes: number
  readonly frames: number
  readonly seconds: number
  readonly width: number
  readonly height: number
  readonly scheduler: PackManifest['scheduler']
  /** False for random weights, which only tests want. */
  readonly trained: boolean
}

/** A folder among the packs that cannot be used, and why. */
export interface BrokenPack {
  readonly folder: string
  readonly error: ErrorData
}

export interface PackList {
  readonly packs: readonly PackSummary[]
  readonly broken: readonly BrokenPack[]
  /** Where installed packs lie. */
  readonly folder: string
}
