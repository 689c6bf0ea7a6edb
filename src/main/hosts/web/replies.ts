import type { IncomingMessage, ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import type { Reply } from '../../../shared/contract/api.js'
import { AppError } from '../../../shared/contract/errors.js'
import type { ErrorCode } from '../../../shared/contract/errors.js'
import { answerFile } from '../fileAnswer.js'

/** How long a refused sender may go on sending before its connection is cut. */
const DRAIN_MS = 2000

const STATUSES: Partial<Record<ErrorCode, number>> = {
  'invalid-request': 400,
  forbidden: 403,
  'not-found': 404,
  'no-project': 404,
  'request-too-large': 413,
  'disk-full': 507,
}

export function statusOf(code: ErrorCode): number {
  return STATUSES[code] ?? 500
}

export function sendJson(response: ServerResponse, status: number, reply: Reply<unknown>): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8' })
  response.end(JSON.stringify(reply))
}

/** Refuses a request whose body may still be on its way; the sender gets to read the answer. */
export function sendRefusal(
  request: IncomingMessage,
  response: ServerResponse,
  error: AppError,
): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  if (!request.complete) {
    response.setHeader('Connection', 'close')
    request.resume()
    setTimeout(() => request.destroy(), DRAIN_MS).unref()
  }
  sendJson(response, statusOf(error.code), { ok: false, error: error.toData() })
}

export async function sendFile(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  cacheControl: string,
): Promise<void> {
  const header = (name: string): string | undefined => {
    const value = request.headers[name]
    return Array.isArray(value) ? value[0] : value
  }
  const answer = await answerFile(path, { method: request.method ?? 'GET', header }, cacheControl)
  response.writeHead(answer.status, answer.headers)
  if (answer.body === null) response.end()
  // A player drops a range request as soon as it has enough: no failure.
  else await pipeline(answer.body, response).catch(() => undefined)
}

/** @throws AppError `request-too-large`, `invalid-request` */
export async function readJson(request: IncomingMessage, limit: number): Promise<unknown> {
  const type = request.headers['content-type'] ?? ''
  if (!/^application\/json(;|$)/.test(type)) {
    throw new AppError('invalid-request', 'The request is not JSON.')
  }
  const tooLarge = (): AppError =>
    new AppError('request-too-large', `The request is larger than ${limit / 2 ** 20} MB.`)
  if (Number(request.headers['content-length'] ?? 0) > limit) throw tooLarge()
  const parts: Buffer[] = []
  let bytes = 0
  // Listeners instead of for await, which would destroy the request, and the answer with it.
  await new Promise<void>((resolve, reject) => {
    request.on('data', (part: Buffer) => {
      bytes += part.length
      if (bytes > limit) reject(tooLarge())
      else parts.push(part)
    })
    request.on('end', resolve)
    request.on('error', reject)
  })
  try {
    return JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown
  } catch {
    throw new AppError('invalid-request', 'The request is not JSON.')
  }
}
