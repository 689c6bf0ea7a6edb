import { bridge } from '../bridge/index.js'
import { sourceFrameIn } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import { choosePng } from '../state/importing.js'
import { useProject } from '../state/project.js'
import { showError, showNote } from '../state/toasts.js'
import type { MaskFocus } from '../state/focus.js'

/** Adds a grey PNG, white = painted, to the mask on the frame being looked at. */
export async function importMask(focus: MaskFocus): Promise<void> {
  const { doc } = useProject.getState()
  if (doc === null) return
  const frame = sourceFrameIn(doc, focus, useEditor.getState().playhead)
  try {
    const path = await choosePng()
    if (path === null) return
    const { scaled } = await bridge.call('mask.import', { maskId: focus.mask.id, frame, path })
    if (scaled === null) showNote('maskImported')
    else showNote('maskScaled', { ...scaled.from })
  } catch (thrown) {
    showError(thrown)
  }
}
