import { AppError } from '../../../shared/contract/errors.js'
import { resolveInside } from '../project/folder.js'
import type { JobHandler } from './queue.js'
import { findTarget } from './removeJob.js'
import { completeForecast, megapixelFrames } from './resources.js'
import type { JobResources } from './resources.js'

/** Looks for what a removal's mask leaves out. Changes nothing by itself. */
export function leftoversJob(resources: JobResources): JobHandler<'leftovers'> {
  const { session } = resources
  return {
    lane: 'engine',
    plan: [{ phase: 'analysing', weight: 1 }],

    async forecast({ segmentId }) {
      const { target, problems } = await findTarget(session, segmentId)
      const frames = target === null ? 0 : target.segment.to - target.segment.from
      return completeForecast(resources, {
        kind: 'leftovers',
        work: target === null ? 0 : megapixelFrames(target.asset.info, frames),
        memoryBytes: 300e6,
        diskBytes: 0,
        problems,
      })
    },

    async run({ input, signal, report }) {
      const started = performance.now()
      const { target, problems } = await findTarget(session, input.segmentId)
      const [problem] = problems
      if (problem !== undefined || target === null) {
        throw problem === undefined
          ? new AppError('not-found', 'This edit is no longer in the project.')
          : AppError.from(problem)
      }
      const { segment, asset, mask } = target
      const range = { from: segment.from, to: segment.to }
      const { ffmpeg } = await resources.tools()
      const found = await resources.engine.run(
        'leftovers',
        {
          source: { path: await resolveInside(session.folder, asset.path), info: asset.info },
          ...{ range, mask, params: segment.params },
          ...{ root: session.folder, ffmpegPath: ffmpeg },
        },
        { signal, onProgress: ({ phase, done, total }) => report({ phase, done, total }) },
      )
      const work = megapixelFrames(asset.info, range.to - range.from)
      await resources.rates.learn('leftovers', work, (performance.now() - started) / 1000)
      return { ...found, maskId: mask.id }
    },
  }
}
