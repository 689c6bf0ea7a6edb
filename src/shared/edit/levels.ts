import { LOOK_KINDS } from './operations.js'
import type { EditKind } from './operations.js'
import type { Level } from './entries.js'

type Levels = Readonly<Record<Level | 'plain', number>>

const SLIDER: Levels = { slight: 0.25, plain: 0.5, much: 0.8, full: 1 }
const LOOK: Levels = { slight: 0.4, plain: 0.8, much: 1, full: 1 }
const WHOLE: Levels = { slight: 0.4, plain: 1, much: 1, full: 1 }

const looks = new Set<EditKind>(LOOK_KINDS)

/** How far a slider goes for `a bit`, nothing, `much` and `completely`: 0..1. */
export function levelOf(kind: EditKind, level: Level | 'plain'): number {
  if (kind === 'recolour' || kind === 'sepia' || kind === 'monochrome') return WHOLE[level]
  return (looks.has(kind) ? LOOK : SLIDER)[level]
}

/** The same for `greener`: a push towards a colour rather than a coat of it. */
export function pushOf(level: Level | 'plain'): number {
  return SLIDER[level]
}
