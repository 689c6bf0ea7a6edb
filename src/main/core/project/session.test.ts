import fc from 'fast-check'
import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  realpath,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  asset,
  commandFor,
  fullDocument,
  intents,
  mask,
  stroke,
} from '../../../../tests/fixtures/documents.js'
import { commandsFor } from '../../../../tests/fixtures/editor.js'
import { AppError } from '../../../shared/contract/errors.js'
import { canonicalJson } from '../../../shared/document/canonicalJson.js'
import type { Command } from '../../../shared/document/commands.js'
import { recordOf } from '../../../shared/document/model.js'
import { resolveInside } from './folder.js'
import { LOCK_FILE } from './lock.js'
import { createProject, openProject } from './session.js'
import type { ProjectSession } from './session.js'

let base: string
let open: ProjectSession[] = []

beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'lumière séssion 日本 ')))
})
afterEach(async () => {
  for (const session of open) await session.close().catch(() => undefined)
  open = []
  await rm(base, { recursive: true, force: true })
})

const keep = async (opening: Promise<ProjectSession>): Promise<ProjectSession> => {
  const session = await opening
  open.push(session)
  return session
}
const create = (name = 'project'): Promise<ProjectSession> =>
  keep(createProject(join(base, name), { name: 'My project' }))
const rename = (name: string): Command => ({ type: 'project.rename', name })
const record = { mode: 'record' } as const

/** The folder as a crash at this moment would leave it, opened. */
let crashes = 0
async function crash(
  session: ProjectSession,
  damage: (folder: string) => Promise<void> = () => Promise.resolve(),
): Promise<ProjectSession> {
  const folder = join(base, `crash ${crashes++}`)
  await mkdir(folder)
  for (const name of ['project.json', 'journal.ndjson']) {
    await copyFile(join(session.folder, name), join(folder, name))
  }
  await damage(folder)
  return keep(openProject(folder))
}

function stateOf({ doc, seq, history }: ProjectSession): string {
  return canonicalJson({ doc, seq, history })
}

async function refusal(attempt: Promise<unknown>): Promise<AppError> {
  const outcome: unknown = await attempt.catch((error: unknown) => error)
  if (outcome instanceof AppError) return outcome
  throw outcome instanceof Error ? outcome : new Error('it worked')
}

/** Undoes, redoes or applies something, by chance. */
function act(
  session: ProjectSession,
  intent: Parameters<typeof commandFor>[1],
  mode: number,
): void {
  try {
    if (mode === 0) session.undo()
    else if (mode === 1) session.redo()
    else if (mode === 2) session.goTo(intent.c % (session.history.entries.length + 1))
    else {
      session.dispatch([commandFor(session.doc, intent)], {
        mode: mode === 3 ? 'ignore' : 'record',
        ...(mode === 4 ? { gesture: `drag ${intent.a % 2}` } : {}),
      })
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'command-rejected') throw error
  }
}

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

