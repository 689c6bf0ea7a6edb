import { createWriteStream } from 'node:fs'
import { mkdtemp, rm, statfs } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { dirname, extname, join, relative } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { AppError, isAbort } from '../../../shared/contract/errors.js'
import { temporaryFolder } from '../temporaryFolder.js'

/** Left free on the disk after an upload, so that the project can still be saved. */
const RESERVE_BYTES = 256 * 1024 * 1024
/** File systems take 255 bytes (Linux) or 255 UTF-16 units (the others) for a name. */
const NAME_BYTES = 240

/** Files sent by the browser, which cannot give paths: kept until imported or until the host ends. */
export interface Uploads {
  /**
   * Streams a request's body into a file of this name in a folder of its own.
   * @throws AppError `invalid-request`, `disk-full`, `disk-write`, `cancelled`
   */
  receive(request: IncomingMessage, name: string | null): Promise<string>
  /** Deletes an uploaded file; any other path is left alone. */
  discard(path: string): Promise<void>
  close(): Promise<void>
}

export async function createUploads(dataFolder: string): Promise<Uploads> {
  const root = await temporaryFolder(dataFolder, 'uploads')

  return {
    async receive(request, name) {
      const safe = checkedName(name)
      await checkSpace(root, Number(request.headers['content-length'] ?? 0))
      const folder = await mkdtemp(join(root, 'file-'))
      const path = join(folder, safe)
      try {
        await pipeline(request, createWriteStream(path, { flags: 'wx', mode: 0o600 }))
        return path
      } catch (error) {
        await rm(folder, { recursive: true, force: true })
        throw uploadError(error)
      }
    },

    async discard(path) {
      const inside = relative(root, path)
      if (/^file-[^/\\]+[/\\][^/\\]+$/.test(inside)) {
        await rm(dirname(path), { recursive: true, force: true })
      }
    },

    close: () => rm(root, { recursive: true, force: true }),
  }
}

/** A browser sends a bare file name; anything with a folder in it is an attack or a mistake. */
function checkedName(name: string | null): string {
  const bare =
    name !== null &&
    !['', '.', '..'].includes(name.trim()) &&
    [...name].every((character) => character >= ' ' && character !== '/' && character !== '\\')
  if (!bare) throw new AppError('invalid-request', 'This is not a file name.')
  return shortened(name)
}

function shortened(name: string): string {
  if (Buffer.byteLength(name) <= NAME_BYTES) return name
  const extension = extname(name).slice(0, 16)
  let stem = name.slice(0, name.length - extname(name).length)
  while (Buffer.byteLength(stem + extension) > NAME_BYTES) stem = [...stem].slice(0, -1).join('')
  return stem + extension
}

async function checkSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const missing = bytes + RESERVE_BYTES - bavail * bsize
  if (missing > 0) throw diskFull(missing)
}

function uploadError(error: unknown): AppError {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC' || code === 'EDQUOT') return diskFull()
  if (isAbort(error) || code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET') {
    return new AppError('cancelled', 'The upload was stopped.')
  }
  return new AppError('disk-write', 'The file could not be stored.', { cause: error })
}

function diskFull(missing?: number): AppError {
  const by = missing === undefined ? '' : `: ${Math.ceil(missing / 1e6)} MB are missing`
  return new AppError('disk-full', `There is not enough room on the disk for this file${by}.`, {
    hint: 'Free some space, then drop the file again.',
    ...(missing === undefined ? {} : { missingBytes: missing }),
  })
}
