import { describe, expect, it } from 'vitest'
import { parsePrompt } from '../edit/parse.js'
import { toRetimeOperations } from './resolve.js'

const RANGE = { frames: 250, fps: { num: 25, den: 1 }, frozen: 249 }
const read = (prompt: string) => toRetimeOperations(parsePrompt(prompt).retimes, RANGE)
const whole = { from: 0, to: 250 }

const PROMPTS: [string, ReturnType<typeof read>][] = [
  ['twice as fast', [{ kind: 'speed', ...whole, factor: 2 }]],
  ['slow motion', [{ kind: 'speed', ...whole, factor: 0.5 }]],
  ['50 % speed', [{ kind: 'speed', ...whole, factor: 0.5 }]],
  ['reverse it', [{ kind: 'reverse', ...whole }]],
  ['freeze at 2 s for 1 s', [{ kind: 'freeze', at: 50, frames: 25 }]],
  ['freeze the frame for 3 seconds', [{ kind: 'freeze', at: 249, frames: 75 }]],
  ['freeze on the last frame for 2 s', [{ kind: 'freeze', at: 249, frames: 50 }]],
  ['speed up gradually', [{ kind: 'ramp', ...whole, start: 1, end: 2, easing: 'smooth' }]],
  ['gradually slow down', [{ kind: 'ramp', ...whole, start: 1, end: 0.5, easing: 'smooth' }]],
  [
    'speed ramp from 100% to 25%',
    [{ kind: 'ramp', ...whole, start: 1, end: 0.25, easing: 'smooth' }],
  ],
  ['speed up from 2x to 4x', [{ kind: 'ramp', ...whole, start: 2, end: 4, easing: 'smooth' }]],
  [
    'rampa di velocità dal 50% al 200%',
    [{ kind: 'ramp', ...whole, start: 0.5, end: 2, easing: 'smooth' }],
  ],
  ['ping pong', [{ kind: 'ping-pong', ...whole }]],
  ['slow motion from 2 s to 4 s', [{ kind: 'speed', from: 50, to: 100, factor: 0.5 }]],
  ['slow motion for 2 seconds', [{ kind: 'speed', from: 0, to: 50, factor: 0.5 }]],
  ['slow motion in the last second', [{ kind: 'speed', from: 225, to: 250, factor: 0.5 }]],
  ['slow motion and warmer', [{ kind: 'speed', ...whole, factor: 0.5 }]],
  ['reverse after 20 s', []],
  ['due volte più veloce', [{ kind: 'speed', ...whole, factor: 2 }]],
  ['al rallentatore', [{ kind: 'speed', ...whole, factor: 0.5 }]],
  ['velocità al 50 %', [{ kind: 'speed', ...whole, factor: 0.5 }]],
  ['al contrario', [{ kind: 'reverse', ...whole }]],
  ['fermo immagine a 2 s per 1 s', [{ kind: 'freeze', at: 50, frames: 25 }]],
  ['fermo immagine sull’ultimo fotogramma', [{ kind: 'freeze', at: 249, frames: 25 }]],
  ['accelera gradualmente', [{ kind: 'ramp', ...whole, start: 1, end: 2, easing: 'smooth' }]],
  ['avanti e indietro', [{ kind: 'ping-pong', ...whole }]],
  ['rallenta da 2 s a 4 s', [{ kind: 'speed', from: 50, to: 100, factor: 0.5 }]],
  ['più caldo e al rallentatore', [{ kind: 'speed', ...whole, factor: 0.5 }]],
]

describe('speed in words', () => {
  it.each(PROMPTS)('%s', (prompt, operations) => {
    expect(read(prompt)).toEqual(operations)
    expect(parsePrompt(prompt).unknown).toEqual([])
  })

  it('keeps colours beside changes of speed', () => {
    expect(parsePrompt('slow motion and warmer').operations).toHaveLength(1)
    expect(parsePrompt('warmer for 2 seconds').operations[0]?.when?.to).toEqual({
      ...{ from: 'start', seconds: 2 },
    })
  })
})
