import { describe, expect, it } from 'vitest'
import { exportName } from './exportName.js'

describe('export name', () => {
  it('follows the project and the format', () => {
    expect(exportName('My film', 'mp4')).toBe('My film.mp4')
    expect(exportName('夏休み 🌻', 'prores')).toBe('夏休み 🌻.mov')
    expect(exportName('My film', 'png')).toBe('My film')
  })

  it('never leads into another folder or to a name no system takes', () => {
    expect(exportName('../a/b:c?', 'mp4')).toBe('a b c.mp4')
    expect(exportName(' .. ', 'ffv1')).toBe('export.mkv')
    expect(exportName('a\u0000b', 'mp4')).toBe('a b.mp4')
  })
})
