import { z } from 'zod'

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

type DeepReadonly<T> = T extends object ? { readonly [K in keyof T]: DeepReadonly<T[K]> } : T
type DeepRequired<T> = T extends object ? { readonly [K in keyof T]-?: DeepRequired<T[K]> } : T
type Mutual<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

/**
 * The schema's own type where what it lets through is exactly `T`, else never: a schema that
 * parts company with model.ts or commands.ts fails to compile. Assignability alone would
 * let a missing optional field pass; with all fields required it does not.
 */
export type Exactly<S extends z.ZodType, T> =
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

export function points(minimumPoints: number): z.ZodType<readonly number[]> {
  return z.custom<readonly number[]>(
    (value) => isPointList(value, minimumPoints * 2),
    `Expected ${minimumPoints} to ${LIMITS.pointNumbers / 2} points as x0, y0, x1, y1 ...`,
  )
}

export const name = (limit: number): z.ZodType<string> =>
  z
    .string()
    .max(limit)
    .refine((text) => text.trim() !== '', 'The name is empty.')
    .refine((text) => !hasControl(text), 'The name holds control characters.')

export const pathUnder = (folder: string): z.ZodType<string> =>
  z
    .string()
    .refine(
      (path) => isProjectPath(path) && path.startsWith(`${folder}/`),
      `Expected a path inside the project's ${folder}/ folder.`,
    )

export const frame = z.int().min(0).max(LIMITS.frame)
export const side = z.int().min(1).max(LIMITS.side)
export const coordinate = z.number().min(-LIMITS.coordinate).max(LIMITS.coordinate)
export const extent = z.number().min(0).max(LIMITS.coordinate)
export const isoDate = z.iso.datetime()
export const rational = z
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
