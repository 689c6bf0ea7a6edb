import type { Job } from '../../shared/contract/job.js'
import { recordOf } from '../../shared/document/model.js'
import type { Id } from '../../shared/document/model.js'
import { showClip } from '../compare/comparing.js'
import { useEditor } from './editor.js'
import { useProject } from './project.js'

/** The panel in which one waits for a clip that is generated: staying in it is no other work. */
const WAITING = '.generate'

/** When something was last pressed outside of that panel, in milliseconds since 1970. */
let pressedElsewhere = 0

/** Notices where the person is at work, so that a clip that comes in knows whether it is waited for. */
export function watchHands(page: Window & typeof globalThis = window): () => void {
  const note = (event: Event): void => {
    const target = event.target instanceof page.Element ? event.target : null
    if (target?.closest(WAITING) == null) pressedElsewhere = Date.now()
  }
  const events = ['pointerdown', 'keydown'] as const
  for (const event of events) page.addEventListener(event, note, true)
  return () => {
    for (const event of events) page.removeEventListener(event, note, true)
  }
}

/**
 * Goes to a clip that has just come in, unless the person is in the middle of something else.
 * @param madeFrom the media it was made from: still to have that in hand is to wait for it
 * @param job what is waited for, by whoever has done nothing else since it began
 * @returns whether the clip is on screen now; where it is not, it can be offered
 */
export function arrive(
  clipId: Id | null,
  { madeFrom, job }: { readonly madeFrom?: Id; readonly job?: Job } = {},
): boolean {
  const { selectedClipId, shuttle, tool, pair, dialog } = useEditor.getState()
  const { doc } = useProject.getState()
  const clip = doc && recordOf(doc, 'clip', clipId)
  if (!clip || shuttle !== 0 || pair !== null || dialog !== null) return false
  const inHand = recordOf(doc, 'clip', selectedClipId)
  const isFree = inHand === undefined ? tool === 'select' : inHand.assetId === madeFrom
  const isWaitedFor = job !== undefined && pressedElsewhere <= Date.parse(job.createdAt)
  if (!isFree && !isWaitedFor) return false
  showClip(clip.id)
  return true
}
