import { splitWords } from './tokenizer.js'

/**
 * What a prompt says besides its colours and its directions, the same as
 * training/lumiere_training/emphasis.py says it.
 *
 * A model that often draws the scene in another colour can be asked what exactly that one word
 * changes: with the prompt less with the prompt without it (docs/adr/0032-colours-and-directions-are-stressed.md).
 */
const COLOURS = new Set(
  `red crimson scarlet orange yellow golden green emerald turquoise cyan teal blue purple violet pink
  white grey gray black brown
  rosso rossa rossi rosse arancione arancioni giallo gialla gialli gialle verde verdi turchese turchesi
  blu viola rosa bianco bianca bianchi bianche grigio grigia grigi grigie nero nera neri nere
  marrone marroni`.split(/\s+/),
)

/** Each left out whole, longest first; `*` is a colour. */
const NAMED =
  `from right to left,from left to right,from bottom to top,from top to bottom,to the left,to the right,
  left,leftwards,right,rightwards,up,upwards,down,downwards,
  da destra a sinistra,da sinistra a destra,dal basso in alto,dall alto in basso,
  verso sinistra,verso destra,verso l alto,verso il basso,a sinistra,a destra,in alto,in basso,
  on a * background,against a * background,in front of a * background,in front of a * wall,against a * wall,on *,
  su uno sfondo *,su sfondo *,contro uno sfondo *,su un fondo *,su fondo *,*`
    .split(',')
    .map((phrase) => phrase.trim().split(' '))
    .sort((a, b) => b.length - a.length)

/** Ways of filming that only sound like colours. */
const KEPT = ['black and white', 'bianco e nero'].map((phrase) => phrase.split(' '))

/** The words that are left, with spaces between them; all of them where no colour or direction is named. */
export function withoutNamed(prompt: string): string {
  const words = splitWords(prompt)
  const startsWith = (at: number, phrase: readonly string[]): boolean =>
    phrase.every((part, n) =>
      part === '*' ? COLOURS.has(words[at + n] ?? '') : words[at + n] === part,
    )
  const left: string[] = []
  for (let at = 0; at < words.length;) {
    const kept = KEPT.find((phrase) => startsWith(at, phrase))
    const named = NAMED.find((phrase) => startsWith(at, phrase))
    if (kept === undefined && named !== undefined) {
      at += named.length
      continue
    }
    const end = at + (kept?.length ?? 1)
    left.push(...words.slice(at, end))
    at = end
  }
  return left.join(' ')
}
