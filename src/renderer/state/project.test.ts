import { beforeEach, describe, expect, it } from 'vitest'
import type { Method, ProjectState } from '../../shared/contract/api.js'
import { AppError } from '../../shared/contract/errors.js'
import type { EventName, Events } from '../../shared/contract/events.js'
import { applyAll } from '../../shared/document/apply.js'
import type { Command } from '../../shared/document/commands.js'
import type { ProjectDoc } from '../../shared/document/model.js'
import type { Bridge } from '../bridge/types.js'
import { createProjectStore } from './project.js'

const DOC: ProjectDoc = {
  meta: {
    id: 'project_1',
    name: 'Film',
    createdAt: '2025-01-01T00:00:00.000Z',
    fps: { num: 25, den: 1 },
    width: 640,
    height: 360,
  },
  records: {},
}

function stateOf(doc: ProjectDoc, seq: number): ProjectState {
  return {
    folder: '/films/one',
    doc,
    seq,
    history: { entries: [], position: 0 },
    unsaved: 0,
    recovered: null,
    preparing: [],
  }
}

const rename = (name: string): Command => ({ type: 'project.rename', name })

/** A core that answers only when told to. */
function createHost() {
  const calls: { method: Method; input: unknown; answer: (fail?: AppError) => void }[] = []
  const listeners = new Map<EventName, (payload: never) => void>()
  let doc = DOC
  let seq = 0
  const emit = <E extends EventName>(event: E, payload: Events[E]): void =>
    listeners.get(event)?.(payload as never)
  const bridge: Bridge = {
    call: (method, input) =>
      new Promise((resolve, reject) => {
        const answer = (fail?: AppError): void => {
          if (fail) return reject(fail)
          if (method === 'project.state') return resolve(stateOf(doc, seq) as never)
          if (method === 'document.dispatch') {
            const { commands, origin } = input as unknown as { commands: Command[]; origin: string }
            const outcome = applyAll(doc, commands)
            if (!outcome.ok) return reject(AppError.from(outcome.error))
            doc = outcome.doc
            seq += 1
            emit('document', {
              seq,
              diff: outcome.diff,
              history: { entries: [{ label: 'project.rename' }], position: 1 },
              unsaved: seq,
              origin,
            })
          }
          resolve({ seq } as never)
        }
        calls.push({ method, input, answer })
      }),
    on(event, listener) {
      listeners.set(event, listener)
      return () => listeners.delete(event)
    },
    mediaUrl: (path) => path,
    pathForFile: (file) => Promise.resolve(file.name),
  }
  return { bridge, calls, emit }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

describe('project store', () => {
  let host: ReturnType<typeof createHost>
  let store: ReturnType<typeof createProjectStore>
  let errors: unknown[]

  beforeEach(async () => {
    host = createHost()
    errors = []
    store = createProjectStore(host.bridge, (thrown) => errors.push(thrown))
    store.getState().connect()
    await settled()
    host.calls.shift()?.answer()
    await settled()
  })

  it('says by name which projects a start passed over', async () => {
    const said: unknown[] = []
    const passing: Bridge = {
      ...host.bridge,
      call: (method) =>
        Promise.resolve(
          (method === 'project.openLatest'
            ? {
                ...stateOf(DOC, 0),
                passedOver: [{ name: 'Mine', error: { code: 'project-locked', message: 'Open.' } }],
              }
            : null) as never,
        ),
    }
    const starting = createProjectStore(passing, (thrown, about) => said.push([thrown, about]))
    starting.getState().connect()
    await settled()
    expect(starting.getState().doc).toEqual(DOC)
    expect(said).toEqual([[expect.objectContaining({ code: 'project-locked' }), 'Mine']])
  })

  const name = (): string | undefined => store.getState().doc?.meta.name
  const next = () => {
    const call = host.calls.shift()
    if (!call) throw new Error('Nothing was sent.')
    return call
  }

  it('shows a change at once and keeps it when core agrees', async () => {
    const done = store.getState().dispatch([rename('New')])
    expect(name()).toBe('New')
    await settled()
    next().answer()
    expect(await done).toBe(true)
    expect(name()).toBe('New')
    expect(store.getState()).toMatchObject({ unsaved: 1, history: { position: 1 } })
  })

  it('takes a refused change back and says why', async () => {
    const done = store.getState().dispatch([rename('New')])
    await settled()
    next().answer(new AppError('disk-full', 'The disk is full.'))
    expect(await done).toBe(false)
    expect(name()).toBe('Film')
    expect(errors).toMatchObject([{ code: 'disk-full' }])
  })

  it('sends nothing that cannot work', async () => {
    expect(await store.getState().dispatch([{ type: 'mask.remove', id: 'mask_x' }])).toBe(false)
    expect(host.calls).toEqual([])
    // An AppError, not its plain data: that is what messages are made from.
    expect(errors[0]).toBeInstanceOf(AppError)
    expect(errors).toMatchObject([{ code: 'command-rejected' }])
  })

  it('sends one request at a time, and joins what a gesture adds meanwhile', async () => {
    const first = store.getState().dispatch([rename('A')], { gesture: 'drag' })
    await settled()
    const rest = ['B', 'C', 'D'].map((to) =>
      store.getState().dispatch([rename(to)], { gesture: 'drag' }),
    )
    await settled()
    expect(host.calls).toHaveLength(1)
    next().answer()
    await first
    await settled()
    const { input, answer } = next()
    expect(input).toMatchObject({
      gesture: 'drag',
      commands: [rename('B'), rename('C'), rename('D')],
    })
    answer()
    expect(await Promise.all(rest)).toEqual([true, true, true])
    expect(name()).toBe('D')
    expect(host.calls).toEqual([])
  })

  it('keeps different gestures apart', async () => {
    void store.getState().dispatch([rename('A')])
    void store.getState().dispatch([rename('B')], { gesture: 'one' })
    void store.getState().dispatch([rename('C')], { gesture: 'two' })
    const sent: unknown[] = []
    for (let count = 0; count < 3; count += 1) {
      await settled()
      const call = next()
      sent.push((call.input as { commands: unknown }).commands)
      call.answer()
    }
    expect(sent).toEqual([[rename('A')], [rename('B')], [rename('C')]])
  })

  it('undoes only after everything before it has arrived', async () => {
    void store.getState().dispatch([rename('A')])
    void store.getState().undo()
    await settled()
    expect(host.calls.map((call) => call.method)).toEqual(['document.dispatch'])
    next().answer()
    await settled()
    expect(host.calls.map((call) => call.method)).toEqual(['document.undo'])
  })

  it('does not join a gesture across an undo', async () => {
    void store.getState().dispatch([rename('Z')])
    void store.getState().dispatch([rename('A')], { gesture: 'g' })
    void store.getState().undo()
    void store.getState().dispatch([rename('B')], { gesture: 'g' })
    const methods: string[] = []
    for (let count = 0; count < 4; count += 1) {
      await settled()
      const call = next()
      methods.push(call.method)
      call.answer()
    }
    expect(methods).toEqual([
      'document.dispatch',
      'document.dispatch',
      'document.undo',
      'document.dispatch',
    ])
  })

  it('shows the changes of others and closes with the project', () => {
    const outcome = applyAll(DOC, [rename('Theirs')])
    if (!outcome.ok) throw new Error('The command was refused.')
    host.emit('document', {
      seq: 1,
      diff: outcome.diff,
      history: { entries: [], position: 0 },
      unsaved: 0,
      origin: 'other',
    })
    expect(name()).toBe('Theirs')
    host.emit('project', null)
    expect(store.getState()).toMatchObject({ phase: 'none', doc: null, folder: null })
  })
})
