import type { ColourName } from './colours.js'
import type { Entry } from './entries.js'

/** Seconds of a fade whose length is only called long or short. */
const LONG = 2
const SHORT = 0.5

type Way = 'in' | 'out' | 'both'

interface FadeWords {
  /** Words for colours, by their names. */
  readonly colours: Readonly<Partial<Record<ColourName, string>>>
  /** Phrases before a colour; `*` stands where `slow` and `quick` can. */
  readonly outTo: string
  readonly inFrom: string
  /** Phrases that say it without a colour: black. */
  readonly out: string
  readonly in: string
  readonly both: string
  readonly long: string
  readonly short: string
}

/** All phrases of a language's fades, written out. */
export function fadePhrases(words: FadeWords): Entry[] {
  const paces = [
    ...words.long.split('|').map((word) => [word, LONG] as const),
    ...words.short.split('|').map((word) => [word, SHORT] as const),
  ]
  const entry = (way: Way, to: ColourName, seconds: number | null, phrase: string): Entry => [
    { type: 'fade', way, to, seconds },
    phrase,
  ]
  const paced = (way: Way, to: ColourName, phrase: string): Entry[] => [
    entry(way, to, null, phrase.replace(/ ?\*/, '')),
    ...(phrase.includes('*') ? paces : []).map(([word, seconds]) =>
      entry(way, to, seconds, phrase.replace('*', word)),
    ),
    // `a slow fade to black`; before all of it in English as in Italian.
    ...paces.map(([word, seconds]) =>
      entry(way, to, seconds, `${word} ${phrase.replace(/ ?\*/, '')}`),
    ),
  ]
  const coloured = (way: Way, leads: string): Entry[] =>
    Object.entries(words.colours).flatMap(([name, names]) =>
      leads
        .split('|')
        .flatMap((lead) =>
          names.split('|').flatMap((one) => paced(way, name as ColourName, `${lead} ${one}`)),
        ),
    )
  const bare = (way: Way, phrases: string): Entry[] =>
    phrases.split('|').flatMap((phrase) => paced(way, 'black', phrase))
  return [
    ...coloured('out', words.outTo),
    ...coloured('in', words.inFrom),
    ...bare('out', words.out),
    ...bare('in', words.in),
    ...bare('both', words.both),
  ]
}
