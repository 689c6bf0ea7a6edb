import { mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { checkFrames, framePattern } from './pngFolder.js'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiere frames '))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const WHOLE = Buffer.from('89504e470d0a1a0a' + '0000000049454e44ae426082', 'hex')

it('notices a picture that is cut off, empty or missing', async () => {
  for (const n of [1, 2]) await writeFile(join(folder, `frame_00000${n}.png`), WHOLE)
  await checkFrames(folder, 2)
  await expect(checkFrames(folder, 3)).rejects.toMatchObject({ name: 'AppError' })
  const second = join(folder, 'frame_000002.png')
  await truncate(second, WHOLE.length - 1)
  await expect(checkFrames(folder, 2)).rejects.toMatchObject({ name: 'AppError' })
  await truncate(second, 0)
  await expect(checkFrames(folder, 2)).rejects.toMatchObject({ name: 'AppError' })
  expect(await readFile(join(folder, 'frame_000001.png'))).toEqual(WHOLE)
})

it('framePattern keeps a percent sign of the folder out of the pattern', () => {
  expect(framePattern('/50%d')).toBe(join('/50%%d', 'frame_%06d.png'))
})
