import { STATUS_CODES } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { AppError, toErrorData } from '../../../shared/contract/errors.js'
import type { Core } from '../../core/core.js'
import type { Access } from './access.js'
import { statusOf } from './replies.js'

const PING_MS = 30_000
/** A page that has not read this much is gone or hung; it reads the whole state again when it returns. */
const BACKLOG_BYTES = 16 * 2 ** 20
const GOING_AWAY = 1001

/** The event channel `/events`: one way, from core to every page. */
export interface EventSockets {
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
  close(): void
}

export function createEventSockets(core: Core, access: Access): EventSockets {
  // Pages have nothing to say here, so hardly a byte is accepted from them.
  const server = new WebSocketServer({ noServer: true, maxPayload: 1024 })

  const silence = core.on((message) => {
    const text = JSON.stringify(message)
    for (const socket of server.clients) {
      if (socket.bufferedAmount > BACKLOG_BYTES) socket.terminate()
      else socket.send(text)
    }
  })
  const pinging = setInterval(() => {
    for (const socket of server.clients) socket.ping()
  }, PING_MS)
  pinging.unref()

  server.on('connection', (socket) => {
    socket.on('error', () => {
      socket.terminate()
    })
  })

  return {
    upgrade(request, socket, head) {
      // The other side may vanish before or while it is answered.
      socket.on('error', () => socket.destroy())
      try {
        access.checkSender(request)
        access.checkSession(request)
        if (request.url !== '/events') throw new AppError('not-found', 'There is nothing here.')
      } catch (error) {
        const status = statusOf(toErrorData(error).code)
        socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\n\r\n`)
        return
      }
      server.handleUpgrade(request, socket, head, (opened) =>
        server.emit('connection', opened, request),
      )
    },
    close() {
      silence()
      clearInterval(pinging)
      for (const socket of server.clients) {
        socket.close(GOING_AWAY)
        setTimeout(() => socket.terminate(), 300).unref()
      }
    },
  }
}
