import { create } from 'zustand'
import type { GenerateInput } from '../../shared/contract/job.js'
import type { PackSummary } from '../../shared/contract/pack.js'

/** What is being written in the Generate panel; null where the pack's own value holds. */
export interface GenerateDraft {
  readonly prompt: string
  readonly packId: string | null
  readonly seconds: number | null
  readonly steps: number | null
  readonly guidance: number | null
  readonly candidates: number | null
  readonly emphasis: number | null
  readonly size: number
  readonly loop: boolean
  /** The seed of the next clip. */
  readonly seed: number
  /** Another seed for each clip. */
  readonly vary: boolean
}

const SEEDS = 1_000_000

export const randomSeed = (): number => Math.floor(Math.random() * SEEDS)

/** Kept beside the panel, which is put away when another tab is open. */
export const useDraft = create<GenerateDraft>()(() => ({
  prompt: '',
  packId: null,
  seconds: null,
  steps: null,
  guidance: null,
  candidates: null,
  emphasis: null,
  size: 512,
  loop: false,
  seed: randomSeed(),
  vary: true,
}))

/** The job that a draft asks for. */
export function requestOf(draft: GenerateDraft, pack: PackSummary): GenerateInput {
  const { prompt, seconds, steps, guidance, candidates, emphasis, size, loop, seed } = draft
  return {
    prompt: prompt.trim(),
    packId: pack.id,
    ...(seconds === null ? {} : { seconds }),
    ...(steps === null ? {} : { steps }),
    ...(guidance === null ? {} : { guidance }),
    ...(candidates === null ? {} : { candidates }),
    ...(emphasis === null ? {} : { emphasis }),
    ...{ size, loop, seed, place: true },
  }
}

/** The prompt with one word replaced, wherever it stands as a word of its own. */
export function replaceWord(prompt: string, word: string, by: string): string {
  const wanted = word.normalize('NFC').toLowerCase()
  return prompt.replace(/[\p{L}\p{M}\p{N}]+/gu, (found) =>
    found.normalize('NFC').toLowerCase() === wanted ? by : found,
  )
}
