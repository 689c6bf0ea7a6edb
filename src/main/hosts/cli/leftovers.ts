import type { Input } from '../../../shared/contract/api.js'
import {
  LEFTOVER_KINDS,
  type FoundLeftovers,
  type LeftoverKind,
} from '../../../shared/contract/leftovers.js'
import { recordOf } from '../../../shared/document/model.js'
import type { Id } from '../../../shared/document/model.js'
import { addFound } from '../../../shared/mask/addFound.js'
import type { CommandContext } from './session.js'

/** What to do about something that a mask leaves out: nothing, say so, or remove it as well. */
export const LEFTOVER_CHOICES = ['off', 'suggest', 'include'] as const
export type LeftoverChoice = (typeof LEFTOVER_CHOICES)[number]
export type LeftoverChoices = Readonly<Record<LeftoverKind, LeftoverChoice>>

type Commands = Input<'document.dispatch'>['commands']

/** Commands that core takes at once. */
const AT_ONCE = 500

/** How each kind is spoken of. */
const WORDS = {
  shadow: {
    none: 'No shadow found beside the mask.',
    added: (frames) => `Added the shadow on ${frames} to the mask.`,
    offer: (frames) =>
      `A shadow lies beside the mask on ${frames}. With --shadow include it goes as well.`,
  },
  parts: {
    none: 'No parts found beside the mask.',
    added: (frames) => `Added the parts on ${frames} to the mask.`,
    offer: (frames) =>
      `Parts stick out of the mask on ${frames}. With --parts include they go as well.`,
  },
} as const satisfies Record<LeftoverKind, Words>

interface Words {
  readonly none: string
  readonly added: (frames: string) => string
  readonly offer: (frames: string) => string
}

/** Looks for what an edit's mask leaves out and, where asked to, adds it to the mask. */
export async function attendToLeftovers(
  context: CommandContext,
  segmentId: Id,
  choices: LeftoverChoices,
): Promise<void> {
  const { client } = context
  const wanted = LEFTOVER_KINDS.filter((kind) => choices[kind] !== 'off')
  const state = await client.call('project.state', {})
  const segment = state === null ? undefined : recordOf(state.doc, 'segment', segmentId)
  const mask =
    state === null ? undefined : recordOf(state.doc, 'mask', segment?.maskId ?? undefined)
  if (wanted.length === 0 || mask === undefined) return
  // An earlier run that was stopped has done it: these masks are pictures.
  const isDone = Object.values(mask.keyframes).some((shapes) =>
    shapes.some(({ kind }) => kind === 'lasso'),
  )
  if (isDone) return
  const leftovers = await client.runJob('leftovers', { segmentId })
  const included = wanted.filter((kind) => choices[kind] === 'include')
  const commands = [...addFound(mask, leftovers, included)] as Commands
  while (commands.length > 0) {
    const some = commands.splice(0, AT_ONCE)
    await client.call('document.dispatch', { commands: some, mode: 'record' })
  }
  for (const kind of wanted) tell(context, kind, leftovers, included.includes(kind))
}

function tell(
  { report }: CommandContext,
  kind: LeftoverKind,
  leftovers: FoundLeftovers,
  isIncluded: boolean,
): void {
  const { looked } = leftovers
  const found = Object.keys(leftovers[kind]).length
  const words = WORDS[kind]
  const note = { [kind]: { found, looked, included: isIncluded && found > 0 } }
  const frames = `${found} of ${looked} frames`
  if (found === 0) report.note(note, words.none)
  else report.note(note, isIncluded ? words.added(frames) : words.offer(frames))
}
