import type { TrackDirection } from '../../shared/contract/track.js'
import { DOUBTFUL_TRACK } from '../../shared/contract/track.js'
import type { MaskRec, ProjectDoc, TakeRec } from '../../shared/document/model.js'
import { TAKE_FILES } from '../../shared/projectPaths.js'
import type { TakeConfidence } from '../../shared/projectPaths.js'
import { bridge } from '../bridge/index.js'
import { timelineFrameOf } from '../player/timelineMap.js'
import { transport } from '../player/transport.js'
import { neighbourSpot, weakSpots } from './doubtful.js'
import type { Judged } from './doubtful.js'
import { sourceFrameIn, sourceRange, takesOf } from './editing.js'
import type { Focus } from './editing.js'
import { useEditor } from './editor.js'
import { currentFocus } from './focus.js'
import { isKind, isLive, useJobs } from './jobs.js'
import { useProject } from './project.js'
import { showNote } from './toasts.js'

/** Below this a frame of a take is one to look at. */
const DOUBTFUL_TAKE = 0.4

/** Follows the mask in hand from the frame under the playhead. */
export async function startTracking(direction: TrackDirection): Promise<void> {
  const { doc } = useProject.getState()
  const focus = currentFocus()
  if (doc === null || focus?.mask === undefined) return
  const maskId = focus.mask.id
  const { jobs, start, ended } = useJobs.getState()
  if (jobs.some((job) => isKind(job, 'track') && isLive(job) && job.input.maskId === maskId)) return
  const frame = sourceFrameIn(doc, focus, useEditor.getState().playhead)
  const { from, to } = focus.segment ?? sourceRange(doc, focus)
  useEditor.getState().set({ shuttle: 0, showMask: true })
  const job = await start({
    kind: 'track',
    input: { maskId, frame, direction, range: { from, to } },
  })
  const step = direction === 'next' ? 1 : direction === 'previous' ? -1 : 0
  if (job === null || step === 0) return
  // One frame is for going through frame by frame: the eye follows the mask.
  if ((await ended(job.id))?.status !== 'succeeded') return
  transport.goTo(timelineFrameOf(focus.clip, focus.asset, doc.meta.fps, frame + step))
}

/** Source frames that a person painted the mask on: not empty, and not made by tracking. */
export function paintedFrames({ keyframes, tracked }: MaskRec): number[] {
  return Object.entries(keyframes)
    .filter(([key, shapes]) => tracked?.[key] === undefined && shapes.some((one) => !one.erase))
    .map(([key]) => Number(key))
    .sort((a, b) => a - b)
}

/**
 * Follows the mask in hand through the whole edit, from every frame that it was painted on to the
 * next one, wherever the playhead is.
 */
export async function followThroughout(): Promise<void> {
  const { doc } = useProject.getState()
  const focus = currentFocus()
  if (doc === null || focus?.mask === undefined) return
  const { mask } = focus
  const part = focus.segment ?? sourceRange(doc, focus)
  const painted = paintedFrames(mask)
  const first = painted[0]
  const last = painted.at(-1)
  if (first === undefined || last === undefined) return
  // Frames painted beside the edit count too: it may start with what was painted before it.
  const range = { from: Math.min(part.from, first), to: Math.max(part.to, last + 1) }
  useEditor.getState().set({ shuttle: 0, showMask: true })
  const { start } = useJobs.getState()
  for (const frame of painted) {
    const direction = frame === first ? 'both' : 'forward'
    const job = await start({ kind: 'track', input: { maskId: mask.id, frame, direction, range } })
    if (job === null) return
  }
}

/** Goes to the next place where the mask's track or the take on screen needs another look. */
export async function goToDoubtful(direction: -1 | 1): Promise<void> {
  const { doc } = useProject.getState()
  const focus = currentFocus()
  if (doc === null || focus === undefined) return
  const spots = [
    ...trackSpots(focus),
    ...weakSpots(await takeFrames(shownTake(doc, focus)), DOUBTFUL_TAKE),
  ].sort((a, b) => a - b)
  const here = sourceFrameIn(doc, focus, useEditor.getState().playhead)
  const spot = neighbourSpot(spots, here, direction)
  if (spot === undefined) {
    showNote('noDoubt')
    return
  }
  transport.goTo(timelineFrameOf(focus.clip, focus.asset, doc.meta.fps, spot))
}

/** Source frames of the mask that need another look. */
export function trackSpots({ mask }: Pick<Focus, 'mask'>): number[] {
  const tracked = Object.entries(mask?.tracked ?? {})
  return weakSpots(
    tracked.map(([frame, value]) => ({ frame: Number(frame), value })),
    DOUBTFUL_TRACK,
  )
}

function shownTake(doc: ProjectDoc, { segment }: Focus): TakeRec | undefined {
  if (segment === undefined) return undefined
  const takes = takesOf(doc, segment.id)
  const { auditionTakeId } = useEditor.getState()
  return (
    takes.find(({ id }) => id === auditionTakeId) ??
    takes.find(({ id }) => id === segment.acceptedTakeId)
  )
}

async function takeFrames(take: TakeRec | undefined): Promise<Judged[]> {
  if (take === undefined) return []
  const response = await fetch(bridge.mediaUrl(`${take.path}/${TAKE_FILES.confidence}`)).catch(
    () => null,
  )
  if (response?.ok !== true) return []
  const { confidence } = (await response.json()) as TakeConfidence
  return confidence.map((value, n) => ({ frame: take.from + n, value }))
}
