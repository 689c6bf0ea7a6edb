import type { MediaInfo } from '../document/model.js'
import type { RetimeParams } from '../retime/operations.js'

/** A take in use over the source: its file, the source frames it holds, and those that show it. */
export interface RetimedTake {
  readonly path: string
  readonly from: number
  readonly to: number
  readonly shown?: { readonly from: number; readonly to: number }
}

export interface RetimeTaskInput {
  readonly source: { readonly path: string; readonly info: MediaInfo }
  /** Source frames `[from, to)`; operations count from the first of them. */
  readonly range: { readonly from: number; readonly to: number }
  /** From the lowest to the highest, as they are seen and exported. */
  readonly takes: readonly RetimedTake[]
  readonly params: RetimeParams
  /** Frames of the range, from its start, whose sound is heard; null leaves the clip silent. */
  readonly heard: { readonly from: number; readonly to: number } | null
  /** ffmpeg's options for a clip without loss, as an export writes it. */
  readonly encoder: {
    readonly video: readonly string[]
    readonly audio: readonly string[]
    readonly container: readonly string[]
  }
  /** Existing folder for the parts (takeParts.ts), which it goes on behind, clip.mkv and preview.png. */
  readonly outputFolder: string
  readonly ffmpegPath: string
}

export interface RetimeTaskResult {
  readonly frames: number
  /** Frames that were made from two of the source; all others are its own, bit for bit. */
  readonly between: number
  /** Source frames whose successor shows something else, as at a cut: nothing is made between them. */
  readonly refused: readonly number[]
  /** Samples per channel; 0 where the clip is silent. */
  readonly samples: number
  readonly phasesSeconds: Readonly<Record<string, number>>
  readonly peakMemoryBytes: number
}
