import { randomBytes } from 'node:crypto'
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { fileFailure } from '../../ffmpeg/failure.js'

const PARTIAL = /^\.lumiere-(\d+)-[0-9a-f]{8}\.part/

/**
 * Makes a file so that it is there whole or not at all: `make` writes to a temporary name in the
 * same folder, which is renamed when it resolves and removed when it throws. Leftovers of a
 * process that was killed are removed on the way.
 */
export async function writeWhole(
  path: string,
  make: (temporary: string) => Promise<void>,
): Promise<void> {
  const temporary = await temporaryBeside(path)
  try {
    await make(temporary)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true, recursive: true })
    throw isErrno(error) ? fileFailure(error, path) : error
  }
}

/** A fresh temporary name in the folder of `path`, which is created when missing. */
export async function temporaryBeside(path: string): Promise<string> {
  const folder = dirname(path)
  try {
    await mkdir(folder, { recursive: true })
    await removePartials(folder, 'of others')
  } catch (error) {
    throw fileFailure(error, folder)
  }
  const random = randomBytes(4).toString('hex')
  return join(folder, `.lumiere-${process.pid}-${random}.part${extname(path)}`)
}

/**
 * Removes the partial files in a folder whose process is gone.
 *
 * @param whose `all` counts those under this process's own number too, which a killed process
 * may have had before it: only where this one is known to be writing nothing
 */
export async function removePartials(folder: string, whose: 'all' | 'of others'): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = Number(PARTIAL.exec(name)?.[1] ?? NaN)
    if (Number.isNaN(pid)) continue
    if (pid === process.pid ? whose === 'of others' : isRunning(pid)) continue
    await rm(join(folder, name), { force: true, recursive: true })
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isErrno(error) && error.code === 'EPERM'
  }
}

export async function exists(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch {
    return false
  }
}

export function isErrno(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error
}

/** Bytes that every file system allows for a name, less room for ` (999)` and temporary affixes. */
const NAME_BYTES = 180

/**
 * A file name that works on every system and in every ffmpeg option, and still reads like the
 * original: letters of any script and emoji stay; separators, wildcards, `%` and control
 * characters become `_`.
 */
export function safeFileName(original: string): string {
  const cleaned = basename(original.replaceAll('\\', '/'))
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cs}\u2028\u2029<>:"/\\|?*%]/gu, '_')
    .replace(/^[\s.-]+|[\s.]+$/gu, '')
  const extension = /^\.[\p{L}\p{N}]{1,8}$/u.test(extname(cleaned)) ? extname(cleaned) : ''
  const stem = cutToBytes(cleaned.slice(0, cleaned.length - extension.length), NAME_BYTES)
  const reserved = /^(con|prn|aux|nul|com\d|lpt\d)$/i.test(stem)
  return `${stem === '' ? 'media' : reserved ? `${stem}_` : stem}${extension}`
}

/** Cuts between whole characters as people see them, so that no emoji is halved. */
export function cutToBytes(text: string, limit: number): string {
  let out = ''
  for (const { segment } of new Intl.Segmenter().segment(text)) {
    if (Buffer.byteLength(out + segment) > limit) break
    out += segment
  }
  return out.trimEnd()
}

/**
 * Claims a name in a folder that no file there has, also on systems that ignore case: an empty
 * file under that name is created. Resolves with the name.
 */
export async function claimName(folder: string, wanted: string): Promise<string> {
  const extension = extname(wanted)
  const stem = wanted.slice(0, wanted.length - extension.length)
  const taken = new Set((await readdir(folder)).map((name) => name.normalize('NFC').toLowerCase()))
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${stem} (${n})${extension}`
    if (taken.has(name.toLowerCase())) continue
    try {
      await (await open(join(folder, name), 'wx')).close()
      return name
    } catch (error) {
      if (!isErrno(error) || error.code !== 'EEXIST') throw error
      taken.add(name.toLowerCase())
    }
  }
}
