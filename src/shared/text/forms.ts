/**
 * Everyday forms of a vocabulary's words, the same as training/lumiere_training/forms.py has them.
 *
 * A vocabulary lists the forms that captions have: "falling" and "sulla", not "falls" and "sulle".
 * Cut into letters, another form means nothing to the model; read as the nearest one, what it names
 * is drawn. Prepositions that place one thing by another (behind, dietro, tra) are no forms of those
 * that a vocabulary has, and stay unknown.
 */

/** Function words and irregular forms, each with the word that it is read as. */
const FORMS = new Map(
  `dei:del degli:del dell:del dello:del della:del delle:del ai:al agli:al all:al allo:al alle:alla
  dai:dal dagli:dal dallo:dal nei:nel negli:nel sui:sul sull:sul sullo:sul sulle:sulla
  coi:con col:con ed:e sopra:su uomini:uomo
  into:in onto:on above:over across:over below:under beneath:under toward:to towards:to
  men:man women:woman children:child skies:sky flies:flying swim:swimming swims:swimming
  muove:movimento muovono:movimento corre:corsa corrono:corsa
  run:running runs:running set:setting sets:setting flap:flapping flaps:flapping blown:blowing
  fallen:falling risen:rising driven:driving burnt:burning drawn:drawing
  smoky:smoke foggy:fog wavy:wave blurry:blurred colorful:colourful`
    .split(/\s+/)
    .map((pair) => pair.split(':') as [string, string]),
)

/** Words that only look like a form of one in the vocabulary: "porto" is no kind of "porta". */
const OTHERS = new Set(
  `even leave rose come sette venti molto solo sola soli caso casi corso corsi porto porti portano
  portando aereo aerei foglio velo veli sala pesca pesco seri facendo`.split(/\s+/),
)

/** An ending, and the one that stands in its place in the form that is looked for. */
const ENDINGS = `es:ing s:ing ed:ing e:ing :ing ies:y :s ing:ed s:ed :ed :ly
  hi:o he:a ge:gia i:o i:io i:e i:a e:a o:i a:ano a:e a:o o:a e:o o:e e:i
  ano:a ono:e ando:ano ando:a endo:ono endo:e o:amente a:amente`
  .split(/\s+/)
  .map((pair) => pair.split(':') as [string, string])

const SHORTEST_STEM = 3

/**
 * The word of a vocabulary that one which it lacks is a form of.
 *
 * @param holds whether the vocabulary has a word
 */
export function nearestForm(word: string, holds: (word: string) => boolean): string | undefined {
  const listed = FORMS.get(word)
  if (listed !== undefined && holds(listed)) return listed
  if (OTHERS.has(word)) return undefined
  for (const [ending, instead] of ENDINGS) {
    if (!word.endsWith(ending)) continue
    const stem = word.slice(0, word.length - ending.length)
    if ([...stem].length >= SHORTEST_STEM && holds(stem + instead)) return stem + instead
  }
  return undefined
}
