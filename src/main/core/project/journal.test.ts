import type fs from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ErrorCode } from '../../../shared/contract/errors.js'
import { createProject, openProject } from './session.js'

/** What the next write to a file that is open already does: bytes it takes, then how it fails. */
const disk = vi.hoisted(() => ({ bytes: Infinity, code: '' }))

vi.mock('node:fs', async (original) => {
  const real = await original<typeof fs>()
  const writeSync = (
    fd: number,
    data: Buffer,
    offset = 0,
    length?: number,
    at?: number,
  ): number => {
    const wanted = length ?? data.length - offset
    if (disk.bytes === 0) throw Object.assign(new Error(`${disk.code}: no`), { code: disk.code })
    const taken = Math.min(wanted, disk.bytes)
    disk.bytes -= taken
    return real.writeSync(fd, data, offset, taken, at)
  }
  return { ...real, writeSync }
})

let base: string
beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'journal-'))
})
afterEach(async () => {
  disk.bytes = Infinity
  await rm(base, { recursive: true, force: true })
})

describe('a journal that cannot be written', () => {
  it.each<[string, ErrorCode]>([
    ['ENOSPC', 'disk-full'],
    ['EIO', 'disk-write'],
  ])('(%s) refuses the change as a whole and stays whole itself', async (code, expected) => {
    const session = await createProject(join(base, 'project'), { name: 'Before' })
    const rename = (name: string): void => {
      session.dispatch([{ type: 'project.rename', name }], { mode: 'record' })
    }
    rename('kept')
    const journal = join(session.folder, 'journal.ndjson')
    const before = await readFile(journal, 'utf8')
    disk.bytes = 20
    disk.code = code
    expect(() => {
      rename('refused')
    }).toThrow(expect.objectContaining({ code: expected }) as Error)
    expect(() => session.undo()).toThrow()
    expect(session.doc.meta.name).toBe('kept')
    expect(session.history).toEqual({ entries: [{ label: 'project.rename' }], position: 1 })
    expect(await readFile(journal, 'utf8')).toBe(before)

    disk.bytes = Infinity
    rename('again')
    await session.close()
    const reopened = await openProject(session.folder)
    expect(reopened.doc.meta.name).toBe('again')
    await reopened.close()
  })
})
