import type { Unfinished } from '../../../shared/contract/job.js'
import type { Id } from '../../../shared/document/model.js'
import type { JobHandler } from './queue.js'
import type { JobResources } from './resources.js'
import { discardUnfinished, findUnfinished, progressOf } from './unfinishedTake.js'
import type { TakeInputs } from './unfinishedTake.js'

/** What a job that makes a take says and does when it has been stopped. */
export function stoppedTake({
  session,
}: JobResources): Required<
  Pick<JobHandler<'remove' | 'edit' | 'stylise'>, 'unfinished' | 'discard'>
> {
  return {
    async unfinished({ segmentId }) {
      const found = await findUnfinished(session.folder, segmentId)
      return found === null ? null : progressOf(found)
    },
    discard: ({ segmentId }) => discardUnfinished(session.folder, segmentId),
  }
}

/** Where a run would go on; null where nothing is finished or it belongs to other inputs. */
export async function goesOnFrom(
  { session }: JobResources,
  segmentId: Id,
  inputs: () => Promise<TakeInputs>,
): Promise<Unfinished | null> {
  const found = await findUnfinished(session.folder, segmentId)
  // The inputs are read only where there is something to compare them with: it can take seconds.
  if (found === null || found.made.key !== (await inputs()).key) return null
  return progressOf(found)
}
