/** A point in a clip: seconds from its start, seconds before its end, or a share of it (0..1). */
export type Moment =
  { readonly from: 'start' | 'end'; readonly seconds: number } | { readonly share: number }

/** When an operation acts; null is the edge of the edit on that side. */
export interface When {
  readonly from: Moment | null
  readonly to: Moment | null
}

export interface FoundTime {
  readonly when: When
  /** `for 2 s`: a length, which says how long something stands still and else how long it acts. */
  readonly seconds: number | null
  /** `over 2 s`: little by little. */
  readonly gradual: boolean
  /** Characters `[start, end)` of the text. */
  readonly start: number
  readonly end: number
}

const NUMBERS: Readonly<Record<string, number>> = {
  ...{ half: 0.5, a: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, eight: 8, ten: 10 },
  ...{ mezzo: 0.5, un: 1, uno: 1, due: 2, tre: 3, quattro: 4, cinque: 5, sei: 6, dieci: 10 },
}
const N = `(\\d{1,6}(?:[.,]\\d{1,4})?|${Object.keys(NUMBERS).join('|')})`
const S = '(?:s|sec|secs|second|seconds|secondo|secondi)\\b'
const AT = '(?:second |secondo )?'

const start = (seconds: number): Moment => ({ from: 'start', seconds })
const end = (seconds: number): Moment => ({ from: 'end', seconds })
const numberOf = (text: string | undefined): number =>
  NUMBERS[text ?? ''] ?? Number((text ?? '1').replace(',', '.'))

type Groups = readonly (string | undefined)[]
type Rule = readonly [
  pattern: string,
  when: (groups: Groups) => When,
  seconds?: (groups: Groups) => number,
  gradual?: true,
]

/** Tried in this order; the first that matches at a place wins. */
const RULES: readonly Rule[] = [
  [
    `(?:from|between|da|dal|tra|fra) ${AT}${N} ?(?:${S})? ?(?:to|until|and|a|al|e|ed) (?:il )?${AT}${N}(?: ?${S})?`,
    ([a, b]) => ({ from: start(numberOf(a)), to: start(numberOf(b)) }),
  ],
  [
    `(?:(?:in|for|during|over|only in) )?(?:the )?last (?:${N} )?(?:a )?${S}`,
    ([n]) => ({ from: end(numberOf(n ?? '1')), to: null }),
  ],
  [
    `(?:(?:in|for|during|over|only in) )?(?:the )?first (?:${N} )?${S}`,
    ([n]) => ({ from: null, to: start(numberOf(n ?? '1')) }),
  ],
  [
    `(?:(?:nell|negli|per gli|gli|l|durante l)[ '])?ultim[oi] (?:${N} )?${S}`,
    ([n]) => ({ from: end(numberOf(n ?? '1')), to: null }),
  ],
  [
    `(?:(?:nei|nel|per i|i|il|durante i) )?prim[oi] (?:${N} )?${S}`,
    ([n]) => ({ from: null, to: start(numberOf(n ?? '1')) }),
  ],
  [
    '(?:(?:in|for|during) )?(?:the )?(first|second) half(?! (?:the|a) )',
    ([half]) =>
      half === 'first' ? { from: null, to: { share: 0.5 } } : { from: { share: 0.5 }, to: null },
  ],
  [
    '(?:nella |la |per la )?(prima|seconda) meta',
    ([half]) =>
      half === 'prima' ? { from: null, to: { share: 0.5 } } : { from: { share: 0.5 }, to: null },
  ],
  [
    '(?:(?:from|after) )?(?:halfway|half way)(?: through)?(?: on| onwards)?|(?:from|after) the (?:middle|midpoint)(?: on| onwards)?|dalla meta(?: in poi)?|da meta(?: in poi)?',
    () => ({ from: { share: 0.5 }, to: null }),
  ],
  [
    '(?:until|till|up to) (?:the )?(?:middle|halfway|midpoint)|fino a(?:lla)? meta',
    () => ({ from: null, to: { share: 0.5 } }),
  ],
  [
    `(?:after|starting at|starting from|beginning at|dopo|a partire da|a partire dal|from|da|dal) ${AT}${N}(?: ?${S})(?: on| onwards| in poi)?`,
    ([n]) => ({ from: start(numberOf(n)), to: null }),
  ],
  [
    `(?:after|from|dopo|dal|da) (?:the )?(?:second|secondo) ${N}(?: on| onwards| in poi)?`,
    ([n]) => ({ from: start(numberOf(n)), to: null }),
  ],
  [
    `(?:until|till|up to|before|fino a|fino al|prima di|entro) ${AT}${N}(?: ?${S})`,
    ([n]) => ({ from: null, to: start(numberOf(n)) }),
  ],
  [
    `(?:at|a|al) (?:${AT}${N} ?${S}|(?:second|secondo) ${N})`,
    ([a, b]) => ({ from: start(numberOf(a ?? b)), to: null }),
  ],
  [
    `(?:for|lasting|per|di|lungo) ${N} ?${S}`,
    ([n]) => ({ from: null, to: start(numberOf(n)) }),
    ([n]) => numberOf(n),
  ],
  [
    `(?:over|across|nell[' ]arco di|in un tempo di|nel giro di) (?:a |the )?${N} ?${S}`,
    ([n]) => ({ from: null, to: start(numberOf(n)) }),
    ([n]) => numberOf(n),
    true,
  ],
  [
    "(?:(?:on|at) )?(?:the )?(?:last|final) frame|(?:sull[' ])?(?:l[' ])?ultimo fotogramma",
    () => ({ from: end(0), to: null }),
  ],
  [
    '(?:(?:on|at) )?(?:the )?first frame|(?:sul )?(?:il )?primo fotogramma',
    () => ({ from: start(0), to: null }),
  ],
  ['(?:at|towards|near|in) the end', () => ({ from: end(1), to: null })],
  ['alla fine|sul finale|nel finale', () => ({ from: end(1), to: null })],
  ['(?:at|in) the (?:start|beginning)', () => ({ from: null, to: start(1) })],
  ["all[ ']inizio", () => ({ from: null, to: start(1) })],
]

const EXPRESSIONS = RULES.map(([pattern, when, seconds, gradual]) => ({
  expression: new RegExp(`(?<![\\p{L}\\d])(?:${pattern})(?![\\p{L}\\d])`, 'gu'),
  ...{ when, seconds, gradual: gradual === true },
}))

/** Every time expression of a text in lower case without accents, none inside another, by place. */
export function findTimes(text: string): FoundTime[] {
  const found: FoundTime[] = []
  for (const { expression, when, seconds, gradual } of EXPRESSIONS) {
    for (const match of text.matchAll(expression)) {
      const at = { start: match.index, end: match.index + match[0].length }
      if (found.some((one) => one.start < at.end && at.start < one.end)) continue
      const groups = match.slice(1)
      found.push({ ...at, when: when(groups), seconds: seconds?.(groups) ?? null, gradual })
    }
  }
  return found.sort((a, b) => a.start - b.start)
}
