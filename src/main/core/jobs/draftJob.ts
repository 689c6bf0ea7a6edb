import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import { PAINTED } from '../../../shared/mask/growth.js'
import { resolveInside } from '../project/folder.js'
import { coversNothing } from './coversNothing.js'
import type { JobHandler } from './queue.js'
import { findTarget } from './removeJob.js'
import { completeForecast } from './resources.js'
import type { JobResources } from './resources.js'
import { takesBelow } from './takesBelow.js'

const NOTHING_HERE: ErrorData = {
  code: 'mask-empty',
  message: 'The mask is empty on this frame: there is nothing to remove.',
  hint: 'Go to a frame where the mask covers something.',
}

/** One frame of a removal within a few seconds, as a picture in the cache. */
export function draftJob(resources: JobResources): JobHandler<'draft'> {
  const { session } = resources
  return {
    lane: 'engine',
    plan: [{ phase: 'filling', weight: 1 }],

    async forecast({ segmentId, frame }) {
      const { target, problems } = await findTarget(session, segmentId)
      const isInside =
        target === null || (frame >= target.segment.from && frame < target.segment.to)
      const here = { from: frame, to: frame + 1 }
      const isBare = target !== null && (await coversNothing(session.folder, target, here, PAINTED))
      if (isBare && isInside && problems.length === 0) problems.push(NOTHING_HERE)
      return completeForecast(resources, {
        kind: 'draft',
        work: 1,
        memoryBytes: 300e6,
        diskBytes: 1e6,
        problems: isInside
          ? problems
          : [
              ...problems,
              {
                code: 'invalid-request',
                message: 'This frame lies outside the edit.',
                hint: 'Move the playhead into the edit.',
              },
            ],
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
      const folder = `cache/${segment.id}`
      const outputFolder = join(session.folder, folder)
      await mkdir(outputFolder, { recursive: true })
      const { ffmpeg } = await resources.tools()
      const result = await resources.engine.run(
        'draft',
        {
          source: { path: await resolveInside(session.folder, asset.path), info: asset.info },
          range: { from: segment.from, to: segment.to },
          frame: input.frame,
          mask,
          under: takesBelow(session.doc, segment, session.folder),
          root: session.folder,
          params: segment.params,
          outputFolder,
          ffmpegPath: ffmpeg,
        },
        { signal, onProgress: ({ phase, done, total }) => report({ phase, done, total }) },
      )
      await resources.rates.learn('draft', 1, (performance.now() - started) / 1000)
      const { confidence, seen, file } = result
      return { path: `${folder}/${file}`, frame: input.frame, confidence, seen }
    },
  }
}
