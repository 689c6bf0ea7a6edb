import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/contract/errors.js'
import type { EngineMessage, EngineRequest } from '../../../shared/contract/engine.js'
import { createEngineHost } from './engineHost.js'
import type { EnginePort } from './port.js'

/** An engine in memory whose behaviour each test scripts. */
class FakeEngine implements EnginePort {
  readonly pid = 1
  readonly seen: EngineRequest[] = []
  killed = false
  private readonly message: ((message: EngineMessage) => void)[] = []
  private readonly exit: ((code: number | null) => void)[] = []

  constructor(private readonly react: (engine: FakeEngine, request: EngineRequest) => void) {
    queueMicrotask(() => this.send({ type: 'ready' }))
  }
  post(request: EngineRequest): void {
    this.seen.push(request)
    this.react(this, request)
  }
  send(message: EngineMessage): void {
    for (const listener of this.message) listener(message)
  }
  end(code: number | null): void {
    for (const listener of this.exit) listener(code)
  }
  onMessage(listener: (message: EngineMessage) => void): void {
    this.message.push(listener)
  }
  onExit(listener: (code: number | null) => void): void {
    this.exit.push(listener)
  }
  kill(): void {
    this.killed = true
    queueMicrotask(() => this.end(null))
  }
}

const info = { onnxruntime: null, providers: [], opencv: null }

function fakes(react: (engine: FakeEngine, request: EngineRequest) => void): {
  engines: FakeEngine[]
  spawn: () => FakeEngine
} {
  const engines: FakeEngine[] = []
  return {
    engines,
    spawn: () => {
      const engine = new FakeEngine(react)
      engines.push(engine)
      return engine
    },
  }
}

const answer = (engine: FakeEngine, request: EngineRequest): void => {
  if (request.type === 'run') engine.send({ type: 'done', id: request.id, result: info })
}

describe('engine host', () => {
  it('runs tasks one after the other on one process', async () => {
    const { engines, spawn } = fakes(answer)
    const host = createEngineHost(spawn)
    const results = await Promise.all([host.run('hello', {}), host.run('hello', {})])
    expect(results).toEqual([info, info])
    expect(engines).toHaveLength(1)
    host.close()
    expect(engines[0]?.killed).toBe(true)
  })

  it('lets a task stop by itself when cancelled', async () => {
    const { engines, spawn } = fakes((engine, request) => {
      if (request.type === 'cancel') {
        engine.send({
          type: 'failed',
          id: request.id,
          error: { code: 'cancelled', message: 'Cancelled.' },
        })
      }
    })
    const host = createEngineHost(spawn, { graceMs: 1000 })
    const abort = new AbortController()
    const run = host.run('hello', {}, { signal: abort.signal })
    await delay(5)
    abort.abort()
    await expect(run).rejects.toMatchObject({ code: 'cancelled' })
    expect(engines[0]?.killed).toBe(false)
    host.close()
  })

  it('kills an engine that does not stop within the grace and starts another for the next task', async () => {
    let stubborn = true
    const { engines, spawn } = fakes((engine, request) => {
      if (!stubborn) answer(engine, request)
    })
    const host = createEngineHost(spawn, { graceMs: 20 })
    const abort = new AbortController()
    const run = host.run('hello', {}, { signal: abort.signal })
    await delay(5)
    const before = performance.now()
    abort.abort()
    await expect(run).rejects.toMatchObject({ code: 'cancelled' })
    expect(performance.now() - before).toBeLessThan(500)
    expect(engines[0]?.killed).toBe(true)
    stubborn = false
    await expect(host.run('hello', {})).resolves.toEqual(info)
    expect(engines).toHaveLength(2)
    host.close()
  })

  it('reports a crash with a hint and recovers', async () => {
    let crash = true
    const { engines, spawn } = fakes((engine, request) => {
      if (crash) engine.end(139)
      else answer(engine, request)
    })
    const host = createEngineHost(spawn)
    const failed = await host.run('hello', {}).catch((error: unknown) => error)
    expect(failed).toBeInstanceOf(AppError)
    expect(failed).toMatchObject({ code: 'engine-crashed', detail: 'exit code 139' })
    crash = false
    await expect(host.run('hello', {})).resolves.toEqual(info)
    expect(engines).toHaveLength(2)
    host.close()
  })

  it('ends an idle engine', async () => {
    const { engines, spawn } = fakes(answer)
    const host = createEngineHost(spawn, { idleMs: 10 })
    await host.run('hello', {})
    await delay(60)
    expect(engines[0]?.killed).toBe(true)
    expect(host.pid()).toBeUndefined()
  })

  it('does not post a task that was cancelled before the engine was ready', async () => {
    const { engines, spawn } = fakes(answer)
    const host = createEngineHost(spawn, { graceMs: 20 })
    const abort = new AbortController()
    const run = host.run('hello', {}, { signal: abort.signal })
    abort.abort()
    await expect(run).rejects.toMatchObject({ code: 'cancelled' })
    expect(engines.every((engine) => engine.seen.every((one) => one.type !== 'run'))).toBe(true)
    host.close()
  })
})
