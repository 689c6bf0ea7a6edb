import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { temporaryFolder } from './temporaryFolder.js'

let data: string
beforeEach(async () => {
  data = await mkdtemp(join(tmpdir(), 'lumiere-temporary-'))
})
afterEach(() => rm(data, { recursive: true, force: true }))

it('clears what a killed process left and leaves alone what is in use', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', ''])
  const abandoned = join(data, 'temporary', `uploads-${pid}-abc123`)
  await mkdir(abandoned, { recursive: true })
  await writeFile(join(abandoned, 'film.mp4'), 'x')
  const mine = await temporaryFolder(data, 'uploads')
  const next = await temporaryFolder(data, 'remove')
  expect((await readdir(join(data, 'temporary'))).sort()).toEqual(
    [basename(mine), basename(next)].sort(),
  )
})

it.skipIf(process.platform === 'win32')('is closed to other people', async () => {
  const { mode } = await stat(await temporaryFolder(data, 'uploads'))
  expect(mode & 0o077).toBe(0)
})
