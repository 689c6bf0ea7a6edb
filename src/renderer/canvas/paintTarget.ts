import type { Command } from '../../shared/document/commands.js'
import type { Id, MaskShape, ProjectDoc } from '../../shared/document/model.js'
import { pictureAt } from '../player/timelineMap.js'
import { focusOf, readyToPaint } from '../state/editing.js'
import type { Focus } from '../state/editing.js'
import type { EditorState } from '../state/editor.js'

/** What a mark made now belongs to: always what is on screen, whatever else is selected. */
export interface PaintTarget {
  readonly focus: Focus
  readonly sourceFrame: number
}

export function paintTarget(
  doc: ProjectDoc | null,
  editor: Pick<
    EditorState,
    'playhead' | 'compare' | 'pair' | 'selectedClipId' | 'selectedSegmentId' | 'selectedMaskId'
  >,
): PaintTarget | null {
  // Side by side no point of the viewer is one point of the picture.
  if (editor.compare === 'side' || editor.pair !== null) return null
  const picture = doc === null ? null : pictureAt(doc, editor.playhead)
  if (doc === null || picture === null) return null
  const focus = focusOf(doc, { ...editor, selectedClipId: picture.clip.id })
  return focus === undefined ? null : { focus, sourceFrame: picture.sourceFrame }
}

/** The commands of one finished mark, with whatever has to exist first: one dispatch, one undo. */
export function markCommands(
  doc: ProjectDoc,
  { focus, sourceFrame }: PaintTarget,
  shape: MaskShape,
  maskName: (number: number) => string,
  range: EditorState['range'],
): { readonly maskId: Id; readonly commands: readonly Command[] } {
  const { maskId, commands } = readyToPaint(doc, focus, { mask: maskName }, range)
  return {
    maskId,
    commands: [...commands, { type: 'mask.addShape', id: maskId, frame: sourceFrame, shape }],
  }
}
