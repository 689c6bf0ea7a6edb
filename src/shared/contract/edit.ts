import type { MediaInfo } from '../document/model.js'
import type { EditParams } from '../edit/operations.js'
import type { Subjects } from '../grade/plan.js'
import type { MaskSource } from './sources.js'

/** A take that lies below an edit: the edit works on what is seen. */
export interface UnderTake {
  readonly path: string
  /** Source frame of the file's first picture. */
  readonly first: number
  /** Source frames `[from, to)` on which it shows. */
  readonly from: number
  readonly to: number
}

/** What is measured before a recolour: the colours of what it paints over. */
export interface SubjectsTaskInput {
  readonly source: { readonly path: string; readonly info: MediaInfo }
  /** Source frames `[from, to)`. */
  readonly range: { readonly from: number; readonly to: number }
  readonly mask: MaskSource | null
  readonly params: Pick<EditParams, 'operations'>
  /** From the lowest to the highest. */
  readonly under: readonly UnderTake[]
  readonly ffmpegPath: string
}

export interface SubjectsTaskResult {
  readonly subjects: Subjects
}

export interface EditTaskInput {
  readonly source: { readonly path: string; readonly info: MediaInfo }
  /** Source frames `[from, to)`. */
  readonly range: { readonly from: number; readonly to: number }
  /** Null edits the whole frame. */
  readonly mask: MaskSource | null
  readonly params: EditParams
  /** From the lowest to the highest. */
  readonly under: readonly UnderTake[]
  /** Existing folder for the take's parts (takeParts.ts), which it goes on behind, and preview.png. */
  readonly outputFolder: string
  readonly ffmpegPath: string
}

export interface EditTaskResult {
  readonly frames: number
  /** Frames on which nothing changed. */
  readonly untouched: number
  readonly subjects: Subjects
  readonly phasesSeconds: Readonly<Record<string, number>>
  readonly peakMemoryBytes: number
}
