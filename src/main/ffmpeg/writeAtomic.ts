import { open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/** The code of a failed file operation, such as `ENOENT`; undefined for any other error. */
export function fileErrorCode(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

/** Makes a rename or a new file in this folder survive a power cut, where the platform can. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows cannot open a folder; there NTFS journals the rename itself.
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } catch (error) {
    // Some network and FUSE file systems do not know fsync on folders.
    if (!['EINVAL', 'ENOTSUP', 'EPERM'].includes(fileErrorCode(error) ?? '')) throw error
  } finally {
    await handle.close()
  }
}

/** Where {@link writeAtomic} keeps the new content until it is complete. */
export function temporaryOf(path: string): string {
  return `${path}.tmp`
}

/** Replaces a file as a whole: a crash at any moment leaves either the old content or the new. */
export async function writeAtomic(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = temporaryOf(path)
  try {
    const handle = await open(temporary, 'w')
    try {
      await handle.writeFile(content)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, path)
    await syncFolder(dirname(path))
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
}
