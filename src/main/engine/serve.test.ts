import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { EngineMessage, EngineRequest } from '../../shared/contract/engine.js'
import { AppError } from '../../shared/contract/errors.js'
import { serve, type TaskTable } from './serve.js'

const info = { onnxruntime: null, providers: [], opencv: null }

const refuse = () => Promise.reject(new AppError('mask-empty', 'Nothing is marked.'))

function start(hello: TaskTable['hello']): {
  sent: EngineMessage[]
  ask: (request: EngineRequest) => void
} {
  const sent: EngineMessage[] = []
  const listeners: ((request: EngineRequest) => void)[] = []
  serve(
    { send: (message) => sent.push(message), onRequest: (listener) => listeners.push(listener) },
    {
      hello,
      remove: refuse,
      repaint: refuse,
      edit: refuse,
      stylise: refuse,
      match: refuse,
      track: refuse,
      draft: refuse,
      generate: refuse,
      animate: refuse,
      retime: refuse,
      packTest: refuse,
      leftovers: refuse,
      subjects: refuse,
    },
  )
  return { sent, ask: (request) => listeners.forEach((listener) => listener(request)) }
}

const run = (id: string, task: 'hello' | 'remove' = 'hello'): EngineRequest => ({
  type: 'run',
  id,
  task,
  input: {},
})

describe('serve', () => {
  it('says ready, then answers one task at a time in order', async () => {
    let running = 0
    let most = 0
    const { sent, ask } = start(async () => {
      most = Math.max(most, ++running)
      await delay(5)
      running--
      return info
    })
    ask(run('a'))
    ask(run('b'))
    await delay(60)
    expect(most).toBe(1)
    expect(sent).toEqual([
      { type: 'ready' },
      { type: 'done', id: 'a', result: info },
      { type: 'done', id: 'b', result: info },
    ])
  })

  it('passes failures on as data and goes on', async () => {
    const { sent, ask } = start(() => Promise.resolve(info))
    ask(run('a', 'remove'))
    ask(run('b'))
    await delay(30)
    expect(sent.slice(1)).toEqual([
      { type: 'failed', id: 'a', error: { code: 'mask-empty', message: 'Nothing is marked.' } },
      { type: 'done', id: 'b', result: info },
    ])
  })

  it('cancels the running task and one that waits, whatever they throw', async () => {
    const { sent, ask } = start(async (_input, { signal }) => {
      for (;;) {
        await delay(2)
        if (signal.aborted) throw new Error('write EPIPE')
      }
    })
    ask(run('a'))
    ask(run('b'))
    await delay(10)
    ask({ type: 'cancel', id: 'b' })
    ask({ type: 'cancel', id: 'a' })
    await delay(40)
    const cancelled = { code: 'cancelled', message: 'Cancelled.' }
    expect(sent.slice(1)).toEqual([
      { type: 'failed', id: 'a', error: cancelled },
      { type: 'failed', id: 'b', error: cancelled },
    ])
  })

  it('tells the running task that it is good enough', async () => {
    const { sent, ask } = start(async (_input, { signal, finish }) => {
      while (!finish.aborted && !signal.aborted) await delay(2)
      return info
    })
    ask(run('a'))
    await delay(10)
    ask({ type: 'finish', id: 'somebody else' })
    await delay(10)
    expect(sent).toHaveLength(1)
    ask({ type: 'finish', id: 'a' })
    await delay(20)
    expect(sent.slice(1)).toEqual([{ type: 'done', id: 'a', result: info }])
  })

  it('refuses a task it does not know', async () => {
    const { sent, ask } = start(() => Promise.resolve(info))
    ask({ ...run('a'), task: 'constructor' } as unknown as EngineRequest)
    await delay(20)
    expect(sent[1]).toMatchObject({ type: 'failed', error: { code: 'invalid-request' } })
  })
})
