import { nearestForm } from './forms.js'

/**
 * Text to token numbers, the same as training/lumiere_training/tokenizer.py does it:
 *
 * 1. Unicode NFC, then lower case.
 * 2. Words are the longest runs of letters and digits (general categories L and N).
 * 3. A word that the vocabulary does not know is read as the nearest form that it has (forms.ts):
 *    sulle as sulla, falls as falling.
 * 4. Each word is cut from the left into the longest pieces of the vocabulary; every piece but a
 *    word's first carries the prefix `##`. A word that cannot be cut becomes one `[unk]`.
 * 5. `[bos]`, the pieces, cut or padded with `[pad]` to the length.
 */
export interface Tokenizer {
  /** `maxTokens` numbers. The empty prompt is `[bos]` alone: the unconditional half of guidance. */
  encode(text: string): number[]
  /** Every word of a prompt with what the vocabulary makes of it, in order. */
  inspect(text: string): readonly PromptWord[]
}

export interface PromptWord {
  readonly word: string
  /** The vocabulary holds it, its stem or another form of it; other words mean little to a model. */
  readonly known: boolean
  /** It lies beyond what the model reads. */
  readonly cut: boolean
}

export interface TokenizerConfig {
  readonly maxTokens: number
  readonly padding: number
  readonly unknown: number
  readonly begin: number
}

const CONTINUED = '##'
/** Single letters that are endings too: balls, baked, windy, and the Italian vowels. */
const LETTER_ENDINGS = new Set('sdyaeio')
const SHORTEST_STEM = 3

export function splitWords(text: string): string[] {
  return (
    text
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  )
}

/** @param pieces the vocabulary in the order of its numbers */
export function createTokenizer(pieces: readonly string[], config: TokenizerConfig): Tokenizer {
  const { maxTokens, padding, unknown, begin } = config
  const numbers = new Map(pieces.map((piece, index) => [piece, index]))
  const longest = pieces.reduce((most, piece) => Math.max(most, piece.length), 0)

  function cut(word: string): number[] | null {
    const letters = [...word]
    const found: number[] = []
    for (let start = 0; start < letters.length;) {
      let end = Math.min(letters.length, start + longest)
      let number: number | undefined
      for (; end > start; end--) {
        const text = letters.slice(start, end).join('')
        number = numbers.get(start === 0 ? text : CONTINUED + text)
        if (number !== undefined) break
      }
      if (number === undefined) return null
      found.push(number)
      start = end
    }
    return found
  }

  /** The vocabulary holds it, or its stem with a known ending. */
  function holds(word: string): boolean {
    if (numbers.has(word)) return [...word].length > 1 || /\p{N}/u.test(word) || isArticle(word)
    const [stem, ending, ...more] = (cut(word) ?? []).map((number) => pieces[number] ?? '')
    if (stem === undefined || ending === undefined || more.length > 0) return false
    const tail = ending.slice(CONTINUED.length)
    return stem.length >= SHORTEST_STEM && (tail.length > 1 || LETTER_ENDINGS.has(tail))
  }

  /** A word as it is read: itself or, where the vocabulary does not know it, the nearest form. */
  function read(word: string): { readonly tokens: readonly number[]; readonly known: boolean } {
    const form = holds(word) ? word : nearestForm(word, (other) => numbers.has(other))
    return { tokens: cut(form ?? word) ?? [unknown], known: form !== undefined }
  }

  return {
    encode(text) {
      const all = [begin, ...splitWords(text).flatMap((word) => read(word).tokens)].slice(
        0,
        maxTokens,
      )
      return [...all, ...Array<number>(maxTokens - all.length).fill(padding)]
    },
    inspect(text) {
      let used = 1
      return splitWords(text).map((word) => {
        const { tokens, known } = read(word)
        used += tokens.length
        return { word, known, cut: used > maxTokens }
      })
    },
  }
}

/** The one-letter words of the two languages; other letters stand in the vocabulary only as parts. */
function isArticle(word: string): boolean {
  return /^[adeilè]$/.test(word)
}

/**
 * Known words that look like an unknown one, nearest first: what a person may have meant.
 *
 * @param pieces the vocabulary
 */
export function nearestWords(word: string, pieces: readonly string[], count = 3): string[] {
  const bound = Math.max(1, Math.floor(word.length / 3))
  const near: { readonly piece: string; readonly score: number }[] = []
  for (const piece of pieces) {
    if (piece.startsWith(CONTINUED) || piece.startsWith('[') || piece.length < 2) continue
    const distance = editDistance(word, piece)
    // A shared beginning is a stronger hint than the bare number of changes: waterfall, water.
    const shared = sharedPrefix(word, piece)
    const stem = shared >= 4 && shared >= Math.min(word.length, piece.length)
    if (distance <= bound || stem) near.push({ piece, score: stem ? 1 + distance / 4 : distance })
  }
  return near
    .sort((a, b) => a.score - b.score || (a.piece < b.piece ? -1 : 1))
    .slice(0, count)
    .map(({ piece }) => piece)
}

function sharedPrefix(a: string, b: string): number {
  let length = 0
  while (length < Math.min(a.length, b.length) && a[length] === b[length]) length++
  return length
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = []
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      let best = Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1)
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (before[j - 2] ?? 0) + 1)
      }
      next.push(best)
    }
    before = row
    row = next
  }
  return row[b.length] ?? 0
}
