import { readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { asset, mask, stroke } from '../../../../tests/fixtures/documents.js'
import { AppError } from '../../../shared/contract/errors.js'
import { recordOf } from '../../../shared/document/model.js'
import { LOCK_FILE } from './lock.js'
import { createProject, openProject } from './session.js'
import {
  base,
  keep,
  create,
  rename,
  record,
  stateOf,
  refusal,
} from '../../../../tests/fixtures/sessions.js'

describe('a project', () => {
  it('is made, saved, closed and opened again', async () => {
    const session = await create()
    expect(session.doc.meta.name).toBe('My project')
    expect(await readdir(session.folder)).toEqual(
      expect.arrayContaining(['project.json', 'journal.ndjson', 'media', 'takes', LOCK_FILE]),
    )
    session.dispatch([{ type: 'asset.add', asset: asset('asset_a') }], record)
    expect(session.unsaved).toBe(1)
    await session.save()
    expect(session.unsaved).toBe(0)
    session.dispatch([rename('New')], record)
    const { doc, seq } = session
    await session.close()
    const left = await readdir(session.folder)
    expect(left).not.toContain('journal.ndjson')
    expect(left).not.toContain(LOCK_FILE)
    expect(left.filter((name) => name.endsWith('.tmp'))).toEqual([])

    const again = await keep(openProject(session.folder))
    expect(again.doc).toEqual(doc)
    expect(again.seq).toBe(seq)
    expect(again.recovered).toBeNull()
    expect(again.history.entries).toEqual([])
  })

  it('is written the same to the byte when nothing changed', async () => {
    const session = await create()
    session.dispatch([{ type: 'asset.add', asset: asset('asset_a') }], record)
    await session.save()
    const text = await readFile(join(session.folder, 'project.json'), 'utf8')
    await session.save()
    expect(await readFile(join(session.folder, 'project.json'), 'utf8')).toBe(text)
  })

  it('is not made in a folder that holds something, and leaves it alone', async () => {
    await writeFile(join(base, 'mine.txt'), 'mine')
    expect((await refusal(createProject(base, { name: 'x' }))).code).toBe('project-exists')
    expect(await readdir(base)).toEqual(['mine.txt'])
    const file = createProject(join(base, 'mine.txt'), { name: 'x' })
    expect((await refusal(file)).code).toBe('project-exists')
  })

  it('leaves nothing behind when its name is refused', async () => {
    const error = await refusal(createProject(join(base, 'a/b'), { name: ' ' }))
    expect(error.code).toBe('invalid-request')
    expect(await readdir(base)).toEqual([])
  })

  it('is refused with a reason where there is none', async () => {
    expect((await refusal(openProject(join(base, 'nowhere')))).code).toBe('not-found')
    const error = await refusal(openProject(base))
    expect(error.code).toBe('project-invalid')
    expect(error.hint).toContain('project.json')
  })

  it.each([
    ['not JSON', '{"app": ', 'project-invalid'],
    ['newer', '{"app":"lumiere-studio","version":99}', 'project-too-new'],
  ])('is refused when its file is %s, and lets go of the lock', async (_, text, code) => {
    const session = await create()
    await session.close()
    await writeFile(join(session.folder, 'project.json'), text)
    expect((await refusal(openProject(session.folder))).code).toBe(code)
    expect(await readdir(session.folder)).not.toContain(LOCK_FILE)
    expect(await readFile(join(session.folder, 'project.json'), 'utf8')).toBe(text)
  })

  it('is refused when its file or one of its folders is a link that leads outside', async () => {
    const session = await create()
    await session.close()
    await rm(join(session.folder, 'masks'), { recursive: true })
    await symlink(tmpdir(), join(session.folder, 'masks'))
    expect((await refusal(openProject(session.folder))).message).toContain('masks')
    await rm(join(session.folder, 'masks'))
    await writeFile(join(base, 'precious.txt'), 'precious')
    await symlink(join(base, 'precious.txt'), join(session.folder, 'journal.ndjson'))
    expect((await refusal(openProject(session.folder))).message).toContain('journal')
    expect(await readFile(join(base, 'precious.txt'), 'utf8')).toBe('precious')
    await rm(join(session.folder, 'journal.ndjson'))
    await writeFile(join(base, 'secret.json'), '{"secret":1}')
    await rm(join(session.folder, 'project.json'))
    await symlink(join(base, 'secret.json'), join(session.folder, 'project.json'))
    const error = await refusal(openProject(session.folder))
    expect(error.code).toBe('project-invalid')
    expect(error.message).not.toContain('secret')
  })

  it('refuses a change after it was closed', async () => {
    const session = await create()
    await session.close()
    expect(() => session.dispatch([rename('x')], record)).toThrow(/closed/)
  })
})

describe('the lock', () => {
  it('keeps a second one out until the first closes', async () => {
    const session = await create()
    const error = await refusal(openProject(session.folder))
    expect(error.code).toBe('project-locked')
    expect(error.hint).toContain(LOCK_FILE)
    await session.close()
    await keep(openProject(session.folder))
  })

  const gone = { pid: 4_000_000, host: hostname(), since: Date.now(), started: null, token: 't' }
  it.each([
    ['a process that is gone', gone, true],
    ['a number that another process has now', { ...gone, pid: process.pid, started: 'x 1' }, true],
    ['another computer', { ...gone, host: 'elsewhere' }, false],
  ])('of %s', async (_, owner, taken) => {
    const session = await create()
    await session.close()
    await writeFile(join(session.folder, LOCK_FILE), JSON.stringify(owner))
    const attempt = keep(openProject(session.folder))
    if (taken) await attempt
    else expect((await refusal(attempt)).message).toContain('elsewhere')
  })
})

describe('dispatch', () => {
  it('changes nothing when a command is refused', async () => {
    const session = await create()
    session.dispatch([rename('a')], record)
    const before = stateOf(session)
    expect(() => session.dispatch([rename('')], record)).toThrow(AppError)
    expect(stateOf(session)).toBe(before)
  })

  it('takes less than 2 ms on average with 1,000 strokes', async () => {
    const session = await create()
    const points = Array.from({ length: 80 }, (_, at) => at * 1.5)
    session.dispatch(
      [
        { type: 'asset.add', asset: asset('asset_a') },
        { type: 'mask.add', mask: mask('mask_a') },
      ],
      record,
    )
    const paint = (): void => {
      const shape = stroke(...points)
      session.dispatch([{ type: 'mask.addShape', id: 'mask_a', frame: 3, shape }], record)
    }
    for (let at = 0; at < 1000; at++) paint()
    // The time this process had, not the time others took from it.
    const before = process.cpuUsage()
    for (let at = 0; at < 100; at++) paint()
    const { user, system } = process.cpuUsage(before)
    expect((user + system) / 1000 / 100).toBeLessThan(2)
    const strokes = recordOf(session.doc, 'mask', 'mask_a')?.keyframes['3']
    expect(strokes).toHaveLength(1100)
  })
})
