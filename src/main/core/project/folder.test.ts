import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { resolveInside } from './folder.js'
import { base, refusal } from '../../../../tests/fixtures/sessions.js'

describe('resolveInside', () => {
  it('finds files below the root only', async () => {
    await mkdir(join(base, 'root/media'), { recursive: true })
    await writeFile(join(base, 'root/media/ä 日.mp4'), '')
    await writeFile(join(base, 'outside.txt'), '')
    await symlink(join(base, 'outside.txt'), join(base, 'root/media/link.txt'))
    await symlink(join(base, 'root/media/ä 日.mp4'), join(base, 'root/inner.mp4'))
    const root = join(base, 'root')
    expect(await resolveInside(root, 'media/ä 日.mp4')).toBe(join(root, 'media/ä 日.mp4'))
    expect(await resolveInside(root, 'inner.mp4')).toBe(join(root, 'media/ä 日.mp4'))
    const forbidden = ['../outside.txt', 'media/../../outside.txt', '/etc/passwd', 'media/link.txt']
    for (const path of [...forbidden, 'a\0b', '', '.', 'media\\x', 'C:/x', 'media//x']) {
      expect((await refusal(resolveInside(root, path))).code, path).toBe('forbidden')
    }
    expect((await refusal(resolveInside(root, 'media/none.mp4'))).code).toBe('not-found')
  })
})
