import { create } from 'zustand'
import type { Id, MaskRec } from '../../shared/document/model.js'
import { sameData } from '../../shared/document/sameData.js'
import { bridge } from '../bridge/index.js'
import { pictureAt } from '../player/timelineMap.js'
import { sourceFrameIn } from './editing.js'
import { useEditor } from './editor.js'
import { currentFocus } from './focus.js'
import { isKind, useJobs } from './jobs.js'
import { useProject } from './project.js'
import { showError } from './toasts.js'

/** One frame of a removal that has not been run yet. */
interface Draft {
  readonly segmentId: Id
  /** Source frame. */
  readonly frame: number
  /** The mask it was made with: painting on makes it out of date. */
  readonly mask: MaskRec
  /** What was in use then: choosing another take makes way for that one. */
  readonly acceptedTakeId: Id | null
  readonly picture: ImageBitmap
  /** The source's size, which the picture stands for. */
  readonly of: { readonly width: number; readonly height: number }
}

const useDraft = create<{ readonly draft: Draft | null }>()(() => ({ draft: null }))

/** Makes a draft of the frame under the playhead and shows it in the viewer, without the mask over it. */
export async function runDraft(): Promise<void> {
  const { doc } = useProject.getState()
  const focus = currentFocus()
  if (doc === null || focus?.segment?.verb !== 'remove' || focus.mask === undefined) return
  const { segment, mask, asset } = focus
  const frame = sourceFrameIn(doc, focus, useEditor.getState().playhead)
  useEditor.getState().set({ shuttle: 0 })
  const { start, ended } = useJobs.getState()
  const job = await start({ kind: 'draft', input: { segmentId: segment.id, frame } })
  if (job === null) return
  const done = await ended(job.id)
  if (done === null || !isKind(done, 'draft') || done.result === undefined) return
  try {
    // The file is written over by the next draft: each has its own address.
    const picture = await load(`${bridge.mediaUrl(done.result.path)}?draft=${job.id}`)
    useDraft.getState().draft?.picture.close()
    const of = { width: asset.info.width, height: asset.info.height }
    const { id: segmentId, acceptedTakeId } = segment
    useDraft.setState({ draft: { segmentId, frame, mask, acceptedTakeId, picture, of } })
    useEditor.getState().set({ showMask: false })
  } catch (thrown) {
    showError(thrown)
  }
}

async function load(url: string): Promise<ImageBitmap> {
  const response = await fetch(url)
  return createImageBitmap(await response.blob())
}

/** The draft that belongs on screen now; null on any other frame, and once the mask has changed. */
export function shownDraft(): Draft | null {
  const { draft } = useDraft.getState()
  const { doc } = useProject.getState()
  const { playhead, compare, auditionTakeId, pair } = useEditor.getState()
  if (pair !== null) return null
  if (draft === null || doc === null || compare === 'source' || auditionTakeId !== null) return null
  const at = pictureAt(doc, playhead)
  const segment = doc.records[draft.segmentId]
  if (at?.sourceFrame !== draft.frame) return null
  // The document may have been read again since: the mask is then another object with the same marks.
  if (!sameData(doc.records[draft.mask.id], draft.mask)) return null
  if (segment?.type !== 'segment' || segment.clipId !== at.clip.id) return null
  return segment.acceptedTakeId === draft.acceptedTakeId ? draft : null
}

/** For components: the same, followed. */
export function useShownDraft(): Draft | null {
  useProject(shownDraft)
  useEditor(shownDraft)
  return useDraft(shownDraft)
}
