import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Output, ProjectState, Reply } from '../../src/shared/contract/api.js'
import { newId } from '../../src/shared/ids.js'
import { browserSuite, findChromium } from '../support/chromium.js'
import { directTransport, electronTransport, webTransport } from './transports.js'
import type { Transport } from './transports.js'

/** One suite for every way to core: a host that changes an answer on its way fails here. */
function contract(title: string, open: () => Promise<Transport>, skip = false): void {
  describe.skipIf(skip)(title, () => {
    let transport: Transport
    let project: string

    beforeAll(async () => {
      transport = await open()
      project = join(transport.folder, 'projects', 'Prova 映画 🎬')
    })
    afterAll(() => transport.close())

    async function ask<T>(method: string, input: unknown = {}): Promise<T> {
      const reply = (await transport.call(method, input)) as Reply<T>
      if (!reply.ok) throw new Error(`${method}: ${reply.error.code} ${reply.error.message}`)
      return reply.data
    }
    async function refusal(method: string, input: unknown): Promise<unknown> {
      const reply = await transport.call(method, input)
      return reply.ok ? 'it was accepted' : reply.error.code
    }
    const marker = (frame: number, label: string): object => ({
      type: 'marker.add',
      marker: { id: newId('marker'), type: 'marker', frame, label },
    })

    it('says what it is', async () => {
      expect(await ask('app.info')).toMatchObject({ platform: process.platform })
    })

    it('refuses unknown methods, wrong inputs and calls that need a project', async () => {
      expect(await refusal('project.destroy', {})).toBe('unknown-method')
      expect(await refusal('constructor', {})).toBe('unknown-method')
      expect(await refusal('__proto__', {})).toBe('unknown-method')
      expect(await refusal('project.create', { folder: project })).toBe('invalid-request')
      expect(await refusal('app.info', { more: 1 })).toBe('invalid-request')
      expect(await refusal('project.save', {})).toBe('no-project')
      expect(await refusal('project.open', { folder: join(project, 'nowhere') })).toBe('not-found')
    })

    it('creates a project and tells every listener', async () => {
      const state = await ask<ProjectState>('project.create', {
        folder: project,
        name: 'Prova 映画',
      })
      expect(state).toMatchObject({ folder: project, unsaved: 0, recovered: null })
      expect(state.doc.meta.name).toBe('Prova 映画')
      await expect.poll(async () => (await transport.heard()).at(-1)?.event).toBe('project')
    })

    it('dispatches, undoes and redoes, with events in order', async () => {
      const before = (await transport.heard()).length
      await ask('document.dispatch', { commands: [marker(3, 'été')], mode: 'record', origin: 'me' })
      await ask('document.dispatch', { commands: [marker(9, 'zwei')], mode: 'record' })
      await ask('document.undo')
      await ask('document.redo')
      await expect.poll(async () => (await transport.heard()).length).toBe(before + 4)
      const events = (await transport.heard())
        .slice(before)
        .map(({ payload }) => payload as { seq: number; origin: string | null; history: object })
      const [first] = events
      expect(events.map(({ origin }) => origin)).toEqual(['me', null, null, null])
      expect(events.map(({ seq }) => seq - (first?.seq ?? 0))).toEqual([0, 1, 2, 3])
      expect(events.at(-1)?.history).toMatchObject({ position: 2 })
    })

    it('changes nothing when one command of several is rejected', async () => {
      const before = await ask<ProjectState>('project.state')
      const commands = [marker(1, 'a'), { type: 'marker.remove', id: 'marker_none' }]
      expect(await refusal('document.dispatch', { commands, mode: 'record' })).toBe(
        'command-rejected',
      )
      expect(await ask<ProjectState>('project.state')).toEqual(before)
    })

    it('serves files of the project, whole and in part, and nothing else', async () => {
      await mkdir(join(project, 'media'), { recursive: true })
      await writeFile(join(project, 'media', 'ä b#1?.bin'), '0123456789')
      await writeFile(join(project, 'media', 'empty.bin'), '')
      await writeFile(join(transport.folder, 'secret.txt'), 'secret')
      await symlink(join(transport.folder, 'secret.txt'), join(project, 'media', 'link.txt'))
      const read = (path: string, range?: string): Promise<unknown> => transport.media(path, range)

      expect(await read('media/ä b#1?.bin')).toEqual({ status: 200, text: '0123456789' })
      expect(await read('media/ä b#1?.bin', 'bytes=2-4')).toEqual({ status: 206, text: '234' })
      expect(await read('media/ä b#1?.bin', 'bytes=-3')).toEqual({ status: 206, text: '789' })
      expect(await read('media/ä b#1?.bin', 'bytes=7-')).toEqual({ status: 206, text: '789' })
      expect(await read('media/ä b#1?.bin', 'bytes=10-')).toMatchObject({ status: 416 })
      expect(await read('media/empty.bin')).toEqual({ status: 200, text: '' })
      expect(await read('media/none.bin')).toMatchObject({ status: 404 })
      for (const path of [
        'media',
        'media/link.txt',
        '%2e%2e/%2e%2e/secret.txt',
        '..\\..\\secret.txt',
        'media/a\0b',
      ]) {
        const answer = await transport.media(path)
        expect([403, 404], path).toContain(answer.status)
        expect(answer.text, path).not.toContain('secret\n')
        expect(answer.text, path).not.toBe('secret')
      }
    })

    it('keeps the project for a page that comes back', async () => {
      const state = await ask<ProjectState>('project.state')
      expect(Object.values(state.doc.records).filter((one) => one.type === 'marker')).toHaveLength(
        2,
      )
      expect(state.history.position).toBe(2)
    })

    it('saves, closes and opens again', async () => {
      await ask('project.save')
      await ask('project.close')
      expect(await ask('project.state')).toBeNull()
      expect(await transport.media('media/ä b#1?.bin')).toMatchObject({ status: 404 })
      const again = await ask<ProjectState>('project.open', { folder: project })
      expect(Object.values(again.doc.records).map((one) => one.type)).toContain('marker')
      const [latest] = await ask<Output<'project.recent'>>('project.recent')
      expect(latest).toMatchObject({ folder: project, name: 'Prova 映画' })
    })

    it('says what stands in the way before a job starts', async () => {
      const input = { path: join(transport.folder, 'no such clip.mp4'), place: true }
      expect(await ask('jobs.forecast', { kind: 'import', input })).toMatchObject({
        problems: [{ code: 'file-missing' }],
      })
      expect(await ask('jobs.list')).toEqual([])
    })
  })
}

contract('core, called directly', directTransport)
contract('the web host', webTransport)
contract(
  browserSuite('the Electron host on the stand-in'),
  electronTransport,
  findChromium() === null,
)
