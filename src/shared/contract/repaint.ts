import type { MediaInfo } from '../document/model.js'
import type { UnderTake } from './edit.js'
import type {
  MaskSource,
  PackSource,
  RefusedProvider,
  SamplingParams,
  UpscalePackSource,
} from './sources.js'

/**
 * The source's fine detail in what was made: none of it (another thing stands there), where the
 * network left a place as it was, or the source's own drawing throughout.
 */
export type RepaintTaskDetail = 'none' | 'unchanged' | 'borrowed'

/** Makes part of a clip anew: a painted region (replace), or a range (regenerate). */
export interface RepaintTaskInput {
  readonly source: { readonly path: string; readonly info: MediaInfo }
  /** Source frames `[from, to)`. */
  readonly range: { readonly from: number; readonly to: number }
  /** What is made anew; the whole frame when null. */
  readonly mask: MaskSource | null
  /** Pixels of the source by which the mask is grown, and over which its edge fades. */
  readonly growth: number
  readonly feather: number
  readonly pack: PackSource
  /** What enlarges the network's frames; Lanczos when null. */
  readonly upscaler: UpscalePackSource | null
  readonly prompt: string
  readonly sampling: SamplingParams
  /** 1 starts from noise; less keeps more of what is there (SDEdit). */
  readonly strength: number
  /** Fades into the source where the range ends inside a shot. */
  readonly joins: boolean
  readonly detail: RepaintTaskDetail
  /** From the lowest to the highest: the network is shown what is seen. */
  readonly under: readonly UnderTake[]
  /** Existing empty folder for take.mkv and preview.png; cleaned up by core on failure. */
  readonly outputFolder: string
  readonly ffmpegPath: string
}

export interface RepaintTaskResult {
  readonly frames: number
  /** Frames without anything to make. */
  readonly untouched: number
  /** Least steps that a shot of the range got: fewer than asked for when it was good enough. */
  readonly steps: number
  /** Size in pixels at which the network worked, of the largest shot. */
  readonly canvas: { readonly width: number; readonly height: number }
  /** How they were enlarged; null where Lanczos did it. */
  readonly enlarged: {
    readonly provider: string
    readonly refused: readonly RefusedProvider[]
  } | null
  readonly provider: string
  readonly refused: readonly RefusedProvider[]
  readonly phasesSeconds: Readonly<Record<string, number>>
  readonly peakMemoryBytes: number
}
