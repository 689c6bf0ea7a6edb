import type { Id, RemoveParams } from '../document/model.js'
import type { RetimeParams } from '../retime/operations.js'
import type { StillStyle } from '../style.js'
import type { ErrorData } from './errors.js'
import type { FoundLeftovers } from './leftovers.js'
import type { TrackDirection, TrackStop } from './track.js'

/** The kinds of long work, each with its input and result. */
export interface JobKinds {
  /** Copies a file into the project and prepares it: probe, copy, proxy, thumbnails, waveform. */
  readonly import: {
    readonly input: {
      readonly path: string
      /** Keep this name instead of the file's own (the web host's upload names). */
      readonly name?: string
      /** Puts the clip at the end of the timeline. */
      readonly place: boolean
      /** Comes with the app: no step that can be undone, and saved with its project at once. */
      readonly sample?: true
    }
    readonly result: { readonly assetId: Id; readonly clipId: Id | null }
  }
  /** Rebuilds what the cache folder lacks for an asset or a take: both can be deleted at any time. */
  readonly prepare: {
    readonly input: { readonly recordId: Id }
    readonly result: Record<string, never>
  }
  /** Makes a take for a segment whose verb is `remove`. */
  readonly remove: {
    readonly input: TakeInput & { readonly params?: Partial<RemoveParams> }
    readonly result: { readonly takeId: Id }
  }
  /** Makes a take for a segment whose verb is `edit`. */
  readonly edit: {
    readonly input: TakeInput
    readonly result: { readonly takeId: Id }
  }
  /** Makes a take for a segment whose verb is `stylise`. */
  readonly stylise: {
    readonly input: TakeInput
    readonly result: { readonly takeId: Id }
  }
  /** Makes a take of the frames that a stopped `remove`, `edit` or `stylise` had finished. */
  readonly keep: {
    readonly input: { readonly segmentId: Id }
    readonly result: { readonly takeId: Id }
  }
  /** Makes a take for a segment whose verb is `replace`. */
  readonly replace: { readonly input: RepaintInput; readonly result: { readonly takeId: Id } }
  /** Makes a take for a segment whose verb is `regenerate`. */
  readonly regenerate: { readonly input: RepaintInput; readonly result: { readonly takeId: Id } }
  /** Carries a mask from the frame in hand to its neighbours; one undo step. */
  readonly track: {
    readonly input: {
      readonly maskId: Id
      readonly frame: number
      readonly direction: TrackDirection
      /** Source frames that may be touched; the whole source when absent. */
      readonly range?: { readonly from: number; readonly to: number }
    }
    readonly result: {
      readonly from: number
      readonly to: number
      readonly stopped: { readonly forward?: TrackStop; readonly backward?: TrackStop }
    }
  }
  /** Shows one frame of a removal before the whole is run. */
  readonly draft: {
    readonly input: { readonly segmentId: Id; readonly frame: number }
    readonly result: {
      /** Project-relative path of a PNG; the next draft of the segment replaces it. */
      readonly path: string
      readonly frame: number
      readonly confidence: number
      readonly seen: number
    }
  }
  /** Looks for what a removal's mask leaves out, a shadow or parts; changes nothing. */
  readonly leftovers: {
    readonly input: { readonly segmentId: Id }
    readonly result: FoundLeftovers & { readonly maskId: Id }
  }
  /** Measures a finished removal: that nothing outside the mask changed, and how its edge looks. */
  readonly proof: {
    readonly input: { readonly takeId: Id }
    readonly result: Record<string, never>
  }
  /** Makes a clip from words, as a new asset. */
  readonly generate: {
    readonly input: GenerateInput
    readonly result: { readonly assetId: Id; readonly clipId: Id | null }
  }
  /** Sets a still, or a region of it, in motion, as a new asset. */
  readonly animate: {
    readonly input: AnimateInput
    readonly result: { readonly assetId: Id; readonly clipId: Id | null }
  }
  /** Plays a range of a clip at other speeds, backward, or standing still, as a new asset in its place. */
  readonly retime: {
    readonly input: RetimeInput
    readonly result: {
      readonly assetId: Id
      /** The clip in the range's place; null where the clip had changed meanwhile. */
      readonly clipId: Id | null
      readonly frames: number
    }
  }
  readonly export: {
    readonly input: ExportInput
    readonly result: { readonly path: string; readonly frames: number; readonly bytes: number }
  }
}
export type JobKind = keyof JobKinds

export const EXPORT_PRESETS = ['mp4', 'prores', 'png', 'ffv1'] as const
export type ExportPreset = (typeof EXPORT_PRESETS)[number]

export interface ExportInput {
  readonly preset: ExportPreset
  /** Absolute, or relative to the project's exports/ folder. A folder for `png`. */
  readonly path: string
  /** Timeline frames `[from, to)`; the whole timeline when absent. */
  readonly range?: { readonly from: number; readonly to: number }
  /** Replace a file that is there already. Without it, an existing file is an error `file-exists`. */
  readonly overwrite: boolean
}

