import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/contract/errors.js'
import { canonicalJson } from '../../../shared/document/canonicalJson.js'
import { recordOf } from '../../../shared/document/model.js'
import type {
  Id,
  MaskRec,
  ProjectDoc,
  SegmentRec,
  TakeRec,
} from '../../../shared/document/model.js'
import { recSchema } from '../../../shared/document/schema/index.js'
import { TAKE_FILES } from '../../../shared/projectPaths.js'
import { resolveInside } from '../project/folder.js'
import type { ProjectSession } from '../project/session.js'

const frames = z.object({ from: z.int().min(0), to: z.int().min(1) })
const common = {
  range: frames,
  inputs: z.looseObject({ mask: z.looseObject({ mask: recSchema }).nullable() }),
}
const recipeSchema = z.discriminatedUnion('task', [
  z.looseObject({
    ...common,
    task: z.enum(['remove', 'edit', 'stylise']),
    params: z.record(z.string(), z.unknown()),
  }),
  z.looseObject({
    ...common,
    task: z.enum(['replace', 'regenerate']),
    ...{ prompt: z.string(), strength: z.number(), feather: z.number() },
    detail: z.enum(['none', 'unchanged', 'borrowed']).exactOptional(),
    sampling: z.looseObject({
      ...{ seed: z.number(), steps: z.number(), guidance: z.number() },
      emphasis: z.number().exactOptional(),
    }),
    pack: z.looseObject({ id: z.string() }),
  }),
])
type Recipe = z.infer<typeof recipeSchema>

/** What a job that makes a take works on. */
export interface AsMade {
  readonly doc: ProjectDoc
  /** The model pack that made the take, where one did. */
  readonly packId?: string
}

/**
 * The document for a job that makes a take. Where it is to make a take again, the segment and its
 * mask are those of the take's recipe, on those of its frames that the segment still has: what was
 * changed since, and not run, waits for its own run.
 *
 * @throws AppError `not-found`, `recipe-unreadable`
 */
export async function asMade(
  session: ProjectSession,
  { segmentId, again }: { readonly segmentId: Id; readonly again?: Id | undefined },
): Promise<AsMade> {
  const { doc } = session
  if (again === undefined) return { doc }
  const segment = recordOf(doc, 'segment', segmentId)
  const take = recordOf(doc, 'take', again)
  if (segment === undefined || take?.segmentId !== segmentId) throw takeGone()
  const recipe = await readRecipe(session, take)
  const mask = recipe.inputs.mask?.mask ?? null
  if (recipe.task !== segment.verb || (mask !== null && mask.type !== 'mask')) {
    throw unreadable(take)
  }
  const range = {
    from: Math.max(segment.from, recipe.range.from),
    to: Math.min(segment.to, recipe.range.to),
  }
  const made = recSchema.safeParse({
    ...{ ...segment, ...range, maskId: mask?.id ?? null },
    params: { ...segment.params, ...paramsOf(recipe) },
  })
  if (!made.success || range.to <= range.from) throw unreadable(take)
  const changed: (SegmentRec | MaskRec)[] = [made.data as SegmentRec]
  if (mask !== null) changed.push(mask)
  return {
    doc: { ...doc, records: { ...doc.records, ...Object.fromEntries(changed.map(byId)) } },
    ...('pack' in recipe && isModelTask(recipe) ? { packId: recipe.pack.id } : {}),
  }
}

/** What makes two takes of one segment the same, but for what lay beneath and the frames. */
export async function recipeKey(session: ProjectSession, take: TakeRec): Promise<string | null> {
  const recipe = await readRecipe(session, take).catch(() => null)
  if (recipe === null) return null
  const { source, mask, digests } = recipe.inputs
  const { params, prompt, sampling, strength, growth, feather, joins, detail, upscale } =
    recipe as Partial<Record<string, unknown>>
  // Recipes of before do not name it: it followed from the verb.
  const borrowed = detail === 'borrowed' ? detail : null
  // Not how it went: a pack says which one it is, the provider that ran it does not matter.
  const pack = isModelTask(recipe) ? recipe.pack : null
  const { sha256 } = z.looseObject({ sha256: z.unknown() }).catch({ sha256: null }).parse(source)
  return canonicalJson({
    ...{ task: recipe.task, source: sha256 ?? null, mask, digests: digests ?? null, pack },
    model: [prompt, sampling, strength, growth, feather, joins, upscale, borrowed].map(
      (one) => one ?? null,
    ),
    params: params ?? null,
  })
}

async function readRecipe(session: ProjectSession, take: TakeRec): Promise<Recipe> {
  try {
    const folder = await resolveInside(session.folder, take.path)
    const text = await readFile(join(folder, TAKE_FILES.recipe), 'utf8')
    return recipeSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw unreadable(take, cause)
  }
}

function isModelTask(
  recipe: Recipe,
): recipe is Extract<Recipe, { task: 'replace' | 'regenerate' }> {
  return recipe.task === 'replace' || recipe.task === 'regenerate'
}

function paramsOf(recipe: Recipe): Readonly<Record<string, unknown>> {
  // Removals of before knew no other way.
  if (recipe.task === 'remove') return { doubtful: 'soft', ...recipe.params }
  if (!isModelTask(recipe)) return recipe.params
  const { prompt, strength, feather, sampling, detail } = recipe
  // Takes of before were made without.
  const { seed, steps, guidance, emphasis = 0 } = sampling
  const taken = detail === 'borrowed' ? 'clip' : 'made'
  return { ...{ prompt, feather, seed, steps, guidance, emphasis, strength }, detail: taken }
}

function byId<T extends { readonly id: Id }>(record: T): [Id, T] {
  return [record.id, record]
}

function takeGone(): AppError {
  return new AppError('not-found', 'This take is no longer in the project.', {
    hint: 'Undo the deletion, or run the edit again.',
  })
}

function unreadable(take: TakeRec, cause?: unknown): AppError {
  return new AppError('recipe-unreadable', `The recipe of “${take.name}” cannot be used.`, {
    hint: 'Run the edit itself again: it makes a new take from its present settings.',
    ...(cause === undefined ? {} : { cause }),
  })
}
