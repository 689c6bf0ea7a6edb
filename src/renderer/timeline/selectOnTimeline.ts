import type { Id } from '../../shared/document/model.js'
import { recordOf } from '../../shared/document/model.js'
import { endPair } from '../compare/comparing.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'

export function selectClip(id: Id | null): void {
  endPair()
  const { doc } = useProject.getState()
  const { selectedSegmentId, set } = useEditor.getState()
  const segment = doc === null ? undefined : recordOf(doc, 'segment', selectedSegmentId)
  const keep = segment !== undefined && segment.clipId === id
  set({ selectedClipId: id, ...(keep ? {} : { selectedSegmentId: null, selectedMaskId: null }) })
}

/** Selects an AI edit with its clip and its mask: what the inspector then acts on. */
export function selectSegment(id: Id): void {
  const { doc } = useProject.getState()
  const segment = doc === null ? undefined : recordOf(doc, 'segment', id)
  if (segment === undefined) return
  endPair()
  useEditor.getState().set({
    selectedSegmentId: id,
    selectedClipId: segment.clipId,
    selectedMaskId: segment.maskId,
  })
}
