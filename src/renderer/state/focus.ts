import { useMemo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import type {
  EditSegmentRec,
  MaskRec,
  ProjectDoc,
  StyliseSegmentRec,
} from '../../shared/document/model.js'
import { focusOf } from './editing.js'
import type { Focus } from './editing.js'
import { useEditor } from './editor.js'
import { useProject } from './project.js'

/** A focus with the mask that a panel is about; so with the segment of a style or an edit. */
export type MaskFocus = Focus & { readonly mask: MaskRec }
export type StyleFocus = Focus & { readonly segment: StyliseSegmentRec }
export type EditFocus = Focus & { readonly segment: EditSegmentRec }

/** The clip, mask and edit in hand, for components. */
export function useFocus(): Focus | undefined {
  return useFocusIn(useProject((state) => state.doc))
}

/** The same in a document that is in hand already, be it one that follows a little later. */
export function useFocusIn(doc: ProjectDoc | null): Focus | undefined {
  const clipId = useEditor((state) => state.selectedClipId)
  // The playhead only matters where nothing is selected: a panel must not render per frame.
  const selection = useEditor(
    useShallow((state) => ({
      playhead: clipId === null ? state.playhead : 0,
      selectedClipId: state.selectedClipId,
      selectedSegmentId: state.selectedSegmentId,
      selectedMaskId: state.selectedMaskId,
    })),
  )
  return useMemo(() => (doc === null ? undefined : focusOf(doc, selection)), [doc, selection])
}

/** The same for actions, at this moment. */
export function currentFocus(): Focus | undefined {
  const { doc } = useProject.getState()
  return doc === null ? undefined : focusOf(doc, useEditor.getState())
}
