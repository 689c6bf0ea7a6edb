import type {
  EditTaskInput,
  EditTaskResult,
  SubjectsTaskInput,
  SubjectsTaskResult,
  UnderTake,
} from './edit.js'
import type { ErrorData } from './errors.js'
import type { MatchTaskInput, MatchTaskResult } from './match.js'
import type { Rational } from '../rational.js'
import type { JobPhase, PreviewSheet } from './job.js'
import type { RepaintTaskInput, RepaintTaskResult } from './repaint.js'
import type {
  AnyPackSource,
  ChosenCandidate,
  MaskSource,
  PackSource,
  RefusedProvider,
  SamplingParams,
  UpscalePackSource,
} from './sources.js'
import type { StyliseTaskInput, StyliseTaskResult } from './stylise.js'
import type { DraftTaskInput, DraftTaskResult } from './draft.js'
import type { RetimeTaskInput, RetimeTaskResult } from './retime.js'
import type { FoundLeftovers, LeftoversTaskInput } from './leftovers.js'
import type { TrackTaskInput, TrackTaskResult } from './track.js'
import type { MediaInfo, RemoveParams } from '../document/model.js'

/**
 * The messages between core and the engine process. Plain data only; anything larger
 * than a few hundred KB travels as a file (64 MB over the port cost ~330 ms, a file does not).
 */

export interface RemoveTaskInput {
  readonly source: { readonly path: string; readonly info: MediaInfo }
  /** Source frames `[from, to)`. */
  readonly range: { readonly from: number; readonly to: number }
  readonly mask: MaskSource
  /** From the lowest to the highest: what is removed is removed from what is seen. */
  readonly under: readonly UnderTake[]
  readonly params: RemoveParams
  /** Existing folder for the take's parts (takeParts.ts), which it goes on behind, and preview.png. */
  readonly outputFolder: string
  /** Path of ffmpeg as core resolved it. */
  readonly ffmpegPath: string
}

export interface RemoveTaskResult {
  readonly frames: number
  /** Frames whose mask was empty or that were passed through untouched. */
  readonly untouched: number
  /** Per frame 0..1, in range order; 1 where nothing had to be filled. */
  readonly confidence: readonly number[]
  /** Per frame share 0..1 of hole pixels that were seen in another frame. */
  readonly seen: readonly number[]
  readonly phasesSeconds: Readonly<Record<string, number>>
  readonly peakMemoryBytes: number
}

export interface GenerateTaskInput {
  readonly pack: PackSource
  readonly prompt: string
  readonly sampling: SamplingParams
  /** Frames at the pack's own rate; any number, longer clips are made in overlapping windows. */
  readonly frames: number
  /** The end flows into the beginning. */
  readonly loop: boolean
  readonly fps: Rational
  /** Size of the written clip in pixels, both even. */
  readonly width: number
  readonly height: number
  /** What enlarges the frames; Lanczos when null. */
  readonly upscaler: UpscalePackSource | null
  /** Existing empty folder for clip.mp4 and preview.png; cleaned up by core on failure. */
  readonly outputFolder: string
  readonly ffmpegPath: string
}

export interface GenerateTaskResult {
  readonly frames: number
  /** Less than asked for when the person said it was good enough. */
  readonly steps: number
  /** Which of several candidates was made; null where there was one. */
  readonly chosen: ChosenCandidate | null
  /** How the frames were enlarged; null where Lanczos did it. */
  readonly enlarged: {
    readonly provider: string
    readonly refused: readonly RefusedProvider[]
  } | null
  readonly provider: string
  /** Providers that were tried first, with the reason why they are not used. */
  readonly refused: readonly RefusedProvider[]
  readonly phasesSeconds: Readonly<Record<string, number>>
  readonly peakMemoryBytes: number
}

export interface AnimateTaskInput {
  readonly source: { readonly path: string; readonly info: MediaInfo }
  /** Frame of the source that is meant, and what lies over it there, from the lowest to the highest. */
  readonly frame: number
  readonly under: readonly UnderTake[]
  /** What may move; the whole picture when null. */
  readonly region: MaskSource | null
  /** Where it moves: one way everywhere, or as a model imagines the words. */
  readonly motion:
    | { readonly kind: 'direction'; /** 0 is right, 90 up. */ readonly degrees: number }
    | {
        readonly kind: 'words'
        readonly pack: PackSource
        readonly prompt: string
        readonly sampling: SamplingParams
      }
  /** 0..1 of the longest path that a picture bears. */
  readonly strength: number
  readonly frames: number
  readonly fps: Rational
  /** Existing empty folder for clip.mkv and preview.png; cleaned up by core on failure. */
  readonly outputFolder: string
  readonly ffmpegPath: string
}

