import { describe, expect, it } from 'vitest'
import type { Command } from '../../../shared/document/commands.js'
import { labelOf } from './replay.js'

const rename: Command = { type: 'project.rename', name: 'Film' }
const remove: Command = { type: 'mask.remove', id: 'mask_1' }
const shape: Command = {
  type: 'mask.addShape',
  id: 'mask_1',
  frame: 0,
  shape: { kind: 'lasso', erase: false, points: [0, 0, 1, 0, 1, 1] },
}

describe('history labels', () => {
  it('are the command, also when it comes several times', () => {
    expect(labelOf([rename])).toBe('project.rename')
    expect(labelOf([shape, shape])).toBe('mask.addShape')
  })

  it('name what a mixed batch is for, and count the rest', () => {
    expect(labelOf([rename, shape])).toBe('mask.addShape')
    expect(labelOf([rename, remove])).toBe('batch:2')
  })
})
