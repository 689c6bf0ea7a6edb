import { z } from 'zod'
import { MOST_EMPHASIS, USUAL_EMPHASIS } from '../../../shared/emphasis.js'
import { createTokenizer, nearestWords } from '../../../shared/text/tokenizer.js'
import type { Client } from './client.js'
import { between } from './numbers.js'

/** The option of every command that makes something by words: flags, description, what reads it. */
export const EMPHASIS = [
  '--emphasis <n>',
  `how much harder to ask for colours and directions than for the rest; 0 like it, ${USUAL_EMPHASIS} by default`,
  between(0, MOST_EMPHASIS),
] as const

/** Says of each word that a model does not know which ones it knows that are near. */
export async function unknownWords(
  client: Client,
  packId: string,
  prompt: string,
): Promise<readonly string[]> {
  const { vocabulary, tokens } = await client.call('packs.read', { id: packId })
  if (tokens === null) return []
  const words = createTokenizer(vocabulary, tokens).inspect(prompt)
  const unknown = [...new Set(words.filter(({ known }) => !known).map(({ word }) => word))]
  return unknown.map((word) => {
    const near = nearestWords(word, vocabulary)
    const proposal = near.length === 0 ? '' : ` Near it: ${near.join(', ')}.`
    return `"${word}" is not a word of this model.${proposal}`
  })
}

/** The pack that a recipe names. */
export function packOf(recipe: unknown): string {
  return z.object({ pack: z.object({ id: z.string() }) }).parse(recipe).pack.id
}
