import type { SubjectsTaskInput, SubjectsTaskResult } from '../../../shared/contract/edit.js'
import { createSubjectPool, paintsSubject } from '../../../shared/grade/subject.js'
import { openMask } from '../maskFrames.js'
import type { TaskContext } from '../taskContext.js'
import { readShownAt, spread } from './shown.js'

/** Frames that are looked at, evenly over the range: the colour of a thing changes slowly. */
const SAMPLES = 8
/** Pixels of a frame that are looked at, at most: one colour is found from far fewer. */
const PIXELS = 120_000

/**
 * Finds, for every recolour that a mask or a band of hues confines, the colour that it paints over.
 * One for the whole range: measured frame by frame it would flicker.
 *
 * @throws AppError `mask-invalid`, `cancelled`, and whatever reading throws
 */
export async function subjects(
  input: SubjectsTaskInput,
  context: Pick<TaskContext, 'signal' | 'report'>,
): Promise<SubjectsTaskResult> {
  const { source, range, mask, params } = input
  const pools = params.operations.map((one) =>
    paintsSubject(one, mask !== null)
      ? createSubjectPool(one.kind === 'recolour' ? one.only : null)
      : null,
  )
  if (pools.every((pool) => pool === null)) return { subjects: pools.map(() => null) }
  const { width, height } = source.info
  const step = Math.max(1, Math.floor((width * height) / PIXELS))
  const maskAt = mask === null ? null : await openMask(mask, { width, height }, range.from)
  const frames = spread(range.from, range.to, SAMPLES)
  let done = 0
  for await (const data of readShownAt(input, frames, context.signal)) {
    const coverage = (await maskAt?.(frames[done] ?? range.from)) ?? null
    for (const pool of pools) pool?.add(data, 3, coverage, step)
    context.report({ phase: 'analysing', done: ++done, total: frames.length })
  }
  return { subjects: pools.map((pool) => pool?.colour() ?? null) }
}
