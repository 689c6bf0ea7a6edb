import type { Rational } from '../rational.js'
import { BANDS, PAINTS, isNeutral } from './colours.js'
import type { Moment, When } from './moments.js'
import { ADJUST_KINDS, FADE_KINDS, LOOK_KINDS } from './operations.js'
import type {
  AdjustKind,
  ColourLimits,
  EditKey,
  EditKind,
  EditOperation,
  FadeKind,
  LookKind,
} from './operations.js'
import type { ColourName, PaintColour } from './colours.js'
import type { ParsedOperation } from './parsed.js'

/** Source frames `[from, to)` of an edit; times in a prompt count from its first frame. */
export interface EditRange {
  readonly from: number
  readonly to: number
  readonly fps: Rational
}

/** The operation on frames; null where the prompt's time lies outside of the edit. */
export function toEditOperation(parsed: ParsedOperation, range: EditRange): EditOperation | null {
  const { kind } = parsed
  if (isFade(kind)) {
    const keys = fadeKeys(kind, parsed, range)
    return keys === null ? null : { kind, keys, to: screenOf(parsed.to ?? 'black') }
  }
  const keys = keysOf(parsed, range)
  if (keys === null) return null
  const only = parsed.only === null ? null : BANDS[parsed.only]
  const limits = limitsOf(parsed)
  const to = PAINTS[parsed.to ?? 'red']
  if (kind === 'tone') return { kind, keys, tones: parsed.tones ?? 'shadows', to, ...limits }
  if (kind === 'recolour') return { kind, keys, only, to, ...limits }
  if (isAdjust(kind)) return { kind, keys, only, ...limits }
  return isLook(kind) ? { kind, keys, ...limits } : { kind, keys }
}

function limitsOf({ kind, tones, except }: ParsedOperation): { limits?: ColourLimits } {
  const within = kind === 'tone' ? null : tones
  if (within === null && except.length === 0) return {}
  const neutrals = except.filter((name) => isNeutral(name))
  return {
    limits: {
      ...{ tones: within, except: except.flatMap((name) => BANDS[name] ?? []) },
      ...(neutrals.length === 0 ? {} : { neutrals }),
    },
  }
}

/** What fades end in: black and white as a screen has them, and not as paint. */
function screenOf(name: ColourName): PaintColour {
  if (name === 'black') return { hue: 0, chroma: 0, lightness: 0 }
  return name === 'white' ? { hue: 0, chroma: 0, lightness: 1 } : PAINTS[name]
}

const FADES = new Set<EditOperation['kind']>(FADE_KINDS)

function isFade(kind: EditKind): kind is FadeKind {
  return FADES.has(kind)
}

const ADJUSTS = new Set<EditOperation['kind']>(ADJUST_KINDS)

/** True for a slider from -1 to 1; all others start at 0. */
export function isAdjust(kind: EditOperation['kind']): kind is AdjustKind {
  return ADJUSTS.has(kind)
}

const LOOKS = new Set<EditKind>(LOOK_KINDS)

function isLook(kind: EditKind): kind is LookKind {
  return LOOKS.has(kind)
}

function keysOf({ amount, when, gradual }: ParsedOperation, range: EditRange): EditKey[] | null {
  const { from, to } = framesOf(when, range)
  if (to <= from) return null
  if (gradual) {
    return to - from === 1
      ? [{ frame: from, value: amount }]
      : [
          { frame: from, value: 0 },
          { frame: to - 1, value: amount },
        ]
  }
  const keys: EditKey[] = []
  if (from > range.from) keys.push({ frame: from - 1, value: 0 })
  keys.push({ frame: from, value: amount })
  if (to < range.to) {
    if (to - 1 > from) keys.push({ frame: to - 1, value: amount })
    keys.push({ frame: to, value: 0 })
  }
  return keys
}

/** Whole on its last frame, or on its first; before and after it stands still. */
function fadeKeys(
  kind: FadeKind,
  { amount, when }: ParsedOperation,
  range: EditRange,
): EditKey[] | null {
  const { from, to } = framesOf(when, range)
  if (to <= from) return null
  if (kind === 'fade-in') {
    return [
      { frame: from, value: amount },
      { frame: Math.max(from + 1, to - 1), value: 0 },
    ]
  }
  const start = Math.min(from, to - 2)
  const whole = { frame: to - 1, value: amount }
  return start < range.from ? [whole] : [{ frame: start, value: 0 }, whole]
}

/** The frames that a time in a prompt means. */
export function framesOf(when: When | null, range: EditRange): { from: number; to: number } {
  const frame = (moment: Moment): number => {
    const length = range.to - range.from
    if ('share' in moment) return range.from + Math.round(moment.share * length)
    const frames = Math.round((moment.seconds * range.fps.num) / range.fps.den)
    return moment.from === 'start' ? range.from + frames : range.to - frames
  }
  const from = when?.from ? frame(when.from) : range.from
  const to = when?.to ? frame(when.to) : range.to
  return { from: Math.max(range.from, from), to: Math.min(range.to, to) }
}

/** The slider at a frame: a straight line between keys, still before the first and after the last. */
export function valueAt(keys: readonly EditKey[], frame: number): number {
  const next = keys.findIndex((key) => key.frame > frame)
  if (next === -1) return keys.at(-1)?.value ?? 0
  const after = keys[next] as EditKey
  const before = keys[next - 1]
  if (before === undefined) return after.value
  const t = (frame - before.frame) / (after.frame - before.frame)
  return before.value + (after.value - before.value) * t
}