export interface GenerateInput {
  readonly prompt: string
  /** The model pack; the best one installed when absent. */
  readonly packId?: string
  readonly seed: number
  /** Length of the clip; the pack's own when absent. */
  readonly seconds?: number
  /** The pack's own when absent, and so on. */
  readonly steps?: number
  readonly guidance?: number
  readonly solver?: 'euler' | 'heun'
  /** Begun with, compared with the prompt, one of them made; four where the pack can compare when absent. */
  readonly candidates?: number
  /** By how much more colours and directions are exaggerated; 4 when absent, 0 like the rest. */
  readonly emphasis?: number
  /** The end flows into the beginning. */
  readonly loop: boolean
  /** Longer side of the clip in pixels. */
  readonly size: number
  /** Puts the clip at the end of the timeline. */
  readonly place: boolean
}

export interface TakeInput {
  readonly segmentId: Id
  /**
   * A take of the segment: its recipe is run again on what lies below now, and where that take is in
   * use, the new one is used in its place. Without it, the segment's present settings are run.
   */
  readonly again?: Id
}

export interface RepaintInput extends TakeInput {
  /** The model pack; the best one installed when absent. */
  readonly packId?: string
}

export interface AnimateInput {
  /** A picture of the project. */
  readonly assetId: Id
  /** The clip that shows it, whose takes in use are part of the picture. */
  readonly clipId?: Id
  /** Painted in a style first, in the same go. */
  readonly style?: StillStyle
  /** Mask of the picture whose painted part moves; the whole picture when absent. */
  readonly maskId?: Id
  /** Where it moves, in degrees: 0 is right, 90 up. When absent a model imagines it from the words. */
  readonly direction?: number
  readonly prompt: string
  readonly packId?: string
  readonly seed: number
  /** 0..1 of the longest path that a picture bears. */
  readonly strength: number
  readonly seconds: number
  /** Puts the clip at the end of the timeline. */
  readonly place: boolean
}

export interface RetimeInput {
  readonly clipId: Id
  /** Timeline frames `[from, to)` inside the clip; operations count from the first, in source frames. */
  readonly from: number
  readonly to: number
  readonly params: RetimeParams
}

export type JobStatus = 'queued' | 'running' | 'succeeded' | 'failed' | 'cancelled'

/** What a job is doing, as a key of the catalogues (`jobs.phase.<phase>`). */
export type JobPhase =
  | 'waiting'
  | 'starting'
  | 'probing'
  | 'copying'
  | 'proxy'
  | 'thumbnails'
  | 'waveform'
  | 'analysing'
  | 'filling'
  | 'tracking'
  | 'checking'
  | 'loading'
  | 'sampling'
  | 'enlarging'
  | 'grading'
  | 'retiming'
  | 'painting'
  | 'writing'
  | 'preview'
  | 'encoding'
  | 'finishing'

/** The preview picture is a grid of frames, row by row: the whole clip, to be played. */
export interface PreviewSheet {
  readonly columns: number
  readonly count: number
  /** Frames a second at which the grid's frames play. */
  readonly fps: number
  /** Pixels of one frame in the grid. */
  readonly width: number
  readonly height: number
  /** Which of several beginnings it shows, from 1, while they are compared. */
  readonly candidate?: { readonly number: number; readonly of: number }
}

export interface JobProgress {
  readonly phase: JobPhase
  readonly done: number
  /** Null where the amount of work cannot be known beforehand. */
  readonly total: number | null
  /** Null until there is enough history to say. */
  readonly etaSeconds: number | null
  /** Of the whole job, 0..1, never less than before: `done` starts anew with each phase. */
  readonly share?: number
  /** Project-relative path of a picture of the newest result, with the source frame it shows. */
  readonly preview?: {
    readonly path: string
    readonly frame: number
    readonly sheet?: PreviewSheet
  }
}

/** What a job that has not come to its end has finished, and where the same job goes on. */
export interface Unfinished {
  /** Frames. */
  readonly done: number
  readonly total: number
  /** Source frame that comes next. */
  readonly next: number
}

/** A job as data: what the queue keeps, the interface shows, and the journal of jobs stores. */
export interface Job<K extends JobKind = JobKind> {
  readonly id: Id
  readonly kind: K
  readonly input: JobKinds[K]['input']
  readonly status: JobStatus
  /** Grows with every change, so that a late event can be dropped. */
  readonly seq: number
  readonly progress: JobProgress
  /** ISO 8601, UTC. */
  readonly createdAt: string
  readonly startedAt: string | null
  readonly endedAt: string | null
  readonly result?: JobKinds[K]['result']
  readonly error?: ErrorData
  /** Kept from a job that was stopped: the same job started again goes on from there. */
  readonly unfinished?: Unfinished
}

/** What a job will cost on this computer, said before it starts. */
export interface Forecast {
  readonly seconds: number
  /** How well `seconds` is known: measured on this computer, or a first guess. */
  readonly basis: 'measured' | 'guess'
  readonly memoryBytes: number
  readonly diskBytes: number
  readonly diskFreeBytes: number
  /** Every reason why the job cannot run now; empty when it can. */
  readonly problems: readonly ErrorData[]
  /** Where it would go on; absent where it starts from the beginning. */
  readonly goesOn?: Unfinished
}
