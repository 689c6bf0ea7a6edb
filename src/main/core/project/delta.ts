/**
 * What turns one piece of JSON data into another, small where they share parts by identity,
 * as the states of an immutable document do: a thousand strokes and one more differ by one.
 */
export type Delta =
  /** The new value. */
  | { readonly v: unknown }
  /** A list: its first `keep` entries, then these. */
  | { readonly keep: number; readonly add: readonly unknown[] }
  /** An object: these fields changed, those gone. */
  | { readonly set: Readonly<Record<string, Delta>>; readonly drop: readonly string[] }

/** Deltas of documents are a record's field's key frame's list deep. */
const MAX_DEPTH = 8

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function deltaOf(from: unknown, to: unknown, depth = 0): Delta {
  if (depth >= MAX_DEPTH) return { v: to }
  if (Array.isArray(from) && Array.isArray(to)) {
    let keep = 0
    while (keep < from.length && keep < to.length && Object.is(from[keep], to[keep])) keep++
    return { keep, add: to.slice(keep) as unknown[] }
  }
  if (!isObject(from) || !isObject(to)) return { v: to }
  const changed = Object.keys(to).filter(
    (key) => !Object.hasOwn(from, key) || !Object.is(from[key], to[key]),
  )
  return {
    set: Object.fromEntries(changed.map((key) => [key, deltaOf(from[key], to[key], depth + 1)])),
    drop: Object.keys(from).filter((key) => !Object.hasOwn(to, key)),
  }
}

/** The value that `delta` makes of `from`; undefined where the two do not fit. */
export function applyDelta(from: unknown, delta: Delta): unknown {
  if ('v' in delta) return delta.v
  if ('keep' in delta) {
    if (!Array.isArray(from) || from.length < delta.keep) return undefined
    return [...(from.slice(0, delta.keep) as unknown[]), ...delta.add]
  }
  if (!isObject(from)) return undefined
  const kept = Object.entries(from).filter(([key]) => !delta.drop.includes(key))
  const fields = new Map<string, unknown>(kept)
  for (const [key, change] of Object.entries(delta.set)) {
    fields.set(key, applyDelta(fields.get(key), change))
  }
  return Object.fromEntries(fields)
}

/** Whether parsed JSON has the form of a delta; the values in it are for the schema to judge. */
export function isDelta(value: unknown, depth = 0): value is Delta {
  if (!isObject(value) || depth > MAX_DEPTH) return false
  if (Object.hasOwn(value, 'v')) return true
  if (Array.isArray(value.add)) {
    return typeof value.keep === 'number' && Number.isSafeInteger(value.keep) && value.keep >= 0
  }
  if (!isObject(value.set) || !Array.isArray(value.drop)) return false
  return Object.entries(value.set).every(
    ([key, change]) => key !== '__proto__' && isDelta(change, depth + 1),
  )
}
