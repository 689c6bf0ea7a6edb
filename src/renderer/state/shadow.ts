import { create } from 'zustand'
import type { Job } from '../../shared/contract/job.js'
import type { FoundShadow } from '../../shared/contract/shadow.js'
import { recordOf } from '../../shared/document/model.js'
import type { Id, MaskRec } from '../../shared/document/model.js'
import { sameData } from '../../shared/document/sameData.js'
import { addShadow } from '../../shared/mask/addShadow.js'
import { pictureAt } from '../player/timelineMap.js'
import { takesOf } from './editing.js'
import { useEditor } from './editor.js'
import { currentFocus } from './focus.js'
import { isKind, isLive, useJobs } from './jobs.js'
import { useProject } from './project.js'

/** What was found beside a removal's mask, until it is taken or waved away. */
interface Suggestion {
  readonly segmentId: Id
  /** The mask it was found beside: painting on makes it out of date. */
  readonly mask: MaskRec
  readonly found: FoundShadow
}

interface ShadowState {
  readonly suggestion: Suggestion | null
  /** The segment whose mask has just been given its shadow. */
  readonly addedTo: Id | null
  /** Masks as they were when a search began, by job. */
  readonly begun: Readonly<Record<Id, MaskRec>>
}

export const useShadow = create<ShadowState>()(() => ({
  suggestion: null,
  addedTo: null,
  begun: {},
}))

/** Looks for the shadow that a removal's object leaves outside its mask. */
export async function lookForShadow(segmentId: Id): Promise<void> {
  const { doc } = useProject.getState()
  const segment = doc === null ? undefined : recordOf(doc, 'segment', segmentId)
  const mask = doc === null ? undefined : recordOf(doc, 'mask', segment?.maskId ?? undefined)
  if (mask === undefined) return
  const job = await useJobs.getState().start({ kind: 'shadow', input: { segmentId } })
  if (job === null) return
  useShadow.setState(({ begun }) => ({
    ...{ suggestion: null, addedTo: null },
    begun: { ...begun, [job.id]: mask },
  }))
}

/** Ends a search whose answer is not wanted any more. */
export async function stopLooking(segmentId: Id): Promise<void> {
  const { jobs, cancel } = useJobs.getState()
  const searches = jobs.filter(
    (job) => isKind(job, 'shadow') && isLive(job) && job.input.segmentId === segmentId,
  )
  await Promise.all(searches.map(({ id }) => cancel(id)))
}

/** After a first pass, what it left is looked for unasked: it costs a few seconds. */
export function lookAfterFirstPass(segmentId: Id): void {
  const { doc } = useProject.getState()
  if (doc === null || takesOf(doc, segmentId).length !== 1) return
  const mask = recordOf(doc, 'mask', recordOf(doc, 'segment', segmentId)?.maskId ?? undefined)
  if (mask !== undefined && !mask.inverted) void lookForShadow(segmentId)
}

/** Shows what a search that was begun here has found. */
export function suggestShadow(job: Job<'shadow'>): void {
  const mask = useShadow.getState().begun[job.id]
  if (mask === undefined || job.result === undefined) return
  const { segmentId } = job.input
  useShadow.setState({ suggestion: { segmentId, mask, found: job.result } })
}

export function dismissShadow(): void {
  useShadow.setState({ suggestion: null, addedTo: null })
}

/** Adds what is suggested for the edit in hand to its mask, as one step back. */
export async function acceptShadow(): Promise<void> {
  const suggestion = currentSuggestion()
  if (suggestion === null) return
  const { mask, found, segmentId } = suggestion
  const commands = addShadow(mask, found)
  if (commands.length === 0) return
  if (!(await useProject.getState().dispatch(commands))) return
  useShadow.setState({ suggestion: null, addedTo: segmentId })
}

/** What is suggested for the edit in hand; null once its mask has changed. */
export function currentSuggestion(): Suggestion | null {
  const { suggestion } = useShadow.getState()
  const { doc } = useProject.getState()
  if (suggestion === null || doc === null) return null
  if (currentFocus()?.segment?.id !== suggestion.segmentId) return null
  return sameData(doc.records[suggestion.mask.id], suggestion.mask) ? suggestion : null
}

/** Outlines in source pixels of what is suggested on the frame under the playhead. */
export function shownShadow(): readonly (readonly number[])[] {
  const suggestion = currentSuggestion()
  const { doc } = useProject.getState()
  const { playhead, compare } = useEditor.getState()
  if (suggestion === null || doc === null || compare === 'source') return []
  const at = pictureAt(doc, playhead)
  if (at?.asset.id !== suggestion.mask.assetId) return []
  const frames = Object.keys(suggestion.found.keyframes).map(Number)
  const away = (frame: number): number => Math.abs(frame - at.sourceFrame)
  const [nearest] = frames.sort((a, b) => away(a) - away(b))
  const shapes = nearest === undefined ? [] : suggestion.found.keyframes[String(nearest)]
  return (shapes ?? []).flatMap((shape) => (shape.kind === 'lasso' ? [shape.points] : []))
}
