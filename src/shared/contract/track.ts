import type { MaskRec, MediaInfo } from '../document/model.js'

/** Which way a mask is followed from the frame in hand; `previous` and `next` go one frame. */
export const TRACK_DIRECTIONS = ['backward', 'previous', 'both', 'next', 'forward'] as const
export type TrackDirection = (typeof TRACK_DIRECTIONS)[number]

/** Why tracking ended: the end of its range, a painted frame, a cut, or nothing left to follow. */
export type TrackStop = 'range' | 'painted' | 'cut' | 'lost'

/** Below this a tracked frame is one to look at: confidence is the overlap to be expected. */
export const DOUBTFUL_TRACK = 0.8

export interface TrackTaskInput {
  readonly source: { readonly path: string; readonly info: MediaInfo }
  readonly mask: MaskRec
  /** Folder that bitmap shapes' paths are relative to. */
  readonly root: string
  /** Source frame to start from: the mask must not be empty there. */
  readonly frame: number
  readonly direction: TrackDirection
  /** Source frames `[from, to)` that may be touched. */
  readonly range: { readonly from: number; readonly to: number }
  /** Existing folder for preview.png. */
  readonly outputFolder: string
  readonly ffmpegPath: string
}

export interface TrackTaskResult {
  /** Source frames `[from, to)` that the result covers, the start among them. */
  readonly from: number
  readonly to: number
  readonly keyframes: MaskRec['keyframes']
  /** Per frame of the range, 0..1. */
  readonly confidence: readonly number[]
  readonly stopped: { readonly forward?: TrackStop; readonly backward?: TrackStop }
}
