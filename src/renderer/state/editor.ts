import { create } from 'zustand'
import type { Id } from '../../shared/document/model.js'
import type { ChosenPair } from '../compare/pair.js'

/**
 * What the person looks at and holds: never saved with the project, never undone.
 * Frames are timeline frames.
 */
export type Tool = 'select' | 'hand' | 'brush' | 'eraser' | 'rectangle' | 'ellipse' | 'lasso'
/** `wipe` and `side`: two pictures at once, in one frame or in two; `source`: held down. */
export type CompareMode = 'off' | 'wipe' | 'side' | 'source'
export type Theme = 'dark' | 'light' | 'contrast'
export type DialogName =
  'export' | 'newProject' | 'openProject' | 'shortcuts' | 'settings' | 'doctor' | 'packs' | 'format'

export interface EditorState {
  readonly playhead: number
  /** Speed and direction as a multiple of real time; 0 is paused. */
  readonly shuttle: number
  readonly range: { readonly from: number; readonly to: number } | null
  readonly selectedClipId: Id | null
  readonly selectedSegmentId: Id | null
  readonly selectedMaskId: Id | null
  readonly tool: Tool
  /** Brush diameter in source pixels. */
  readonly brushSize: number
  readonly showMask: boolean
  readonly compare: CompareMode
  /** Place of the wipe line, 0..1 of the picture's width. */
  readonly wipe: number
  /** The take on the wipe's left side; the source when null. */
  readonly against: Id | null
  /** Two clips that were made, looked at together in place of the film. */
  readonly pair: ChosenPair | null
  /** The take shown instead of the accepted one, to judge it before accepting. */
  readonly auditionTakeId: Id | null
  /** The edit whose settings are shown on the picture before any take of them is made. */
  readonly previewEditId: Id | null
  readonly viewerZoom: number | 'fit'
  /** Pixels per timeline frame; null fits the whole timeline. */
  readonly timelineZoom: number | null
  readonly snapping: boolean
  readonly theme: Theme
  /** Of playback, 0..1 as the slider stands; what is exported does not depend on it. */
  readonly volume: number
  readonly muted: boolean
  readonly dialog: DialogName | null
  /** The list of jobs is unfolded. */
  readonly jobsOpen: boolean
  readonly set: (changes: Partial<Omit<EditorState, 'set'>>) => void
}

export const useEditor = create<EditorState>()((set) => ({
  playhead: 0,
  shuttle: 0,
  range: null,
  selectedClipId: null,
  selectedSegmentId: null,
  selectedMaskId: null,
  tool: 'select',
  brushSize: 40,
  showMask: true,
  compare: 'off',
  wipe: 0.5,
  against: null,
  pair: null,
  auditionTakeId: null,
  previewEditId: null,
  viewerZoom: 'fit',
  timelineZoom: null,
  snapping: true,
  theme: 'dark',
  volume: 1,
  muted: false,
  dialog: null,
  jobsOpen: false,
  set: (changes) =>
    // Told of nothing new, nobody draws anew.
    set((state) =>
      Object.entries(changes).every(([name, value]) =>
        Object.is(state[name as keyof EditorState], value),
      )
        ? state
        : changes,
    ),
}))
