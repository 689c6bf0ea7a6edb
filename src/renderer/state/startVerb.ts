import i18next from 'i18next'
import type { Command } from '../../shared/document/commands.js'
import type { Id, ProjectDoc } from '../../shared/document/model.js'
import { randomSeed } from '../generate/draft.js'
import { transport } from '../player/transport.js'
import { newEdit, newRegeneration, newRemoval, newReplacement, newStyle } from './editing.js'
import type { Focus } from './editing.js'
import { useEditor } from './editor.js'
import { currentFocus } from './focus.js'
import { isUnder } from './followPlayhead.js'
import { useProject } from './project.js'

export const maskName = (number: number): string => i18next.t('mask.defaultName', { number })

/** What a verb begins with: records, and the mask to paint where it wants one. */
interface Beginning {
  readonly commands: readonly Command[]
  readonly segmentId: Id
  readonly maskId?: Id
  readonly previewEditId?: Id
}

/** Begins an edit of the clip in hand and takes it in hand, with the brush where there is a mask to paint. */
export async function begin(make: (doc: ProjectDoc, focus: Focus) => Beginning): Promise<void> {
  const { doc, dispatch } = useProject.getState()
  const focus = currentFocus()
  if (doc === null || focus === undefined) return
  const made = make(doc, focus)
  if (!(await dispatch(made.commands))) return
  // Chosen while something else was on screen: what is worked on has to be seen.
  if (!isUnder(focus.clip, useEditor.getState().playhead)) transport.goTo(focus.clip.start)
  useEditor.getState().set({
    selectedClipId: focus.clip.id,
    selectedSegmentId: made.segmentId,
    selectedMaskId: made.maskId ?? null,
    ...(made.maskId === undefined ? { tool: 'select' } : { tool: 'brush', showMask: true }),
    ...(made.previewEditId === undefined ? {} : { previewEditId: made.previewEditId }),
    compare: 'off',
    auditionTakeId: null,
  })
}

/** Chooses the verb Remove: a fresh mask and edit, brush in hand. */
export async function startRemoval(): Promise<void> {
  const { range } = useEditor.getState()
  await begin((doc, focus) => newRemoval(doc, focus, { mask: maskName }, range))
}

/** Chooses the verb Edit: a place to say in words what should change. */
export async function startEdit(): Promise<void> {
  const { range } = useEditor.getState()
  await begin((doc, focus) => {
    const made = alone(newEdit(doc, focus, range))
    return { ...made, previewEditId: made.segmentId }
  })
}

/** Chooses the verb Style: pictures to paint the clip by. */
export async function startStyle(): Promise<void> {
  const { range } = useEditor.getState()
  await begin((doc, focus) => alone(newStyle(doc, focus, range)))
}

/** Chooses the verb Replace: a fresh mask, and a place to say what should be there instead. */
export async function startReplacement(): Promise<void> {
  const { range } = useEditor.getState()
  await begin((doc, focus) =>
    newReplacement(doc, focus, { mask: maskName, range, seed: randomSeed() }),
  )
}

/** Chooses the verb Regenerate for the marked range, or the whole clip. */
export async function startRegeneration(): Promise<void> {
  const { range } = useEditor.getState()
  await begin((doc, focus) => alone(newRegeneration(doc, focus, { range, seed: randomSeed() })))
}

function alone(command: Command & { readonly segment: { readonly id: Id } }): Beginning {
  return { commands: [command], segmentId: command.segment.id }
}
