import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'

/** SHA-256 of a file, in hex. */
export type Digest = (path: string) => Promise<string>

/** Digests that are computed once for as long as size and time of a file stay the same. */
export function createDigests(): Digest {
  const known = new Map<string, { readonly state: string; readonly sha256: Promise<string> }>()
  return async (path) => {
    const { size, mtimeMs } = await stat(path)
    const state = `${size} ${mtimeMs}`
    const found = known.get(path)
    if (found?.state === state) return found.sha256
    const sha256 = read(path)
    known.set(path, { state, sha256 })
    sha256.catch(() => known.delete(path))
    return sha256
  }
}

async function read(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  return hash.digest('hex')
}
