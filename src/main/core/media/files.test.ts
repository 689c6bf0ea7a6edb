import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { claimName, safeFileName, writeWhole } from './files.js'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiere files 🎞️ '))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('safeFileName', () => {
  it.each([
    ['Urlaub Köln 🏖️ 東京.MOV', 'Urlaub Köln 🏖️ 東京.MOV'],
    ['e\u0301te\u0301.mp4', 'été.mp4'],
    ['50% off: a/b?.mp4', 'b_.mp4'],
    ['frame_%06d.png', 'frame__06d.png'],
    ['C:\\clips\\my clip.mp4', 'my clip.mp4'],
    ['../../etc/passwd', 'passwd'],
    ['...hidden', 'hidden'],
    ['-rf.mp4', 'rf.mp4'],
    ['nul\u0000l.mp4', 'nul_l.mp4'],
    ['CON.mp4', 'CON_.mp4'],
    ['aux', 'aux_'],
    ['.mp4', 'mp4'],
    ['   ', 'media'],
    ['name. ', 'name'],
    ['half \ud83d emoji.mp4', 'half _ emoji.mp4'],
  ])('%j becomes %j', (name, expected) => {
    expect(safeFileName(name)).toBe(expected)
  })

  it('cuts long names between whole characters and keeps the extension', () => {
    const name = safeFileName(`${'👩‍👩‍👧'.repeat(40)}.webm`)
    expect(Buffer.byteLength(name)).toBeLessThanOrEqual(190)
    expect(name).toMatch(/^(👩‍👩‍👧)+\.webm$/u)
  })
})

it('claimName counts up, whatever the case and the form of the accents', async () => {
  await writeFile(join(folder, 'E\u0301te\u0301.mp4'), '')
  expect(await claimName(folder, 'été.mp4')).toBe('été (2).mp4')
  expect(await claimName(folder, 'ÉTÉ.mp4')).toBe('ÉTÉ (3).mp4')
  expect(await claimName(folder, 'other')).toBe('other')
  expect(await claimName(folder, 'other')).toBe('other (2)')
})

describe('writeWhole', () => {
  it('shows the file only when it is whole', async () => {
    const path = join(folder, 'new', 'a.txt')
    await writeWhole(path, async (temporary) => {
      await writeFile(temporary, 'half')
      expect(await readdir(join(folder, 'new'))).not.toContain('a.txt')
    })
    expect(await readFile(path, 'utf8')).toBe('half')
    expect(await readdir(join(folder, 'new'))).toEqual(['a.txt'])
  })

  it('keeps the old file and removes the new one when making it fails', async () => {
    const path = join(folder, 'a.txt')
    await writeFile(path, 'old')
    const full = Object.assign(new Error('write'), { code: 'ENOSPC', syscall: 'write' })
    const failing = writeWhole(path, async (temporary) => {
      await writeFile(temporary, 'new')
      throw full
    })
    await expect(failing).rejects.toMatchObject({ name: 'AppError', code: 'disk-full' })
    expect(await readFile(path, 'utf8')).toBe('old')
    expect(await readdir(folder)).toEqual(['a.txt'])
  })
})