export interface AnimateTaskResult {
  readonly frames: number
  /** Null where no model took part. */
  readonly provider: string | null
  readonly refused: readonly RefusedProvider[]
  readonly phasesSeconds: Readonly<Record<string, number>>
  readonly peakMemoryBytes: number
}

/** One pass of a pack on an execution provider. */
export interface PackTestResult {
  readonly usable: boolean
  /** Why not; present when `usable` is false. */
  readonly reason?: string
  readonly loadSeconds?: number
  readonly passSeconds?: number
  /** Largest difference to the processor's numbers. */
  readonly difference?: number
}

export interface EngineTasks {
  readonly generate: { readonly input: GenerateTaskInput; readonly result: GenerateTaskResult }
  readonly animate: { readonly input: AnimateTaskInput; readonly result: AnimateTaskResult }
  readonly packTest: {
    readonly input: { readonly pack: AnyPackSource; readonly provider: string }
    readonly result: PackTestResult
  }
  readonly remove: { readonly input: RemoveTaskInput; readonly result: RemoveTaskResult }
  /** Applies the operations of a prompt to a range of frames. */
  readonly edit: { readonly input: EditTaskInput; readonly result: EditTaskResult }
  /** Measures the colours of what an edit paints over. */
  readonly subjects: { readonly input: SubjectsTaskInput; readonly result: SubjectsTaskResult }
  /** Makes a region or a range of a clip anew by words. */
  readonly repaint: { readonly input: RepaintTaskInput; readonly result: RepaintTaskResult }
  /** Plays a range of a clip at other speeds, backward, or standing still. */
  readonly retime: { readonly input: RetimeTaskInput; readonly result: RetimeTaskResult }
  /** Measures the colours of a clip and of a reference picture. */
  readonly match: { readonly input: MatchTaskInput; readonly result: MatchTaskResult }
  /** Paints a range of frames in the style of a picture. */
  readonly stylise: { readonly input: StyliseTaskInput; readonly result: StyliseTaskResult }
  /** One frame of a removal, quickly. */
  readonly draft: { readonly input: DraftTaskInput; readonly result: DraftTaskResult }
  /** Looks for what a removal's mask leaves out: a shadow, parts of the object. */
  readonly leftovers: { readonly input: LeftoversTaskInput; readonly result: FoundLeftovers }
  /** Follows a mask through the frames around the one it is painted on. */
  readonly track: { readonly input: TrackTaskInput; readonly result: TrackTaskResult }
  /** Answers with what this process can run; used by `doctor` and as the start-up handshake. */
  readonly hello: {
    readonly input: Record<string, never>
    readonly result: EngineInfo
  }
}
export type EngineTask = keyof EngineTasks

export interface EngineInfo {
  readonly onnxruntime: string | null
  readonly providers: readonly {
    readonly name: string
    readonly usable: boolean
    /** Why it cannot run here; present when `usable` is false. */
    readonly reason?: string
  }[]
  readonly opencv: string | null
}

export interface EngineProgress {
  readonly phase: JobPhase
  readonly done: number
  readonly total: number | null
  /** File name inside the output folder of the newest preview picture. */
  readonly preview?: {
    readonly file: string
    readonly frame: number
    readonly sheet?: PreviewSheet
  }
}

export type EngineRequest =
  | {
      readonly type: 'run'
      readonly id: string
      readonly task: EngineTask
      readonly input: EngineTasks[EngineTask]['input']
    }
  | { readonly type: 'cancel'; readonly id: string }
  /** Good enough: end at the next step with what there is. */
  | { readonly type: 'finish'; readonly id: string }

export type EngineMessage =
  | { readonly type: 'ready' }
  | { readonly type: 'progress'; readonly id: string; readonly progress: EngineProgress }
  | {
      readonly type: 'done'
      readonly id: string
      readonly result: EngineTasks[EngineTask]['result']
    }
  | { readonly type: 'failed'; readonly id: string; readonly error: ErrorData }
