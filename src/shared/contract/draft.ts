import type { UnderTake } from './edit.js'
import type { MaskRec, MediaInfo, RemoveParams } from '../document/model.js'

/** One frame of a removal, quickly and smaller: to see whether it is worth the whole run. */
export interface DraftTaskInput {
  readonly source: { readonly path: string; readonly info: MediaInfo }
  /** Source frames `[from, to)` of the removal. */
  readonly range: { readonly from: number; readonly to: number }
  /** Source frame to show, inside the range. */
  readonly frame: number
  readonly mask: MaskRec
  /** From the lowest to the highest. */
  readonly under: readonly UnderTake[]
  /** Folder that bitmap shapes' paths are relative to. */
  readonly root: string
  readonly params: RemoveParams
  /** Existing folder for the picture. */
  readonly outputFolder: string
  readonly ffmpegPath: string
}

export interface DraftTaskResult {
  /** Name of a PNG in the output folder: the frame with the draft laid over it. */
  readonly file: string
  /** 0..1, as in a take. */
  readonly confidence: number
  readonly seen: number
}
