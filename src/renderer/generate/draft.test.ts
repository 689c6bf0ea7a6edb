import { describe, expect, it } from 'vitest'
import type { PackSummary } from '../../shared/contract/pack.js'
import { replaceWord, requestOf, useDraft } from './draft.js'

describe('a draft', () => {
  it('asks only for what the person changed', () => {
    const pack = { id: 'world' } as PackSummary
    const draft = { ...useDraft.getState(), prompt: '  a red ball ', seed: 7 }
    expect(requestOf(draft, pack)).toEqual({
      ...{ prompt: 'a red ball', packId: 'world', seed: 7, size: 512, loop: false, place: true },
    })
    expect(requestOf({ ...draft, steps: 8, seconds: 2.5 }, pack)).toMatchObject({
      steps: 8,
      seconds: 2.5,
    })
  })

  it('replaces a word and not its look-alikes', () => {
    expect(replaceWord('Ballon, two ballons, a ballon', 'ballon', 'balloon')).toBe(
      'balloon, two ballons, a balloon',
    )
    expect(replaceWord('la citta\u0300', 'città', 'colline')).toBe('la colline')
  })
})
