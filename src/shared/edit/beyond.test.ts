import { describe, expect, it } from 'vitest'
import { notation } from '../../../tests/fixtures/prompts/notation.js'
import { parsePrompt } from './parse.js'

const read = (prompt: string): string => notation(parsePrompt(prompt))

/** Prompts that were typed at the finished grammar and read as something else than was asked for. */
const MISREAD: readonly (readonly [prompt: string, meaning: string])[] = [
  // Numbers that lead, and figures that stand alone
  ['+20 contrast -10 saturation', 'contrast 20; saturation -10'],
  ['contrast +30 saturation -20 temperature 15', 'contrast 30; saturation -20; temperature 15'],
  ['-1 EV', 'exposure -50'],
  ['+0.5 stops', 'exposure 25'],
  ['-1 stop e più caldo', 'exposure -50; temperature 50'],
  // Too much of a colour is not a coat of it
  ['it is too blue', 'temperature 50'],
  ['troppo verde', 'tint 50'],
  ['the sky is too blue', 'saturation -50 only=blue'],
  // What edits do not do is marked, and nothing else is done in its place
  ['make the sky more dramatic', '?sky'],
  ['warmer, and the sky very dramatic', 'temperature 50; ?sky'],
  ['crossfade', '?crossfade'],
  ['fade from black to white', 'fade-in 100 to=black @[,1s]; ?white'],
  ['desaturate everything except the red car', 'saturation -50 except=red; ?car'],
  ['grain except the red', 'grain 50; ?except the red'],
  ['turn the blue shadows orange', '?blue; ?shadows; ?orange'],
  ["don't warm the shadows", '?warm the shadows'],
  // And what they do is still read
  ['slowly fade to black and white', 'monochrome 100 gradual'],
  ['lift the blue shadows', 'shadows 50 only=blue'],
  ['whiter whites', 'highlights 50'],
  ['teal shadows and orange highlights', 'teal-orange 80'],
  // Times
  ['halfway through make it sepia', 'sepia 100 @[50%,]'],
  ['dalla metà in poi bianco e nero', 'monochrome 100 @[50%,]'],
  ['più caldo fino a metà', 'temperature 50 @[,50%]'],
  // Speed
  ['2x', 'speed 2x'],
  ['play it in reverse at half speed', 'reverse; speed 0.5x'],
  ['al contrario e al rallentatore', 'reverse; speed 0.5x'],
  ['al contrario a metà velocità', 'reverse; speed 0.5x'],
  ['freeze at second 3 for 2 seconds', 'freeze @[3s,]'],
]

describe('prompts that were misread', () => {
  it.each(MISREAD)('%s', (prompt, meaning) => {
    expect(read(prompt)).toBe(meaning)
  })

  it('proposes what may have been meant where it is not clear', () => {
    const [fade] = parsePrompt('add a fade').unknown
    expect(fade?.proposals).toEqual(['fade out', 'fade in'])
    expect(read(fade?.proposals[0] ?? '')).toBe('fade-out 100 to=black @[end-1s,]')
    const [sfuma] = parsePrompt('aggiungi una dissolvenza').unknown
    expect(read(sfuma?.proposals[1] ?? '')).toBe('fade-in 100 to=black @[,1s]')
  })
})

/** The same, once fades, tones, exceptions and both languages had been learned. */
const LEARNED: readonly (readonly [prompt: string, meaning: string])[] = [
  ['a slow fade to black', 'fade-out 100 to=black @[end-2s,]'],
  ['quick fade in from white', 'fade-in 100 to=white @[,0.5s]'],
  ['fade to red', 'fade-out 100 to=red @[end-1s,]'],
  ['fade to black from second 3', 'fade-out 100 to=black @[3s,]'],
  ['fade to black by 50%', 'fade-out 50 to=black @[end-1s,]'],
  ["don't fade to black", '!fade-out'],
  // The time of a fade is its own
  [
    'fade in over 2 seconds and fade out over 1 second',
    'fade-in 100 to=black @[,2s]; fade-out 100 to=black @[end-1s,]',
  ],
  [
    'warmer and fade to black in the last 2 seconds',
    'temperature 50; fade-out 100 to=black @[end-2s,]',
  ],
  ['at the end, fade to black', 'fade-out 100 to=black @[end-1s,]'],
  ['darker over 2 seconds', 'exposure -50 @[,2s] gradual'],
  // Tones
  ['warm the shadows and the midtones', 'temperature 50 in=shadows; temperature 50 in=midtones'],
  ['darker shadows and highlights', 'shadows -50; highlights -50'],
  ['the shadows are too blue', 'saturation -50 only=blue in=shadows'],
  ['black shadows', 'shadows -50'],
  ['teal shadows orange highlights', 'tone 50 in=shadows to=cyan; tone 50 in=highlights to=orange'],
  ["scurisci un po' le ombre", 'shadows -25'],
  // Exceptions
  ['make everything except the red blue', 'recolour 100 except=red to=blue'],
  ['keep the red and make the rest black and white', 'monochrome 100 except=red'],
  ['warmer, keep only the red in colour', 'temperature 50; monochrome 100 except=red'],
  ['black and white, leave the reds alone', 'monochrome 100 except=red'],
  ['bianco e nero, i rossi restano a colori', 'monochrome 100 except=red'],
  [
    'darker and less saturated except the skin',
    'exposure -50 except=skin; saturation -50 except=skin',
  ],
  ['black and white except red and slightly darker', 'monochrome 100 except=red; exposure -25'],
  ['keep the contrast', '!contrast'],
  ['più caldo ma non il contrasto', 'temperature 50; !contrast'],
  // Both languages
  ['make the sky più blu', 'recolour 50 only=blue to=blue'],
  ['rendi the sky blue', 'recolour 100 only=blue to=blue'],
  ['make it rosso', 'recolour 100 to=red'],
  // What only looks like the other language
  ['make the mare brown', 'recolour 100 to=brown subject=mare'],
  ['make the viola darker', 'exposure -50 subject=viola'],
]

describe('prompts that come near to what was learned later', () => {
  it.each(LEARNED)('%s', (prompt, meaning) => {
    expect(read(prompt)).toBe(meaning)
  })
})
