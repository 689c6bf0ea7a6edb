import type { Id } from './document/model.js'
import type { TakeProof } from './takeProof.js'

/** Where everything lies inside a project folder: relative paths with forward slashes. */
export const PROJECT_FILE = 'project.json'
export const JOURNAL_FILE = 'journal.ndjson'
export const FOLDERS = ['media', 'masks', 'styles', 'takes', 'exports', 'cache'] as const

/** Files rebuilt from an asset; may be deleted at any time. */
export function assetCache(assetId: Id): {
  folder: string
  proxy: string
  filmstrip: string
  filmstripIndex: string
  waveform: string
} {
  const folder = `cache/${assetId}`
  return {
    folder,
    /** H.264 with a key frame every 15 frames, at most 720 lines, AAC sound; frame n is source frame n. */
    proxy: `${folder}/proxy.mp4`,
    /** A grid of small pictures; see {@link FilmstripIndex}. */
    filmstrip: `${folder}/filmstrip.jpg`,
    filmstripIndex: `${folder}/filmstrip.json`,
    /** Signed bytes min,max,min,max..., WAVEFORM_RATE pairs a second, channels mixed down. */
    waveform: `${folder}/waveform.bin`,
  }
}

export const WAVEFORM_RATE = 100

/** Thumbnail k (row-major in the grid) shows source frame k * frameStep. */
export interface FilmstripIndex {
  readonly columns: number
  readonly count: number
  readonly frameStep: number
  readonly width: number
  readonly height: number
}

export function takeFolder(segmentId: Id, takeId: Id): string {
  return `takes/${segmentId}/${takeId}`
}

/** Files of a take, relative to its folder. */
export const TAKE_FILES = {
  /** FFV1 RGBA: only changed pixels, alpha 0 everywhere else. */
  video: 'take.mkv',
  recipe: 'recipe.json',
  /** {@link TakeConfidence} */
  confidence: 'confidence.json',
  thumb: 'thumb.jpg',
} as const

export interface TakeConfidence {
  /** Per frame of the take, 0..1. */
  readonly confidence: readonly number[]
  /** Per frame share 0..1 of hole pixels seen in another frame. */
  readonly seen: readonly number[]
  /** Per frame what invented pixels add to the confidence, 0..1; takes before it was noted lack it. */
  readonly invented?: readonly number[]
  /** What was measured on the finished take; of one without a mask, and of older ones, nothing. */
  readonly proof?: TakeProof
}

/**
 * What a take's preview is kept under: the halves of an edit that was split share one. While a
 * take is being made its folder has a dot before the name.
 */
export function previewIdOf(take: { readonly path: string }): Id {
  return take.path.slice(take.path.lastIndexOf('/') + 1).replace(/^\./, '')
}

/**
 * A take laid over the source, or a stack of several (layers.ts), as a proxy like an asset's:
 * frame 0 is the take's or the stack's first frame.
 */
export function takePreview(id: Id): string {
  return `cache/${id}/preview.mp4`
}
