import { z } from 'zod'
import { NEUTRALS } from './colours.js'
import { ADJUST_KINDS, FADE_KINDS, LOOK_KINDS, SPATIAL_KINDS, TONE_RANGES } from './operations.js'
import type { EditKey } from './operations.js'

/** Far above what people do, far below what would hang the app. */
export const EDIT_LIMITS = {
  /** Characters of a prompt. */
  prompt: 10_000,
  operations: 64,
  keys: 256,
  frame: 100_000_000,
} as const

const rising = (keys: readonly EditKey[]): boolean =>
  keys.every((key, at) => at === 0 || key.frame > (keys[at - 1]?.frame ?? 0))

const keysOf = (least: number) =>
  z
    .array(
      z.strictObject({
        frame: z.int().min(0).max(EDIT_LIMITS.frame),
        value: z.number().min(least).max(1),
      }),
    )
    .min(1)
    .max(EDIT_LIMITS.keys)
    .refine(rising, 'The key frames must come in order, each frame once.')
    .readonly()

const hue = z.number().min(0).lt(360)
const band = z.strictObject({ hue, width: z.number().gt(0).max(180) })
const only = band.nullable()
const tones = z.enum(TONE_RANGES)
/** Absent in edits that were made before there were any. */
const limits = z
  .strictObject({
    tones: tones.nullable(),
    except: z.array(band).max(16).readonly(),
    neutrals: z.array(z.enum(NEUTRALS)).max(3).readonly().optional(),
  })
  .optional()
const to = z.strictObject({
  hue,
  chroma: z.number().min(0).max(0.4),
  lightness: z.number().min(0).max(1),
})

const coefficients = (count: number) =>
  z.array(z.number().min(-16).max(16)).length(count).readonly()

/** Further apart than rounding: what lies between two zones is divided by their distance. */
const LEAST_APART = 0.01
/** Absent in matches that were made before there were any. */
const zones = z
  .array(
    z.strictObject({
      lightness: z.number().min(0).max(1),
      matrix: coefficients(4),
      offset: coefficients(2),
    }),
  )
  .min(2)
  .max(8)
  .refine(
    (all) => all.every((one, n) => one.lightness - (all[n - 1]?.lightness ?? -1) >= LEAST_APART),
    'The zones must come by rising lightness, apart from each other.',
  )
  .readonly()
  .optional()

const operation = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(ADJUST_KINDS), keys: keysOf(-1), only, limits }),
  z.strictObject({ kind: z.enum(LOOK_KINDS), keys: keysOf(0), limits }),
  z.strictObject({ kind: z.enum(SPATIAL_KINDS), keys: keysOf(0) }),
  z.strictObject({ kind: z.enum(FADE_KINDS), keys: keysOf(0), to }),
  z.strictObject({ kind: z.literal('tone'), keys: keysOf(0), tones, to, limits }),
  z.strictObject({ kind: z.literal('recolour'), keys: keysOf(0), only, to, limits }),
  z.strictObject({
    kind: z.literal('match'),
    keys: keysOf(0),
    map: z.strictObject({ matrix: coefficients(9), offset: coefficients(3), zones }),
    keepSkin: z.boolean(),
    byLight: z.boolean().optional(),
    reference: z.string().max(255),
  }),
])

/** Settings of the verb Edit, field by field. */
export const editParams = z.strictObject({
  prompt: z.string().max(EDIT_LIMITS.prompt),
  operations: z.array(operation).max(EDIT_LIMITS.operations).readonly(),
  feather: z.number().min(0).max(200),
  seed: z.int().min(0).max(0xffff_ffff),
})
