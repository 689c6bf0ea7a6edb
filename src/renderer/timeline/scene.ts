import type { ClipRec, Id, ProjectDoc } from '../../shared/document/model.js'
import type { Row, TimelineView } from './layout.js'
import type { ProjectFiles } from './projectFiles.js'

export const COLOUR_NAMES = [
  'track-bg',
  'ruler-bg',
  'ruler-text',
  'ruler-tick',
  'clip-fill',
  'clip-line',
  'clip-selected',
  'clip-text',
  'audio-fill',
  'audio-wave',
  'segment-fill',
  'segment-line',
  'segment-draft',
  'badge-bg',
  'badge-text',
  'playhead',
  'range-fill',
  'marker',
  'confidence-high',
  'confidence-mid',
  'confidence-low',
  'bg',
  'line',
  'accent',
  'font',
  'mono',
] as const

export type Colours = Readonly<Record<(typeof COLOUR_NAMES)[number], string>>

export interface SegmentLook {
  /** What it is called among the edits of its clip. */
  readonly name: string
  /** Its state in words. */
  readonly told: string
  readonly state: 'draft' | 'running' | 'ready' | 'accepted'
  /** Share of the running job that is done, 0..1. */
  readonly progress: number
  /** Folder and frames of the take whose confidence is drawn; null without a take. */
  readonly take: { readonly path: string; readonly from: number; readonly to: number } | null
}

export interface TimelineScene {
  readonly doc: ProjectDoc
  readonly rows: readonly Row[]
  readonly view: TimelineView
  readonly height: number
  readonly colours: Colours
  readonly files: ProjectFiles
  readonly selectedClips: ReadonlySet<Id>
  readonly selectedSegmentId: Id | null
  /** Mask whose key frames are marked. */
  readonly maskId: Id | null
  readonly range: { readonly from: number; readonly to: number } | null
  /** Frame where a dragged clip has snapped. */
  readonly guide: number | null
  readonly badge: string
  /** How a clip lies over what is below, in words; empty where it just covers that. */
  overlayText(clip: ClipRec): string
  segmentLook(segmentId: Id): SegmentLook
}
