import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AppError, toErrorData } from '../../shared/contract/errors.js'
import type { Core } from '../core/core.js'
import { resolveInside } from '../core/project/folder.js'
import { contentPolicy } from './contentPolicy.js'
import { createAccess } from './web/access.js'
import { createEventSockets } from './web/eventSockets.js'
import { readJson, sendFile, sendJson, sendRefusal } from './web/replies.js'
import { createUploads } from './web/uploads.js'

const ADDRESS = '127.0.0.1'
const API_LIMIT = 4 * 2 ** 20

export interface WebHostOptions {
  readonly core: Core
  /** The built interface. */
  readonly renderer: string
  /** Uploads go to a private folder in here. */
  readonly data: string
  /** 0 picks a free one. */
  readonly port: number
}

export interface WebHost {
  readonly port: number
  /** An address that signs one browser in. */
  freshUrl(): string
  /** Stops serving and deletes uploads; core stays with whoever made it. */
  close(): Promise<void>
}

/**
 * Serves the interface and core to browsers on this computer only. Transport: what a request
 * means is core's business.
 */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const { core, renderer } = options
  const server = createServer({ headersTimeout: 20_000, requestTimeout: 0 })
  const port = (): number => (server.address() as AddressInfo | null)?.port ?? 0
  const access = createAccess(port)
  const sockets = createEventSockets(core, access)

  const uploads = await createUploads(options.data)
  const forget = core.on((message) => {
    if (message.event !== 'job') return
    const { kind, status, input } = message.payload as {
      kind: string
      status: string
      input: { path?: string }
    }
    if (kind === 'import' && status === 'succeeded' && input.path) void uploads.discard(input.path)
  })

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    secure(response, port())
    access.checkSender(request)
    const target = new URL(`http://${ADDRESS}${rawPath(request)}`)
    const token = target.searchParams.get('token')
    if (request.method === 'GET' && target.pathname === '/' && token !== null) {
      const cookie = access.redeem(token)
      // A used address in a browser that is signed in already (a restored tab) just opens the app.
      if (cookie === null) access.checkSession(request)
      else response.setHeader('Set-Cookie', cookie)
      response.writeHead(303, { Location: '/' }).end()
      return
    }
    access.checkSession(request)
    const path = decodedPath(request)
    const method = request.method ?? ''
    if (path.startsWith('/api/') && method === 'POST') {
      const input = await readJson(request, API_LIMIT)
      sendJson(response, 200, await core.call(path.slice('/api/'.length), input))
    } else if (path === '/upload' && method === 'PUT') {
      const stored = await uploads.receive(request, target.searchParams.get('name'))
      sendJson(response, 200, { ok: true, data: { path: stored } })
    } else if (path.startsWith('/media/') && (method === 'GET' || method === 'HEAD')) {
      const file = await core.resolveMedia(path.slice('/media/'.length))
      await sendFile(request, response, file, 'private, no-cache')
    } else if (method === 'GET' || method === 'HEAD') {
      const file = await resolveInside(renderer, path === '/' ? 'index.html' : path.slice(1))
      const hashed = path.startsWith('/assets/')
      await sendFile(
        request,
        response,
        file,
        hashed ? 'private, max-age=31536000, immutable' : 'no-cache',
      )
    } else {
      throw new AppError('not-found', 'There is nothing at this address.')
    }
  }

  server.on('request', (request, response) => {
    answer(request, response).catch((error: unknown) => {
      sendRefusal(request, response, AppError.from(toErrorData(error)))
    })
  })
  server.on('upgrade', sockets.upgrade)
  await listen(server, options.port)

  return {
    port: port(),
    freshUrl: () => `http://${ADDRESS}:${port()}/?token=${access.issueToken()}`,
    async close() {
      forget()
      sockets.close()
      const closed = new Promise((done) => server.close(done))
      server.closeAllConnections()
      await closed
      await uploads.close()
    },
  }
}

function rawPath(request: IncomingMessage): string {
  const url = request.url ?? '/'
  if (!url.startsWith('/')) throw new AppError('invalid-request', 'The address is not valid.')
  return url
}

/** Decoded once and not normalised: what is left of `..` is refused where the path is resolved. */
function decodedPath(request: IncomingMessage): string {
  try {
    return decodeURIComponent(rawPath(request).split('?', 1)[0] ?? '/')
  } catch {
    throw new AppError('invalid-request', 'The address is not valid.')
  }
}

function secure(response: ServerResponse, port: number): void {
  response.setHeader(
    'Content-Security-Policy',
    contentPolicy({ events: `ws://${ADDRESS}:${port}` }),
  )
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('X-Frame-Options', 'DENY')
  response.setHeader('Referrer-Policy', 'no-referrer')
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin')
  response.setHeader('Cross-Origin-Resource-Policy', 'same-origin')
  response.setHeader(
    'Permissions-Policy',
    'camera=(), microphone=(), geolocation=(), usb=(), payment=()',
  )
  response.setHeader('Cache-Control', 'no-store')
}

function listen(server: ReturnType<typeof createServer>, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, ADDRESS, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
