import type { MediaInfo } from '../document/model.js'
import type { HandPaintedFrame, StyliseParams } from '../style.js'
import type { UnderTake } from './edit.js'
import type { MaskSource, RefusedProvider, StylePackSource } from './sources.js'

export interface StyliseTaskInput {
  readonly source: { readonly path: string; readonly info: MediaInfo }
  /** Source frames `[from, to)`. */
  readonly range: { readonly from: number; readonly to: number }
  /** Null paints the whole frame. */
  readonly mask: MaskSource | null
  readonly params: StyliseParams
  /** Null where no network paints. */
  readonly pack: StylePackSource | null
  /** Null where all key frames are painted by hand. */
  readonly reference: { readonly path: string; readonly info: MediaInfo } | null
  /** Frames painted by hand, in order: RGBA PNGs of the source's size, by absolute paths. */
  readonly painted: readonly HandPaintedFrame[]
  /** From the lowest to the highest. */
  readonly under: readonly UnderTake[]
  /** Existing empty folder for take.mkv and preview.png; cleaned up by core on failure. */
  readonly outputFolder: string
  readonly ffmpegPath: string
}

export interface StyliseTaskResult {
  readonly frames: number
  /** Frames on which nothing changed. */
  readonly untouched: number
  /** Size at which a network paints. */
  readonly painted: { readonly width: number; readonly height: number }
  /** Null where no network painted. */
  readonly provider: string | null
  readonly refused: readonly RefusedProvider[]
  readonly phasesSeconds: Readonly<Record<string, number>>
  readonly peakMemoryBytes: number
}
