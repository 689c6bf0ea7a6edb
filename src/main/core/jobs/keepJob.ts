import { AppError } from '../../../shared/contract/errors.js'
import { recordOf } from '../../../shared/document/model.js'
import { keepFinished } from './makeTake.js'
import { assetOfSegment } from './prepareJob.js'
import type { JobHandler } from './queue.js'
import { completeForecast, megapixels } from './resources.js'
import type { JobResources } from './resources.js'
import { findUnfinished } from './unfinishedTake.js'

/** Makes a take of what a stopped job has finished. */
export function keepJob(resources: JobResources): JobHandler<'keep'> {
  const { session } = resources
  return {
    lane: 'media',
    plan: [{ phase: 'preview', weight: 1 }],

    async forecast({ segmentId }) {
      const asset = assetOfSegment(session.doc, segmentId)
      const found = await findUnfinished(session.folder, segmentId)
      const work = asset === null || found === null ? 0 : megapixels(asset.info) * found.done
      return completeForecast(resources, {
        kind: 'keep',
        work,
        memoryBytes: 100e6,
        diskBytes: Math.round(work * 0.7e6),
        problems: found === null ? [nothingKept().toData()] : [],
      })
    },

    run(context) {
      const segment = recordOf(session.doc, 'segment', context.input.segmentId)
      const asset = assetOfSegment(session.doc, context.input.segmentId)
      if (segment === undefined || asset === null) {
        throw new AppError('not-found', 'This edit is no longer in the project.', {
          hint: 'Undo the deletion, or start a new edit.',
        })
      }
      return keepFinished(resources, context, { segment, asset })
    },
  }
}

function nothingKept(): AppError {
  return new AppError('not-found', 'There are no finished frames to keep.', {
    hint: 'Run it again.',
  })
}
