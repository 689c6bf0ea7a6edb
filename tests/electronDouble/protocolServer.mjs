import { createServer } from 'node:http'
import { Readable } from 'node:stream'

/** Scheme and host of the app's two protocols; each gets an origin of its own on loopback. */
const HOSTS = { app: 'lumiere', media: 'project' }

/**
 * Puts protocol handlers behind one loopback server: a stock Chromium knows no custom schemes.
 * Origins that the handlers name in their headers are translated on the way out.
 */
export async function startProtocolServer(handlers) {
  const server = createServer((request, response) => {
    answer(request, response).catch((error) => {
      response.destroy(error)
    })
  })
  await new Promise((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address()
  const origin = (scheme) => `http://${scheme}.localhost:${port}`

  function toHttp(url) {
    const { protocol, pathname, search } = new URL(url)
    return `${origin(protocol.slice(0, -1))}${pathname}${search}`
  }

  function toScheme(url) {
    for (const [scheme, host] of Object.entries(HOSTS)) {
      if (url === origin(scheme) || url.startsWith(`${origin(scheme)}/`)) {
        return `${scheme}://${host}${url.slice(origin(scheme).length) || '/'}`
      }
    }
    return url
  }

  function headerToHttp(value) {
    return value
      .replaceAll('app://lumiere', origin('app'))
      .replaceAll('media://project', origin('media'))
      .replace(/(^| )media:(?=[ ;]|$)/g, `$1${origin('media')}`)
  }

  async function answer(request, response) {
    const scheme = request.headers.host.split('.')[0]
    const handler = handlers.get(scheme)
    if (handler === undefined) {
      response.writeHead(502).end('no handler for this scheme')
      return
    }
    const headers = new globalThis.Headers()
    for (const [name, value] of Object.entries(request.headers)) headers.set(name, String(value))
    const asked = new globalThis.Request(`${scheme}://${HOSTS[scheme]}${request.url}`, {
      method: request.method,
      headers,
    })
    // Electron names the asking origin in a field of its own, absent for the window's own load.
    if (request.headers.origin !== undefined) {
      const initiator = toScheme(request.headers.origin).replace(/\/$/, '')
      Object.defineProperty(asked, 'initiatorOrigin', { value: initiator })
    }
    const answered = await handler(asked)
    const translated = [...answered.headers].map(([name, value]) => [name, headerToHttp(value)])
    response.writeHead(answered.status, Object.fromEntries(translated))
    if (answered.body === null) response.end()
    else
      Readable.fromWeb(answered.body)
        .on('error', () => response.destroy())
        .pipe(response)
  }

  return { origin, toHttp, toScheme, close: () => server.close() }
}
