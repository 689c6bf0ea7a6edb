import { describe, expect, it } from 'vitest'
import { createWebBridge } from './webBridge.js'

interface FakeSocket {
  onopen: (() => void) | null
  onclose: (() => void) | null
  onmessage: ((event: { data: string }) => void) | null
  close: () => void
}

function setUp(respond: (method: string, body: unknown) => unknown) {
  const sockets: FakeSocket[] = []
  const waits: { milliseconds: number; then: () => void }[] = []
  const connection: boolean[] = []
  const bridge = createWebBridge({
    fetch: (url, init) => {
      const method = url.split('/api/')[1] ?? ''
      const answer = respond(method, JSON.parse(init.body))
      if (answer instanceof Error) return Promise.reject(answer)
      return Promise.resolve(new Response(JSON.stringify(answer)))
    },
    openSocket: () => {
      const socket: FakeSocket = {
        onopen: null,
        onclose: null,
        onmessage: null,
        close() {
          this.onclose?.()
        },
      }
      sockets.push(socket)
      return socket as unknown as WebSocket
    },
    upload: (_url, file) => Promise.resolve(`/uploads/${file.name}`),
    origin: 'http://127.0.0.1:4100',
    onConnection: (up) => connection.push(up),
    delay: (milliseconds, then) => waits.push({ milliseconds, then }),
  })
  return { bridge, sockets, waits, connection }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5))

describe('web bridge', () => {
  it('unwraps replies and turns failures into AppErrors', async () => {
    const { bridge } = setUp((method) =>
      method === 'project.save'
        ? { ok: true, data: { seq: 7 } }
        : { ok: false, error: { code: 'no-project', message: 'No project.' } },
    )
    expect(await bridge.call('project.save', {})).toEqual({ seq: 7 })
    await expect(bridge.call('document.undo', {})).rejects.toMatchObject({ code: 'no-project' })
  })

  it('says so when the host does not answer, or answers something else', async () => {
    const { bridge } = setUp(() => new TypeError('Failed to fetch'))
    await expect(bridge.call('project.save', {})).rejects.toMatchObject({ code: 'connection-lost' })
  })

  it('reconnects with growing pauses and then reads the whole state again', async () => {
    const jobs = [{ id: 'job_1' }]
    const { bridge, sockets, waits, connection } = setUp((method) => ({
      ok: true,
      data: method === 'jobs.list' ? jobs : null,
    }))
    const heard: unknown[] = []
    bridge.on('project', (state) => heard.push(['project', state]))
    bridge.on('job', (job) => heard.push(['job', job]))
    expect(sockets).toHaveLength(1)
    sockets[0]?.onopen?.()
    sockets[0]?.onmessage?.({ data: JSON.stringify({ event: 'job', payload: { id: 'job_0' } }) })
    expect(heard).toEqual([['job', { id: 'job_0' }]])

    sockets[0]?.onclose?.()
    waits[0]?.then()
    sockets[1]?.onclose?.()
    waits[1]?.then()
    expect(waits.map(({ milliseconds }) => milliseconds)).toEqual([250, 500])
    expect(connection).toEqual([true, false, false])

    heard.length = 0
    sockets[2]?.onopen?.()
    await settled()
    expect(connection.at(-1)).toBe(true)
    expect(heard).toEqual([
      ['project', null],
      ['job', { id: 'job_1' }],
    ])
  })

  it('keeps unusual names whole in addresses', () => {
    const { bridge } = setUp(() => null)
    expect(bridge.mediaUrl('media/夏 #1?.mp4')).toBe(
      'http://127.0.0.1:4100/media/media/%E5%A4%8F%20%231%3F.mp4',
    )
  })
})
