import { describe, expect, it } from 'vitest'
import { previewIdOf } from './projectPaths.js'

describe('the preview of a take', () => {
  it('is named after its folder, finished or not', () => {
    expect(previewIdOf({ path: 'takes/segment_a/take_b' })).toBe('take_b')
    expect(previewIdOf({ path: 'takes/segment_a/.take_b' })).toBe('take_b')
  })
})
