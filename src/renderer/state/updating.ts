import { recordOf } from '../../shared/document/model.js'
import type { Id } from '../../shared/document/model.js'
import { staleBelow, staleLayers } from '../../shared/document/stale.js'
import { isLive, makesTake, useJobs } from './jobs.js'
import { useProject } from './project.js'

/**
 * Makes the takes in use of a clip again that no longer fit what lies below them, from the bottom
 * up; with a segment, only that one and what it rests on. The jobs wait for each other: each works on
 * what the one before put in use.
 */
export async function updateTakes(clipId: Id, segmentId?: Id): Promise<void> {
  const { doc } = useProject.getState()
  if (doc === null) return
  const stale = staleLayers(doc, clipId)
  for (const { segment, take } of segmentId === undefined ? stale : staleBelow(stale, segmentId)) {
    const { jobs, start } = useJobs.getState()
    const runs = jobs.some(
      (job) => makesTake(job) && isLive(job) && job.input.segmentId === segment.id,
    )
    if (runs) continue
    const input = { segmentId: segment.id, again: take.id }
    // What could not begin has said why; those above it would rest on what is out of date.
    if ((await start({ kind: segment.verb, input })) === null) return
  }
}

/** Whether some take of the clip is being made: whoever updates waits for it. */
export function useUpdating(clipId: Id): boolean {
  const jobs = useJobs((state) => state.jobs)
  return useProject(
    ({ doc }) =>
      doc !== null &&
      jobs.some(
        (job) =>
          makesTake(job) &&
          isLive(job) &&
          job.input.again !== undefined &&
          recordOf(doc, 'segment', job.input.segmentId)?.clipId === clipId,
      ),
  )
}
