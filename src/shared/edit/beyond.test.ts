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
  ['fade to black at the end', '?fade to black'],
  ['dissolvenza in nero', '?dissolvenza in nero'],
  ['warmer, then fade out', 'temperature 50; ?fade out'],
  ['black and white except the red', 'monochrome 100; ?except the red'],
  ['bianco e nero tranne il rosso', 'monochrome 100; ?tranne il rosso'],
  ['make the sky more dramatic', '?sky'],
  ['warmer, and the sky very dramatic', 'temperature 50; ?sky'],
  ['blue shadows', '?blue shadows'],
  ['ombre blu', '?ombre blu'],
  ['warm highlights', '?warm highlights'],
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

  it('proposes something near for what edits do not do', () => {
    const [fade] = parsePrompt('fade to black').unknown
    expect(fade?.proposals).toEqual(['gradually darker'])
    expect(read(fade?.proposals[0] ?? '')).toBe('exposure -50 gradual')
    expect(read(parsePrompt('sfuma a nero').unknown[0]?.proposals[0] ?? '')).toBe(
      'exposure -50 gradual',
    )
  })
})
