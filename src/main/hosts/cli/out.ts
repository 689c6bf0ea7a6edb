import { stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'
import type { Report } from './report.js'

/** What `--out` is told by its extension. */
export const OUT_FILE =
  'the result: .mp4 H.264, .mov ProRes, .mkv or .ffv1 lossless; without extension a folder of PNGs'

/**
 * The path that a command writes to, as an absolute one; says so where that needs a new folder,
 * which may be a slip of the keyboard.
 *
 * @throws AppError `file-exists` where something is there that must not be replaced
 */
export async function outPath(report: Report, out: string, overwrite: boolean): Promise<string> {
  const path = resolve(out)
  if (!overwrite) await refuseExisting(path)
  const folder = dirname(path)
  if ((await stat(folder).catch(() => null)) === null) {
    report.note({ folder }, `The folder ${folder} is not there yet: it is made for the result.`)
  }
  return path
}

/** @throws AppError `file-exists` */
export async function refuseExisting(path: string): Promise<void> {
  if ((await stat(path).catch(() => null)) === null) return
  throw new AppError('file-exists', `${path} is there already.`, {
    hint: 'Choose another name, or add --overwrite to replace it.',
  })
}

/**
 * Before the work, not after the clip has been read.
 * @throws AppError `file-missing`
 */
export async function requireFile(path: string | undefined, what: string): Promise<void> {
  if (path === undefined || (await stat(resolve(path)).catch(() => null)) !== null) return
  throw new AppError('file-missing', `There is no ${what} at ${resolve(path)}.`, {
    hint: 'Check the path, or choose another picture.',
  })
}
