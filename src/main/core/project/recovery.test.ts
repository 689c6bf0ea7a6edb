import fc from 'fast-check'
import {
  appendFile,
  copyFile,
  readFile,
  readdir,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
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
import type { ProjectSession } from './session.js'
import { create, rename, record, crash, stateOf } from '../../../../tests/fixtures/sessions.js'

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

describe('the journal', () => {
  it('restores document, number and history after a crash at any point', async () => {
    let projects = 0
    await fc.assert(
      fc.asyncProperty(
        intents(25),
        fc.array(fc.nat({ max: 9 }), { minLength: 25, maxLength: 25 }),
        fc.nat({ max: 25 }),
        async (list, modes, saveAt) => {
          const session = await create(`project ${projects++}`)
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
