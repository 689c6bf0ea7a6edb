import type { MediaInfo } from '../document/model.js'
import type { ColourMap } from '../edit/operations.js'
import type { MaskSource } from './sources.js'

export interface MatchTaskInput {
  readonly source: { readonly path: string; readonly info: MediaInfo }
  /** Source frames `[from, to)` whose colours are pooled. */
  readonly range: { readonly from: number; readonly to: number }
  /** Null measures the whole frame. */
  readonly mask: MaskSource | null
  /** A picture, or a clip whose first frame counts. */
  readonly reference: { readonly path: string; readonly info: MediaInfo }
  readonly luminanceOnly: boolean
  readonly ffmpegPath: string
}

export interface MatchTaskResult {
  readonly map: ColourMap
}
