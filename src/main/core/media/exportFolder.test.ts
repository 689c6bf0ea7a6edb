import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkExportTarget } from './render.js'
import { checkFolder, makeFolder } from './exportFolder.js'

describe('the folder of an export', () => {
  let root = ''
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'lumiere-export-folder-'))
    await writeFile(join(root, 'notes.txt'), 'not a folder')
  })
  afterAll(() => rm(root, { recursive: true, force: true }))

  it('may be missing, however deep, and is not made by looking', async () => {
    await checkFolder(join(root, 'one', 'two', 'three'))
    expect(await readdir(root)).toEqual(['notes.txt'])
    await makeFolder(join(root, 'one', 'two'))
    expect((await stat(join(root, 'one', 'two'))).isDirectory()).toBe(true)
  })

  it.each(['notes.txt', 'notes.txt/deeper/still'])('cannot lie in a file: %s', async (name) => {
    const refused = { code: 'disk-write', message: expect.stringContaining('notes.txt') as string }
    await expect(checkFolder(join(root, name))).rejects.toMatchObject(refused)
    await expect(makeFolder(join(root, name))).rejects.toMatchObject(refused)
  })

  it('is looked at before an export begins', async () => {
    const target = join(root, 'notes.txt', 'film.mp4')
    const input = { overwrite: false, preset: 'mp4' } as const
    await expect(checkExportTarget(target, input)).rejects.toMatchObject({ code: 'disk-write' })
  })
})