describe('the journal', () => {
  it('restores document, number and history after a crash at any point', async () => {
    await fc.assert(
      fc.asyncProperty(
        intents(25),
        fc.array(fc.nat({ max: 9 }), { minLength: 25, maxLength: 25 }),
        fc.nat({ max: 25 }),
        async (list, modes, saveAt) => {
          const session = await create(`project ${crashes++}`)
          session.dispatch(commandsFor(fullDocument()), record)
          const states = new Map([[session.seq, stateOf(session)]])
          for (const [at, intent] of list.entries()) {
            if (at === saveAt) await session.save()
            act(session, intent, modes[at] ?? 0)
            states.set(session.seq, stateOf(session))
          }
          const journal = await readFile(join(session.folder, 'journal.ndjson'), 'utf8')
          const lines = journal.split('\n').slice(0, -1)
          const savedSeq = session.seq - session.unsaved
          for (let count = 1; count <= lines.length; count += 1 + (lines.length >> 2)) {
            const again = await crash(session, (folder) =>
              writeFile(join(folder, 'journal.ndjson'), `${lines.slice(0, count).join('\n')}\n`),
            )
            expect(again.seq).toBe(savedSeq + count - 1)
            // The first line is the dispatch that filled the project.
            if (again.seq === 0) continue
            const expected = states.get(again.seq)
            if (savedSeq === 0) expect(stateOf(again)).toBe(expected)
            else expect(JSON.parse(stateOf(again)).doc).toEqual(JSON.parse(expected ?? '').doc)
            await again.close()
          }
          await session.close()
        },
      ),
      { numRuns: 12 },
    )
  }, 60_000)

  it('says what it recovered, and nothing when there was nothing', async () => {
    const session = await create()
    expect((await crash(session)).recovered).toBeNull()
    session.dispatch([rename('a')], record)
    session.dispatch([rename('b')], record)
    const again = await crash(session)
    expect(again.recovered).toEqual({ commands: 2, damagedTail: false })
    expect(again.unsaved).toBe(2)
    again.keepRecovery()
    expect(again.recovered).toBeNull()
    again.undo()
    expect(again.doc.meta.name).toBe('a')
  })

  it.each<[string, (path: string, size: number) => Promise<void>]>([
    ['cut short', (path, size) => truncate(path, size - 10)],
    ['half written', (path) => appendFile(path, '{"crc":"00')],
    ['without its line break', (path, size) => truncate(path, size - 1)],
    [
      'overwritten',
      async (path) => writeFile(path, (await readFile(path, 'utf8')).replace('"last"', '"lost"')),
    ],
    ['followed by zeros', (path) => appendFile(path, Buffer.alloc(4096))],
  ])('drops a last line that is %s, says so and goes on', async (how, damage) => {
    const session = await create()
    session.dispatch([rename('first')], record)
    session.dispatch([rename('last')], record)
    const again = await crash(session, async (folder) => {
      const path = join(folder, 'journal.ndjson')
      await damage(path, (await readFile(path)).length)
    })
    const complete = how === 'half written' || how === 'followed by zeros'
    expect(again.recovered).toEqual({ commands: complete ? 2 : 1, damagedTail: true })
    expect(again.doc.meta.name).toBe(complete ? 'last' : 'first')
    expect((await readdir(again.folder)).some((name) => /^journal-.*\.ndjson$/.test(name))).toBe(
      true,
    )
    // The file goes on after its last good line.
    again.dispatch([rename('after')], record)
    const third = await crash(again)
    expect(third.doc.meta.name).toBe('after')
    expect(third.recovered?.damagedTail).toBe(false)
  })

  it('of another project is kept aside and not replayed', async () => {
    const one = await create('one')
    const two = await create('two')
    two.dispatch([rename('two')], record)
    const again = await crash(one, (folder) =>
      copyFile(join(two.folder, 'journal.ndjson'), join(folder, 'journal.ndjson')),
    )
    expect(again.doc.meta.name).toBe('My project')
    expect(again.recovered).toEqual({ commands: 0, damagedTail: true })
  })

  it('that a save wrote but could not start anew is not replayed twice', async () => {
    const session = await create()
    session.dispatch([{ type: 'asset.add', asset: asset('asset_a') }], record)
    const journal = await readFile(join(session.folder, 'journal.ndjson'))
    await session.save()
    const again = await crash(session, (folder) =>
      writeFile(join(folder, 'journal.ndjson'), journal),
    )
    expect(again.doc).toEqual(session.doc)
    expect(again.recovered).toBeNull()
    again.dispatch([rename('more')], record)
    expect((await crash(again)).doc).toEqual(again.doc)
  })

  it('knows the steps that go back behind the last save', async () => {
    const session = await create()
    for (const name of ['a', 'b', 'c', 'd']) session.dispatch([rename(name)], record)
    session.goTo(3)
    await session.save()
    session.dispatch([{ type: 'asset.add', asset: asset('asset_a') }], record)
    session.goTo(1)
    expect(session.doc.meta.name).toBe('a')
    const again = await crash(session)
    expect(again.doc).toEqual(session.doc)
    expect(again.history).toEqual({
      entries: ['project.rename', 'project.rename', 'asset.add'].map((label) => ({ label })),
      position: 0,
    })
    again.goTo(3)
    session.goTo(4)
    expect(again.doc).toEqual(session.doc)
    const third = await crash(again)
    expect(third.doc).toEqual(session.doc)
  })

  it('stays small when many strokes are undone behind the last save', async () => {
    const session = await create()
    session.dispatch(
      [
        { type: 'asset.add', asset: asset('asset_a') },
        { type: 'mask.add', mask: mask('mask_a') },
      ],
      record,
    )
    const points = Array.from({ length: 100 }, (_, at) => at)
    for (let at = 0; at < 100; at++) {
      const shape = stroke(...points)
      session.dispatch([{ type: 'mask.addShape', id: 'mask_a', frame: at % 2, shape }], record)
    }
    await session.save()
    session.goTo(51)
    session.undo()
    session.redo()
    session.redo()
    const { size } = await stat(join(session.folder, 'journal.ndjson'))
    expect(size).toBeLessThan(20_000)
    const again = await crash(session)
    expect(again.recovered).toEqual({ commands: 4, damagedTail: false })
    expect(again.doc).toEqual(session.doc)
    again.goTo(again.history.entries.length)
    session.goTo(session.history.entries.length)
    expect(again.doc).toEqual(session.doc)
  })

  it('saves by itself every 500 lines, without losing the history or a change', async () => {
    const session = await create()
    const unsavedAtSaves: number[] = []
    session.onSaved(() => unsavedAtSaves.push(session.unsaved))
    for (let at = 0; at < 1200; at++) {
      session.dispatch([rename(`name ${at}`)], record)
      if (at % 100 === 0) await new Promise((resolve) => setTimeout(resolve, 30))
    }
    expect(session.history.position).toBe(1200)
    expect((await crash(session)).doc).toEqual(session.doc)
    expect(session.unsaved).toBeLessThan(700)
    expect(unsavedAtSaves.length).toBeGreaterThan(0)
    expect(Math.max(...unsavedAtSaves)).toBeLessThan(700)
    session.goTo(0)
    expect(session.doc.meta.name).toBe('My project')
    expect((await crash(session)).doc).toEqual(session.doc)
  })

  it('keeps changes made while it saves', async () => {
    const session = await create()
    session.dispatch([rename('before')], record)
    const saving = session.save()
    for (let at = 0; at < 50; at++) {
      session.dispatch([rename(`during ${at}`)], record)
      if (at % 5 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await saving
    const again = await crash(session)
    expect(again.doc.meta.name).toBe('during 49')
    expect(again.seq).toBe(session.seq)
  })
})

describe('discarding a recovery', () => {
  it('goes back to the last save, keeps the journal aside, and goes on', async () => {
    const session = await create()
    session.dispatch([rename('saved')], record)
    await session.save()
    session.dispatch([rename('lost')], record)
    const again = await crash(session)
    await again.discardRecovery()
    expect(again.doc.meta.name).toBe('saved')
    expect(again.seq).toBeGreaterThan(session.seq)
    expect(again.history).toEqual({ entries: [], position: 0 })
    expect(again.recovered).toBeNull()
    const aside = (await readdir(again.folder)).find((name) => name.startsWith('journal-')) ?? ''
    expect(await readFile(join(again.folder, aside), 'utf8')).toContain('lost')
    again.dispatch([rename('new')], record)
    expect((await crash(again)).doc.meta.name).toBe('new')
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
