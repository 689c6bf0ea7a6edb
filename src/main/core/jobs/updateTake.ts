import { AppError } from '../../../shared/contract/errors.js'
import { fitsBeneath, staleLayers } from '../../../shared/document/stale.js'
import { recordOf, recordsOf } from '../../../shared/document/model.js'
import type { Id, TakeRec } from '../../../shared/document/model.js'
import type { JobHandler } from './queue.js'
import { recipeKey } from './recipes.js'
import type { JobResources } from './resources.js'

type TakeKind = 'remove' | 'edit' | 'stylise' | 'replace' | 'regenerate'

/**
 * A job that can make the take in use again, on what lies below it now, and uses the new one in its
 * place. Where nothing changed below, or a take of the same recipe was made on just that before,
 * nothing is computed.
 */
export function updatable<K extends TakeKind>(
  resources: JobResources,
  handler: JobHandler<K>,
): JobHandler<K> {
  const { session, dispatch } = resources

  /** One step to undo; whatever the person did meanwhile comes first. */
  function use(segmentId: Id, instead: Id, takeId: Id): void {
    if (recordOf(session.doc, 'segment', segmentId)?.acceptedTakeId !== instead) return
    dispatch([{ type: 'take.accept', segmentId, takeId }], 'record')
  }

  return {
    ...handler,
    async run(context) {
      const { segmentId, again } = context.input
      const segment = recordOf(session.doc, 'segment', segmentId)
      if (again === undefined || segment?.acceptedTakeId !== again) return handler.run(context)
      const stale = staleLayers(session.doc, segment.clipId)
      const place = stale.findIndex(({ take }) => take.id === again)
      const layer = stale[place]
      if (layer === undefined) return { takeId: again }
      if (stale.slice(0, place).some((one) => one.from < layer.to && one.to > layer.from)) {
        throw new AppError('beneath-stale', 'What lies below this edit is out of date itself.', {
          hint: 'Update everything, from the bottom up.',
        })
      }
      const known = await madeBefore(resources, layer)
      const { takeId } = known === null ? await handler.run(context) : { takeId: known.id }
      use(segmentId, again, takeId)
      return { takeId }
    },
  }
}

/** A take of the same recipe that was made on what lies below now. */
async function madeBefore(
  { session }: JobResources,
  { take, from, to }: { readonly take: TakeRec; readonly from: number; readonly to: number },
): Promise<TakeRec | null> {
  const { doc } = session
  const others = recordsOf(doc, 'take').filter(
    (one) =>
      one.id !== take.id &&
      one.segmentId === take.segmentId &&
      one.under !== undefined &&
      one.from <= from &&
      one.to >= to &&
      fitsBeneath(doc, one),
  )
  if (others.length === 0) return null
  const wanted = await recipeKey(session, take)
  if (wanted === null) return null
  for (const one of others) if ((await recipeKey(session, one)) === wanted) return one
  return null
}
