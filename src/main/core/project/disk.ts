import { AppError } from '../../../shared/contract/errors.js'
import { fileErrorCode } from '../../ffmpeg/writeAtomic.js'

export { fileErrorCode, syncFolder, temporaryOf, writeAtomic } from '../../ffmpeg/writeAtomic.js'

/**
 * A failed write as the person should see it. `what` completes "Could not write ...".
 * @returns AppError disk-full or disk-write; an AppError stays what it is
 */
export function toWriteError(error: unknown, what: string): AppError {
  if (error instanceof AppError) return error
  const code = fileErrorCode(error)
  const detail = error instanceof Error ? error.message : String(error)
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('disk-full', `The disk is full: could not write ${what}.`, {
      hint: 'Free some space on the disk that holds the project, then try again. Earlier work is safe.',
      detail,
      cause: error,
    })
  }
  return new AppError('disk-write', `Could not write ${what}.`, {
    hint:
      code === 'EACCES' || code === 'EPERM' || code === 'EROFS'
        ? 'You may not write there: choose another folder, or change its permissions.'
        : 'Check that the disk is still connected, then try again. Earlier work is safe.',
    detail,
    cause: error,
  })
}
