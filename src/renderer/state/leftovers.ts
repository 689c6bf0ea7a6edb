import { create } from 'zustand'
import type { Job } from '../../shared/contract/job.js'
import {
  LEFTOVER_KINDS,
  type FoundLeftovers,
  type LeftoverKind,
} from '../../shared/contract/leftovers.js'
import { recordOf } from '../../shared/document/model.js'
import type { Id, MaskRec } from '../../shared/document/model.js'
import { sameData } from '../../shared/document/sameData.js'
import { addFound, shapesOf } from '../../shared/mask/addFound.js'
import { pictureAt } from '../player/timelineMap.js'
import { takesOf } from './editing.js'
import { useEditor } from './editor.js'
import { currentFocus } from './focus.js'
import { isKind, isLive, useJobs } from './jobs.js'
import { useProject } from './project.js'

/** What a removal's mask was found to leave out, until it is taken or waved away. */
interface Suggestion {
  readonly segmentId: Id
  /** The mask it was found beside: painting on makes it out of date. */
  readonly mask: MaskRec
  readonly found: FoundLeftovers
  /** Which kinds of it are to be added. */
  readonly chosen: readonly LeftoverKind[]
}

interface LeftoversState {
  readonly suggestion: Suggestion | null
  /** The segment whose mask has just been given what it left out. */
  readonly addedTo: Id | null
  /** Masks as they were when a search began, by job. */
  readonly begun: Readonly<Record<Id, MaskRec>>
}

export const useLeftovers = create<LeftoversState>()(() => ({
  suggestion: null,
  addedTo: null,
  begun: {},
}))

/** Looks for the shadow and the parts that a removal's mask leaves out. */
export async function lookForLeftovers(segmentId: Id): Promise<void> {
  const { doc } = useProject.getState()
  const segment = doc === null ? undefined : recordOf(doc, 'segment', segmentId)
  const mask = doc === null ? undefined : recordOf(doc, 'mask', segment?.maskId ?? undefined)
  if (mask === undefined) return
  const job = await useJobs.getState().start({ kind: 'leftovers', input: { segmentId } })
  if (job === null) return
  useLeftovers.setState(({ begun }) => ({
    ...{ suggestion: null, addedTo: null },
    begun: { ...begun, [job.id]: mask },
  }))
}

/** Ends a search whose answer is not wanted any more. */
export async function stopLooking(segmentId: Id): Promise<void> {
  const { jobs, cancel } = useJobs.getState()
  const searches = jobs.filter(
    (job) => isKind(job, 'leftovers') && isLive(job) && job.input.segmentId === segmentId,
  )
  await Promise.all(searches.map(({ id }) => cancel(id)))
}

/** After a first pass, what it left is looked for unasked: it costs a few seconds. */
export function lookAfterFirstPass(segmentId: Id): void {
  const { doc } = useProject.getState()
  if (doc === null || takesOf(doc, segmentId).length !== 1) return
  const mask = recordOf(doc, 'mask', recordOf(doc, 'segment', segmentId)?.maskId ?? undefined)
  if (mask !== undefined && !mask.inverted) void lookForLeftovers(segmentId)
}

/** Shows what a search that was begun here has found. */
export function suggestLeftovers(job: Job<'leftovers'>): void {
  const mask = useLeftovers.getState().begun[job.id]
  if (mask === undefined || job.result === undefined) return
  const { segmentId } = job.input
  const chosen = kindsOf(job.result)
  useLeftovers.setState({ suggestion: { segmentId, mask, found: job.result, chosen } })
}

/** The kinds of which something was found. */
export function kindsOf(found: FoundLeftovers): readonly LeftoverKind[] {
  return LEFTOVER_KINDS.filter((kind) => Object.keys(found[kind]).length > 0)
}

/** Takes one kind in or out of what is to be added. */
export function chooseLeftover(kind: LeftoverKind, isWanted: boolean): void {
  const suggestion = currentSuggestion()
  if (suggestion === null) return
  const chosen = LEFTOVER_KINDS.filter((one) =>
    one === kind ? isWanted : suggestion.chosen.includes(one),
  )
  useLeftovers.setState({ suggestion: { ...suggestion, chosen } })
}

export function dismissLeftovers(): void {
  useLeftovers.setState({ suggestion: null, addedTo: null })
}

/** Adds what is chosen for the edit in hand to its mask, as one step back. */
export async function acceptLeftovers(): Promise<void> {
  const suggestion = currentSuggestion()
  if (suggestion === null) return
  const { mask, found, segmentId, chosen } = suggestion
  const commands = addFound(mask, found, chosen)
  if (commands.length === 0) return
  if (!(await useProject.getState().dispatch(commands))) return
  useLeftovers.setState({ suggestion: null, addedTo: segmentId })
}

/** What is suggested for the edit in hand; null once its mask has changed. */
export function currentSuggestion(): Suggestion | null {
  const { suggestion } = useLeftovers.getState()
  const { doc } = useProject.getState()
  if (suggestion === null || doc === null) return null
  if (currentFocus()?.segment?.id !== suggestion.segmentId) return null
  return sameData(doc.records[suggestion.mask.id], suggestion.mask) ? suggestion : null
}

/** Outlines in source pixels of what is chosen, on the frame under the playhead. */
export function shownLeftovers(): readonly (readonly number[])[] {
  const suggestion = currentSuggestion()
  const { doc } = useProject.getState()
  const { playhead, compare } = useEditor.getState()
  if (suggestion === null || doc === null || compare === 'source') return []
  const at = pictureAt(doc, playhead)
  if (at?.asset.id !== suggestion.mask.assetId) return []
  const keyframes = shapesOf(suggestion.found, suggestion.chosen)
  const frames = Object.keys(keyframes).map(Number)
  const away = (frame: number): number => Math.abs(frame - at.sourceFrame)
  const [nearest] = frames.sort((a, b) => away(a) - away(b))
  const shapes = nearest === undefined ? [] : keyframes[String(nearest)]
  return (shapes ?? []).flatMap((shape) => (shape.kind === 'lasso' ? [shape.points] : []))
}
