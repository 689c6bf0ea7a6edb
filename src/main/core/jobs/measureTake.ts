import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { z } from 'zod'
import type { AssetRec, MaskRec } from '../../../shared/document/model.js'
import { recSchema, removeParamsSchema } from '../../../shared/document/schema/index.js'
import { defaultGrowth } from '../../../shared/mask/growth.js'
import { maskAt } from '../../../shared/mask/index.js'
import { TAKE_FILES } from '../../../shared/projectPaths.js'
import type { FrameSeam, TakeProof } from '../../../shared/takeProof.js'
import { readFrames, readTake } from '../../ffmpeg/frames.js'
import { overlayTake } from '../../ffmpeg/overlayTake.js'
import { nativeFormat } from '../../ffmpeg/takeFrames.js'
import { loadBitmaps } from '../maskFiles.js'
import { differenceOutside, grownMask, lumaOf, measureSeam } from '../media/proof.js'
import { resolveInside } from '../project/folder.js'
import type { JobResources } from './resources.js'

/** What of a recipe says which pixels the take was allowed to change. */
const inputs = z.object({ mask: z.object({ mask: recSchema }) })
const recipeSchema = z.discriminatedUnion('task', [
  z.object({ task: z.literal('remove'), params: removeParamsSchema, inputs }),
  z.object({ task: z.enum(['replace', 'regenerate']), growth: z.number().min(0), inputs }),
])

/** The mask that a take was made with, and how far around it the take may have changed pixels. */
export interface TakeEdge {
  readonly mask: MaskRec
  readonly reach: number
}

/** @param folder of the take; null where its recipe names no mask, and there is no edge to look at */
export async function edgeOf(folder: string, asset: AssetRec): Promise<TakeEdge | null> {
  const recipe: unknown = JSON.parse(await readFile(join(folder, TAKE_FILES.recipe), 'utf8'))
  const { data } = recipeSchema.safeParse(recipe)
  const mask = data?.inputs.mask.mask
  if (data === undefined || mask?.type !== 'mask') return null
  if (data.task !== 'remove') return { mask, reach: data.growth }
  return { mask, reach: data.params.dilate ?? defaultGrowth(asset.info) }
}

/** Frames measured of a new take, in pairs: flicker is told from one frame to the next. */
const SAMPLED = 24

/**
 * The frames that are measured of a take that has just been made: all of a short one, else pairs
 * spread from its first to its last. Ascending.
 */
export function sampledFrames(from: number, to: number): readonly number[] {
  const total = to - from
  if (total <= SAMPLED) return Array.from({ length: total }, (_, n) => from + n)
  const pairs = SAMPLED / 2
  return Array.from({ length: pairs }, (_, n) => {
    const first = from + Math.round((n * (total - 2)) / (pairs - 1))
    return [first, first + 1]
  }).flat()
}

/**
 * Compares a take under a mask with its source, as export will show it, in the source's own planes,
 * and measures its edge.
 *
 * @param take.folder where its video lies
 * @param options.only the frames to look at; all when absent
 */
export async function measureTake(
  { session, ...resources }: Pick<JobResources, 'session' | 'tools'>,
  take: { readonly folder: string; readonly from: number; readonly to: number },
  asset: AssetRec,
  { mask, reach }: TakeEdge,
  options: {
    readonly only?: readonly number[]
    readonly signal: AbortSignal
    readonly onFrame?: (done: number) => void
  },
): Promise<TakeProof> {
  const { signal, onFrame } = options
  const bitmaps = await loadBitmaps(session.folder, mask)
  const { ffmpeg } = await resources.tools()
  const source = { path: await resolveInside(session.folder, asset.path), info: asset.info }
  const format = nativeFormat(source)
  const size = { width: asset.info.width, height: asset.info.height }
  const { from, to } = take
  const only = options.only === undefined ? null : new Set(options.only)
  const changes = readTake(ffmpeg, join(take.folder, TAKE_FILES.video), {
    ...{ from: 0, to: to - from, layout: 'rgba', ...size, signal },
  })
  const seam: (FrameSeam | null)[] = []
  let [max, samples, frames] = [0, 0, 0]
  let before: { frame: number; luma: Uint8Array; inside: Uint8Array } | null = null
  try {
    for await (const original of readFrames(ffmpeg, source, { from, to, ...format, signal })) {
      const change = await changes.next()
      if (change.done === true) break
      const frame = from + seam.length
      if (only !== null && !only.has(frame)) {
        seam.push(null)
        continue
      }
      const shown = original.slice()
      overlayTake(shown, change.value, format)
      const inside = grownMask(maskAt(mask, frame, size, size, bitmaps), size, reach)
      const outside = differenceOutside(original, shown, inside, format)
      max = Math.max(max, outside.max)
      samples += outside.samples
      frames++
      const now = { frame, luma: lumaOf(shown, format), inside }
      seam.push(measureSeam(now, before?.frame === frame - 1 ? before : null, size))
      before = now
      onFrame?.(seam.length)
      await nextTurn()
    }
  } finally {
    await changes.return(undefined)
  }
  const sampled = frames < seam.length
  return { version: 1, outside: { max, samples, frames }, seam, ...(sampled ? { sampled } : {}) }
}
