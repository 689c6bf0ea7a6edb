import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { AppError } from '../../../shared/contract/errors.js'

/**
 * Who may talk to the web host. A one-time token in the address is exchanged for a session
 * cookie that scripts cannot read. Cookies are shared by all ports of 127.0.0.1, and other
 * ports count as the same site, so Host, Origin and Sec-Fetch-Site are checked as well.
 */
export interface Access {
  /** A fresh token, good for one exchange. */
  issueToken(): string
  /** The `Set-Cookie` value of a new session, or null for a token that is wrong or used. */
  redeem(token: string): string | null
  /** @throws AppError `forbidden` unless this computer's own page sent the request. */
  checkSender(request: IncomingMessage): void
  /** @throws AppError `forbidden` without a valid session cookie. */
  checkSession(request: IncomingMessage): void
}

export function createAccess(port: () => number): Access {
  const tokens = new Set<string>()
  const sessions = new Set<string>()
  const secret = (): string => randomBytes(32).toString('base64url')
  const cookieName = (): string => `lumiere-${port()}`

  return {
    issueToken() {
      const token = secret()
      tokens.add(token)
      return token
    },

    redeem(token) {
      if (!tokens.delete(token)) return null
      const session = secret()
      sessions.add(session)
      return `${cookieName()}=${session}; HttpOnly; SameSite=Strict; Path=/`
    },

    checkSender(request) {
      const host = request.headers.host ?? ''
      // Anything else is a foreign name made to resolve to this computer (DNS rebinding).
      if (host !== `127.0.0.1:${port()}` && host !== `localhost:${port()}`) {
        throw refused('This address does not belong to the app.')
      }
      const { origin } = request.headers
      const changes = request.method !== 'GET' && request.method !== 'HEAD'
      const socket = request.headers.upgrade !== undefined
      if (origin === undefined ? changes || socket : origin !== `http://${host}`) {
        throw refused('Another page may not use the app.')
      }
      const site = request.headers['sec-fetch-site']
      const navigation = request.headers['sec-fetch-mode'] === 'navigate'
      if (site !== undefined && site !== 'same-origin' && site !== 'none' && !navigation) {
        throw refused('Another page may not use the app.')
      }
    },

    checkSession(request) {
      const sent = cookies(request.headers.cookie).get(cookieName())
      if (sent === undefined || !sessions.has(sent)) {
        throw new AppError('forbidden', 'This browser is not signed in to the app.', {
          hint: 'Open the address that stands in the terminal; each one works once, and Enter there prints another.',
        })
      }
    },
  }
}

function refused(message: string): AppError {
  return new AppError('forbidden', message)
}

function cookies(header: string | undefined): Map<string, string> {
  const found = new Map<string, string>()
  for (const part of (header ?? '').split(';')) {
    const [name, ...value] = part.split('=')
    if (name !== undefined) found.set(name.trim(), value.join('=').trim())
  }
  return found
}
