import type { Input } from '../../../shared/contract/api.js'
import { recordOf } from '../../../shared/document/model.js'
import type { Id } from '../../../shared/document/model.js'
import { addShadow } from '../../../shared/mask/addShadow.js'
import type { CommandContext } from './session.js'

/** What to do about the shadow that a mask leaves out: nothing, say so, or remove it as well. */
export const SHADOW_CHOICES = ['off', 'suggest', 'include'] as const
export type ShadowChoice = (typeof SHADOW_CHOICES)[number]

type Commands = Input<'document.dispatch'>['commands']

/** Commands that core takes at once. */
const AT_ONCE = 500

/** Looks for the shadow of an edit's object and, where asked to, adds it to the mask. */
export async function attendToShadow(
  { client, report }: CommandContext,
  segmentId: Id,
  choice: ShadowChoice,
): Promise<void> {
  const state = await client.call('project.state', {})
  const segment = state === null ? undefined : recordOf(state.doc, 'segment', segmentId)
  const mask =
    state === null ? undefined : recordOf(state.doc, 'mask', segment?.maskId ?? undefined)
  if (choice === 'off' || mask === undefined) return
  // An earlier run that was stopped has done it: these masks are pictures.
  const isDone = Object.values(mask.keyframes).some((shapes) =>
    shapes.some(({ kind }) => kind === 'lasso'),
  )
  if (isDone) return
  const { keyframes, looked } = await client.runJob('shadow', { segmentId })
  const found = Object.keys(keyframes).length
  const note = { shadow: { found, looked, included: choice === 'include' && found > 0 } }
  if (found === 0) {
    report.note(note, 'No shadow found beside the mask.')
    return
  }
  if (choice === 'suggest') {
    report.note(
      note,
      `A shadow lies beside the mask on ${found} of ${looked} frames. With --shadow include it goes as well.`,
    )
    return
  }
  const commands = [...addShadow(mask, { keyframes, looked })] as Commands
  while (commands.length > 0) {
    const some = commands.splice(0, AT_ONCE)
    await client.call('document.dispatch', { commands: some, mode: 'record' })
  }
  report.note(note, `Added the shadow on ${found} of ${looked} frames to the mask.`)
}
