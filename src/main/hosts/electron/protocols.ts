import { Readable } from 'node:stream'
import { protocol } from 'electron'
import { AppError, toErrorData } from '../../../shared/contract/errors.js'
import type { Core } from '../../core/core.js'
import { resolveInside } from '../../core/project/folder.js'
import { contentPolicy } from '../contentPolicy.js'
import { answerFile } from '../fileAnswer.js'
import { APP_SCHEME, MEDIA_SCHEME, interfaceOrigin } from './origin.js'

/** Must run before the app is ready. */
export function registerSchemes(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: APP_SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
    {
      scheme: MEDIA_SCHEME,
      privileges: {
        standard: true,
        secure: true,
        supportFetchAPI: true,
        stream: true,
        // The interface reads proxies with fetch from its own, other origin.
        corsEnabled: true,
      },
    },
  ])
}

/** `app://lumiere/<file>` is the built interface, `media://project/<path>` the open project. */
export function serveProtocols(core: Core, renderer: string): void {
  protocol.handle(APP_SCHEME, (request) =>
    answer(request, 'lumiere', async (path) => resolveInside(renderer, path || 'index.html'), {
      'Content-Security-Policy': contentPolicy({ media: `${MEDIA_SCHEME}:` }),
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Referrer-Policy': 'no-referrer',
    }),
  )
  protocol.handle(MEDIA_SCHEME, (request) =>
    answer(request, 'project', (path) => core.resolveMedia(path), {
      'Access-Control-Allow-Origin': interfaceOrigin(),
      'Access-Control-Allow-Headers': 'Range, If-Range',
      'Access-Control-Expose-Headers': 'Content-Length, Content-Range, Accept-Ranges, ETag',
    }),
  )
}

async function answer(
  request: Request,
  host: string,
  resolve: (path: string) => Promise<string>,
  extra: Record<string, string>,
): Promise<Response> {
  const headers = { 'X-Content-Type-Options': 'nosniff', ...extra }
  try {
    const url = new URL(request.url)
    if (url.host !== host || !isOwnInitiator(request)) {
      throw new AppError('forbidden', 'Only the app may read this.')
    }
    if (request.method === 'OPTIONS') return new Response(null, { status: 204, headers })
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      throw new AppError('not-found', 'There is nothing at this address.')
    }
    const file = await resolve(decoded(url.pathname.slice(1)))
    const header = (name: string): string | null => request.headers.get(name)
    const found = await answerFile(file, { method: request.method, header }, 'no-cache')
    const body = found.body === null ? null : (Readable.toWeb(found.body) as ReadableStream)
    return new Response(body, { status: found.status, headers: { ...headers, ...found.headers } })
  } catch (error) {
    const { code, message } = toErrorData(error)
    return new Response(message, { status: code === 'forbidden' ? 403 : 404, headers })
  }
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    throw new AppError('not-found', 'The address is not valid.')
  }
}

/** Electron names the asking origin, which the page cannot forge; absent for the window itself. */
function isOwnInitiator(request: Request & { readonly initiatorOrigin?: string | null }): boolean {
  return request.initiatorOrigin === undefined || request.initiatorOrigin === interfaceOrigin()
}
