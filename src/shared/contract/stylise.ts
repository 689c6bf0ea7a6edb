import type { MediaInfo } from '../document/model.js'
import type { StyliseParams } from '../style.js'
import type { UnderTake } from './edit.js'
import type { MaskSource, RefusedProvider, StylePackSource } from './engine.js'

export interface StyliseTaskInput {
  readonly source: { readonly path: string; readonly info: MediaInfo }
  /** Source frames `[from, to)`. */
  readonly range: { readonly from: number; readonly to: number }
  /** Null paints the whole frame. */
  readonly mask: MaskSource | null
  readonly params: StyliseParams
  readonly pack: StylePackSource
  readonly reference: { readonly path: string; readonly info: MediaInfo }
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
  /** Size at which the network painted. */
  readonly painted: { readonly width: number; readonly height: number }
  readonly provider: string
  readonly refused: readonly RefusedProvider[]
  readonly phasesSeconds: Readonly<Record<string, number>>
  readonly peakMemoryBytes: number
}
