import { z } from 'zod'
import { toNumber } from '../../shared/rational.js'
import { bridge } from '../bridge/index.js'
import type { Made } from '../compare/pair.js'
import { useDraft } from './draft.js'
import type { GenerateDraft } from './draft.js'

const count = z.number().int().positive()

/** What a generated clip's recipe says of how it was asked for. */
const recipeSchema = z.object({
  task: z.literal('generate'),
  sampling: z.object({
    steps: count,
    guidance: z.number(),
    // Clips made before there were several had one.
    candidates: count.default(1),
    // Nor were any words stressed.
    emphasis: z.number().default(0),
  }),
  frames: count,
  fps: z.object({ num: count, den: count }),
  loop: z.boolean(),
  width: count,
  height: count,
})

/**
 * The draft that makes a clip once more: a seed gives the same clip only with the same settings.
 *
 * @param recipe as read; words, seed and model alone where it is none
 */
export function draftAgain({ made }: Pick<Made, 'made'>, recipe: unknown): Partial<GenerateDraft> {
  const { prompt, seed, pack } = made
  const words = { prompt, seed, vary: false, ...(pack === null ? {} : { packId: pack.id }) }
  const { data } = recipeSchema.safeParse(recipe)
  if (data === undefined) return words
  const { sampling, frames, fps, loop, width, height } = data
  return {
    ...words,
    steps: sampling.steps,
    guidance: sampling.guidance,
    candidates: sampling.candidates,
    emphasis: sampling.emphasis,
    seconds: frames / toNumber(fps),
    loop,
    size: Math.max(width, height),
  }
}

/** Fills the draft with what a clip was made from. */
export async function goOnFrom(asset: Made): Promise<void> {
  const recipe: unknown = await fetch(bridge.mediaUrl(asset.made.recipe)).then(
    (response) => (response.ok ? response.json() : null),
    () => null,
  )
  useDraft.setState(draftAgain(asset, recipe))
}
