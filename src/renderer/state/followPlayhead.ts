import { recordOf } from '../../shared/document/model.js'
import type { ClipRec, Id, ProjectDoc } from '../../shared/document/model.js'
import { clipAt } from '../player/timelineMap.js'
import { selectClip } from '../timeline/selectOnTimeline.js'
import { useEditor } from './editor.js'
import { useProject } from './project.js'

export function isUnder(clip: ClipRec, frame: number): boolean {
  return frame >= clip.start && frame < clip.start + clip.length
}

/**
 * The clip to take in hand once the playhead rests on another one than before, so that the verbs
 * act on what is on screen. Null leaves the selection: nothing is selected, what is selected lies
 * under the playhead too (an overlay, a sound), or the playhead only moved within a clip while
 * another was chosen on purpose.
 */
export function clipToFollow(
  doc: ProjectDoc,
  selectedClipId: Id | null,
  from: number,
  to: number,
): Id | null {
  const selected = recordOf(doc, 'clip', selectedClipId)
  if (selected === undefined || isUnder(selected, to)) return null
  const shown = clipAt(doc, to)
  return shown === null || shown.id === clipAt(doc, from)?.id ? null : shown.id
}

/** Keeps the selection with the playhead; during playback it waits for the end. */
export function followPlayhead(): () => void {
  let rested = useEditor.getState().playhead
  return useEditor.subscribe(({ playhead, shuttle, selectedClipId }) => {
    if (shuttle !== 0 || playhead === rested) return
    const from = rested
    rested = playhead
    const { doc } = useProject.getState()
    const id = doc === null ? null : clipToFollow(doc, selectedClipId, from, playhead)
    if (id !== null) selectClip(id)
  })
}
