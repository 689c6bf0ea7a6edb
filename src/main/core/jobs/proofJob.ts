import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import { recordOf } from '../../../shared/document/model.js'
import type { AssetRec, ProjectDoc, TakeRec } from '../../../shared/document/model.js'
import { TAKE_FILES } from '../../../shared/projectPaths.js'
import type { TakeConfidence } from '../../../shared/projectPaths.js'
import { writeAtomic } from '../project/disk.js'
import { resolveInside } from '../project/folder.js'
import { edgeOf, measureTake } from './measureTake.js'
import { assetOfSegment } from './prepareJob.js'
import type { JobHandler } from './queue.js'
import { completeForecast, megapixelFrames } from './resources.js'
import type { JobResources } from './resources.js'

/**
 * Compares a take under a mask with its source, as export will show it, in the source's own planes,
 * and measures its edge; keeps what it found beside the take.
 */
export function proofJob(resources: JobResources): JobHandler<'proof'> {
  const { session } = resources
  return {
    lane: 'media',
    plan: [{ phase: 'checking', weight: 1 }],

    async forecast({ takeId }) {
      const { target, problems } = findTarget(session.doc, takeId)
      const frames = target === null ? 0 : target.take.to - target.take.from
      return completeForecast(resources, {
        kind: 'proof',
        work: target === null ? 0 : megapixelFrames(target.asset.info, frames),
        memoryBytes: 150e6,
        diskBytes: 1e5,
        problems,
      })
    },

    async run({ input, signal, report }) {
      const started = performance.now()
      const { target, problems } = findTarget(session.doc, input.takeId)
      const [problem] = problems
      if (problem !== undefined) throw AppError.from(problem)
      if (target === null) throw gone()
      const { take, asset } = target
      const folder = await resolveInside(session.folder, take.path)
      const edge = await edgeOf(folder, asset)
      if (edge === null) throw unknownEdge(folder)
      const { from, to } = take
      const proof = await measureTake(resources, { folder, from, to }, asset, edge, {
        signal,
        onFrame: (done) => report({ phase: 'checking', done, total: to - from }),
      })
      const path = join(folder, TAKE_FILES.confidence)
      const known = JSON.parse(await readFile(path, 'utf8')) as TakeConfidence
      await writeAtomic(path, JSON.stringify({ ...known, proof } satisfies TakeConfidence))
      const seconds = (performance.now() - started) / 1000
      await resources.rates.learn('proof', megapixelFrames(asset.info, to - from), seconds)
      return {}
    },
  }
}

function findTarget(
  doc: ProjectDoc,
  takeId: string,
): { target: { take: TakeRec; asset: AssetRec } | null; problems: ErrorData[] } {
  const take = recordOf(doc, 'take', takeId)
  const asset = take === undefined ? null : assetOfSegment(doc, take.segmentId)
  if (take === undefined || asset === null) return { target: null, problems: [gone().toData()] }
  return { target: { take, asset }, problems: [] }
}

function unknownEdge(folder: string): AppError {
  return new AppError('invalid-request', 'This take does not say which mask it was made with.', {
    hint: 'Make the take again; then it can be checked.',
    detail: folder,
  })
}

function gone(): AppError {
  return new AppError('not-found', 'This take is no longer in the project.')
}
