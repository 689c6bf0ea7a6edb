import { constants } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { extname } from 'node:path'
import type { Readable } from 'node:stream'
import parseRange from 'range-parser'
import { AppError } from '../../shared/contract/errors.js'

/** An HTTP answer with a file, whole or in part; the same for `media://` and for the web host. */
export interface FileAnswer {
  readonly status: 200 | 206 | 304 | 416
  readonly headers: Readonly<Record<string, string>>
  readonly body: Readable | null
}

export interface FileRequest {
  readonly method: string
  readonly header: (name: string) => string | null | undefined
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.webp': 'image/webp',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.mp4': 'video/mp4',
  '.mov': 'video/quicktime',
  '.webm': 'video/webm',
  '.mkv': 'video/x-matroska',
  '.wav': 'audio/wav',
}

/** The path is a real path: a link in its last place has appeared after the check. Absent on Windows. */
const OPEN_FLAGS = constants.O_RDONLY | ((constants as Partial<typeof constants>).O_NOFOLLOW ?? 0)

/**
 * Answers GET or HEAD for a file whose real path has been checked already. One byte range is
 * honoured; several at once get the whole file, as RFC 9110 14.2 allows.
 * @throws AppError `not-found` for anything that is no plain file
 */
export async function answerFile(
  path: string,
  request: FileRequest,
  cacheControl: string,
): Promise<FileAnswer> {
  // Opening a pipe or a device could block for ever, so look first.
  if (!(await stat(path).catch(() => null))?.isFile()) throw notFound()
  const file = await open(path, OPEN_FLAGS).catch(() => {
    throw notFound()
  })
  let handedOver = false
  try {
    const { size, mtimeMs, mtime } = await file.stat()
    const etag = `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`
    const modified = mtime.toUTCString()
    const headers = {
      'Content-Type': TYPES[extname(path).toLowerCase()] ?? 'application/octet-stream',
      'Accept-Ranges': 'bytes',
      'Cache-Control': cacheControl,
      ETag: etag,
      'Last-Modified': modified,
    }
    if (isUnchanged(request, etag, modified)) return { status: 304, headers, body: null }

    const wanted = wantedRange(request, size, etag, modified)
    if (wanted === 'unsatisfiable') {
      return {
        status: 416,
        headers: { ...headers, 'Content-Range': `bytes */${size}` },
        body: null,
      }
    }
    const { start, end } = wanted ?? { start: 0, end: size - 1 }
    const complete = {
      ...headers,
      'Content-Length': String(end - start + 1),
      ...(wanted === null ? {} : { 'Content-Range': `bytes ${start}-${end}/${size}` }),
    }
    const status = wanted === null ? 200 : 206
    if (request.method === 'HEAD' || size === 0) return { status, headers: complete, body: null }
    handedOver = true
    return { status, headers: complete, body: file.createReadStream({ start, end }) }
  } finally {
    if (!handedOver) await file.close()
  }
}

function isUnchanged(request: FileRequest, etag: string, modified: string): boolean {
  const known = request.header('if-none-match')
  if (known) return known.split(',').some((one) => one.trim().replace(/^W\//, '') === etag)
  const since = request.header('if-modified-since')
  return since ? Date.parse(since) >= Date.parse(modified) : false
}

function wantedRange(
  request: FileRequest,
  size: number,
  etag: string,
  modified: string,
): { start: number; end: number } | 'unsatisfiable' | null {
  const header = request.header('range')
  if (!header) return null
  const condition = request.header('if-range')
  if (condition && condition !== etag && condition !== modified) return null
  const ranges = parseRange(size, header, { combine: true })
  if (ranges === -1) return 'unsatisfiable'
  if (ranges === -2 || ranges.type !== 'bytes' || ranges.length !== 1) return null
  return ranges[0] ?? null
}

function notFound(): AppError {
  return new AppError('not-found', 'There is no such file.')
}
