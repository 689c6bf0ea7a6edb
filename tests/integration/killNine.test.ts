import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProject, openProject } from '../../src/main/core/project/session.js'
import { canonicalJson } from '../../src/shared/document/canonicalJson.js'
import { checkDocument } from '../../src/shared/document/integrity.js'
import { fullDocument } from '../fixtures/documents.js'
import { commandsFor, createRandom, editOnce } from '../fixtures/editor.js'

const ROUNDS = 8

let base: string
beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'kill nine '))
})
afterAll(async () => {
  await rm(base, { recursive: true, force: true })
})

/** Lets another process edit the project and kills it. Answers the last number it acknowledged. */
async function editAndKill(folder: string, seed: number, afterMs: number): Promise<number> {
  const script = new URL('../fixtures/editor.mjs', import.meta.url)
  const child = fork(script, [folder, String(seed)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  let acknowledged = -1
  child.on('message', (message: { ready?: number; seq?: number }) => {
    acknowledged = message.seq ?? message.ready ?? acknowledged
    if (message.ready !== undefined) setTimeout(() => child.kill('SIGKILL'), afterMs)
  })
  // Not `exit`: what it sent before it died may still be on its way.
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null]
  expect({ code, signal }).toEqual({ code: null, signal: 'SIGKILL' })
  return acknowledged
}

describe('kill -9 while editing', () => {
  it('loses no acknowledged change, round after round', async () => {
    const folder = join(base, 'project')
    const session = await createProject(folder, { name: 'Killed' })
    session.dispatch(commandsFor(fullDocument()), { mode: 'record' })
    await session.close()

    const random = createRandom(20_261_122)
    let edits = 0
    for (let round = 0; round < ROUNDS; round++) {
      const [reference, crashed] = [
        join(base, `reference ${round}`),
        join(base, `crashed ${round}`),
      ]
      await cp(folder, reference, { recursive: true })
      const acknowledged = await editAndKill(folder, round, 10 + random() * 250)

      // On a copy, so that the next process meets the crash itself, dead owner's lock and all.
      await cp(folder, crashed, { recursive: true })
      const found = await openProject(crashed)
      expect(found.seq).toBeGreaterThanOrEqual(acknowledged)
      expect(found.recovered?.damagedTail ?? false).toBe(false)
      expect(checkDocument(found.doc)).toBeNull()

      const expected = await openProject(reference)
      const start = expected.seq
      while (expected.seq < found.seq) editOnce(expected, round)
      expect(canonicalJson(found.doc)).toBe(canonicalJson(expected.doc))
      edits += found.seq - start
      await found.close()
      await expected.close()
    }
    expect(edits).toBeGreaterThan(ROUNDS * 5)
    console.info(`${edits} acknowledged changes over ${ROUNDS} kills, none lost`)
  })
})
