import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import { AppError } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import { recordOf } from '../../../shared/document/model.js'
import type { AssetRec, MaskRec, ProjectDoc, TakeRec } from '../../../shared/document/model.js'
import { recSchema, removeParamsSchema } from '../../../shared/document/schema/index.js'
import { defaultGrowth } from '../../../shared/mask/growth.js'
import { maskAt } from '../../../shared/mask/index.js'
import { TAKE_FILES } from '../../../shared/projectPaths.js'
import type { TakeConfidence } from '../../../shared/projectPaths.js'
import type { FrameSeam, TakeProof } from '../../../shared/takeProof.js'
import { readFrames } from '../../ffmpeg/frames.js'
import { loadBitmaps } from '../maskFiles.js'
import { differenceOutside, grownMask, lumaOf, measureSeam } from '../media/proof.js'
import { nativeFormat, sourceWithTakes } from '../../ffmpeg/takeFrames.js'
import { writeAtomic } from '../project/disk.js'
import { resolveInside } from '../project/folder.js'
import { assetOfSegment } from './prepareJob.js'
import type { JobHandler } from './queue.js'
import { completeForecast, megapixelFrames } from './resources.js'
import type { JobResources } from './resources.js'

/** What of a recipe says which pixels the take was allowed to change. */
const inputs = z.object({ mask: z.object({ mask: recSchema }) })
const recipeSchema = z.discriminatedUnion('task', [
  z.object({ task: z.literal('remove'), params: removeParamsSchema, inputs }),
  z.object({ task: z.enum(['replace', 'regenerate']), growth: z.number().min(0), inputs }),
])

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
      const { mask, reach } = await readRecipe(join(folder, TAKE_FILES.recipe), asset)
      const bitmaps = await loadBitmaps(session.folder, mask)
      const { ffmpeg } = await resources.tools()
      const source = { path: await resolveInside(session.folder, asset.path), info: asset.info }
      const format = nativeFormat(source)
      const size = { width: asset.info.width, height: asset.info.height }
      const { from, to } = take
      const placed = { path: join(folder, TAKE_FILES.video), from, to }
      const originals = readFrames(ffmpeg, source, { from, to, ...format, signal })
      const shown = sourceWithTakes(ffmpeg, source, { from, to, takes: [placed], signal })

      const seam: (FrameSeam | null)[] = []
      let max = 0
      let samples = 0
      let before: { luma: Uint8Array; inside: Uint8Array } | null = null
      try {
        for await (const original of originals) {
          const next = await shown.next()
          if (next.done === true) break
          const painted = maskAt(mask, from + seam.length, size, size, bitmaps)
          const inside = grownMask(painted, size, reach)
          const outside = differenceOutside(original, next.value, inside, format)
          max = Math.max(max, outside.max)
          samples += outside.samples
          const now = { luma: lumaOf(next.value, format), inside }
          seam.push(measureSeam(now, before, size))
          before = now
          report({ phase: 'checking', done: seam.length, total: to - from })
          await nextTurn()
        }
      } finally {
        await shown.return(undefined)
      }
      const proof: TakeProof = {
        version: 1,
        outside: { max, samples, frames: seam.length },
        seam,
      }
      const path = join(folder, TAKE_FILES.confidence)
      const known = JSON.parse(await readFile(path, 'utf8')) as TakeConfidence
      await writeAtomic(path, JSON.stringify({ ...known, proof } satisfies TakeConfidence))
      const seconds = (performance.now() - started) / 1000
      await resources.rates.learn('proof', megapixelFrames(asset.info, to - from), seconds)
      return {}
    },
  }
}

/** The mask that the take was made with, and how far around it the take may have changed pixels. */
async function readRecipe(
  path: string,
  asset: AssetRec,
): Promise<{ mask: MaskRec; reach: number }> {
  const parsed = recipeSchema.safeParse(JSON.parse(await readFile(path, 'utf8')))
  const mask = parsed.data?.inputs.mask.mask
  if (parsed.data === undefined || mask?.type !== 'mask') {
    throw new AppError('invalid-request', 'This take does not say which mask it was made with.', {
      hint: 'Make the take again; then it can be checked.',
      detail: path,
    })
  }
  const { data } = parsed
  if (data.task !== 'remove') return { mask, reach: data.growth }
  return { mask, reach: data.params.dilate ?? defaultGrowth(asset.info) }
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

function gone(): AppError {
  return new AppError('not-found', 'This take is no longer in the project.')
}
