import { constants } from 'node:fs'
import { access, mkdir, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'
import { fileErrorCode, toWriteError } from '../project/disk.js'

/**
 * Refuses a folder that cannot be written to, or that could not be made, before anything is begun.
 *
 * @throws AppError `disk-write`
 */
export async function checkFolder(folder: string): Promise<void> {
  const found = await nearest(folder)
  if (!(await stat(found)).isDirectory()) throw unusable(folder, `${found} is a file.`)
  try {
    await access(found, constants.W_OK | constants.X_OK)
  } catch (error) {
    throw unusable(folder, error)
  }
}

/**
 * The folder, made where it is not there yet.
 *
 * @throws AppError `disk-full`, `disk-write`
 */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    const written = toWriteError(error, 'the export')
    throw written.code === 'disk-full' ? written : unusable(folder, error)
  }
}

/** The folder itself or the first above it that is there. */
async function nearest(folder: string): Promise<string> {
  try {
    await stat(folder)
    return folder
  } catch (error) {
    const above = dirname(folder)
    const code = fileErrorCode(error)
    if (above === folder || (code !== 'ENOENT' && code !== 'ENOTDIR')) {
      throw unusable(folder, error)
    }
    return nearest(above)
  }
}

function unusable(folder: string, cause: unknown): AppError {
  return new AppError('disk-write', `The folder ${folder} cannot be written to.`, {
    hint: 'Choose another folder, or only a name: it is then saved in the exports folder of the project.',
    detail: cause instanceof Error ? cause.message : String(cause),
    cause,
  })
}
