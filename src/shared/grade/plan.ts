import type { ColourLimits, EditOperation, SpatialKind } from '../edit/operations.js'
import { valueAt } from '../edit/resolve.js'
import { bakeLut, openLut } from './bake.js'
import type { OpenLut } from './bake.js'
import { colourOfFade } from './fade.js'
import type { Fade } from './fade.js'
import { mixLuts } from './lut.js'
import type { Lut, LutPoints } from './lut.js'
import { isColourOperation } from './steps.js'
import type { SubjectColour } from './subject.js'
import type { ColourStep } from './steps.js'

/** All that an edit does to one frame. */
export interface FrameGrade {
  /** Null where no colour changes. */
  readonly lut: Lut | null
  /** Sliders of what depends on the place, 0..1; 0 is absent. */
  readonly spatial: Readonly<Record<SpatialKind, number>>
  /** Over all the rest. */
  readonly fades: readonly Fade[]
}

/**
 * Frames in any order; null where the edit leaves the frame as it is.
 *
 * @param points of the table that the frame reads; all of them when absent
 */
export type GradePlan = (frame: number, points?: LutPoints | null) => FrameGrade | null

/** Tables that are kept: enough for both ends of a stretch between key frames, and the next. */
const KEPT = 4

/** What was measured for each operation of an edit, in their order; null where nothing was. */
export type Subjects = readonly (SubjectColour | null)[]

/**
 * Prepares an edit: one table per key frame, blended between them. Colours are applied in the
 * order of the operations; the others where they stand in the path of light, from the scene to
 * the film: fog, colours, bloom, vignette, grain, and over all of it the fades.
 */
export function planGrade(
  operations: readonly EditOperation[],
  subjects: Subjects = [],
): GradePlan {
  const colours = operations.filter((one) => isColourOperation(one))
  const subjectOf = (one: EditOperation): SubjectColour | null =>
    subjects[operations.indexOf(one)] ?? null
  const keys = [...new Set(colours.flatMap((one) => one.keys.map(({ frame }) => frame)))].sort(
    (a, b) => a - b,
  )
  const tables = new Map<number, OpenLut | null>()

  const tableAt = (key: number, points: LutPoints | null): Lut | null => {
    const kept = tables.get(key)
    const table = kept === undefined ? open(key) : kept
    table?.fill(points)
    return table?.lut ?? null
  }

  const open = (key: number): OpenLut | null => {
    const steps: ColourStep[] = colours.flatMap((one) => {
      const value = valueAt(one.keys, key)
      return value === 0
        ? []
        : [
            {
              kind: one.kind,
              value,
              only: 'only' in one ? one.only : null,
              tones: one.kind === 'tone' ? one.tones : (limitsOf(one)?.tones ?? null),
              except: limitsOf(one)?.except ?? [],
              neutrals: limitsOf(one)?.neutrals ?? [],
              to: 'to' in one ? one.to : null,
              match: one.kind === 'match' ? one : null,
              subject: subjectOf(one),
            },
          ]
    })
    const table = steps.length === 0 ? null : openLut(steps)
    tables.set(key, table)
    const [oldest] = tables.keys()
    if (tables.size > KEPT && oldest !== undefined) tables.delete(oldest)
    return table
  }

  const lutAt = (frame: number, points: LutPoints | null): Lut | null => {
    if (keys.length === 0) return null
    const next = keys.findIndex((key) => key > frame)
    if (next <= 0) return tableAt((next === 0 ? keys[0] : keys.at(-1)) as number, points)
    const [from, to] = [keys[next - 1] as number, keys[next] as number]
    const below = tableAt(from, points)
    if (frame === from || same(colours, from, to)) return below
    const above = tableAt(to, points)
    if (below === null && above === null) return null
    const share = (frame - from) / (to - from)
    return mixLuts(below ?? identity(), above ?? identity(), share)
  }

  return (frame, points = null) => {
    const spatial = { vignette: 0, bloom: 0, grain: 0, fog: 0 }
    const fades: Fade[] = []
    for (const one of operations) {
      if (isColourOperation(one)) continue
      const value = valueAt(one.keys, frame)
      if (one.kind === 'fade-in' || one.kind === 'fade-out') {
        if (value !== 0) fades.push({ amount: value, to: colourOfFade(one.to) })
      } else spatial[one.kind] = Math.max(spatial[one.kind], value)
    }
    const lut = lutAt(frame, points)
    const absent = fades.length === 0 && Object.values(spatial).every((value) => value === 0)
    return lut === null && absent ? null : { lut, spatial, fades }
  }
}

function limitsOf(one: EditOperation): ColourLimits | undefined {
  return 'limits' in one ? one.limits : undefined
}

function same(operations: readonly EditOperation[], a: number, b: number): boolean {
  return operations.every(({ keys }) => valueAt(keys, a) === valueAt(keys, b))
}

let neutral: Lut | null = null
function identity(): Lut {
  neutral ??= bakeLut([])
  return neutral
}
