import { AppError } from '../../shared/contract/errors.js'
import type { ErrorCode } from '../../shared/contract/errors.js'

/** ffmpeg reports an operating system's reason as text only; these are the C library's own words. */
const REASONS: readonly { readonly pattern: RegExp; readonly code: ErrorCode }[] = [
  {
    pattern: /No space left on device|ENOSPC|Disk quota exceeded|not enough space/i,
    code: 'disk-full',
  },
  { pattern: /Read-only file system|Permission denied|EACCES|EROFS/i, code: 'disk-write' },
  {
    pattern:
      /Decoder .* not found|Unknown decoder|codec not currently supported|Decode error rate.*not impl/i,
    code: 'media-unsupported',
  },
  { pattern: /moov atom not found|Invalid data found|End of file|Truncat/i, code: 'media-damaged' },
]

const WORDS: Partial<Record<ErrorCode, { readonly message: string; readonly hint: string }>> = {
  'disk-full': {
    message: 'The disk is full.',
    hint: 'Free some space or choose another folder, then try again.',
  },
  'disk-write': {
    message: 'The file could not be written there.',
    hint: 'Choose a folder that you may write to.',
  },
  'media-unsupported': {
    message: 'This kind of video cannot be decoded here.',
    hint: 'Convert it to H.264 in an MP4 file first, or point the settings at a newer ffmpeg.',
  },
  'media-damaged': {
    message: 'The file is damaged or ends too early.',
    hint: 'Copy or download it again; if it plays elsewhere, convert it with that program first.',
  },
}

/** The AppError for an ffmpeg that ended badly, from the end of its stderr. */
export function ffmpegFailure(doing: string, code: number | null, stderr: string): AppError {
  const detail = `exit ${code ?? 'by signal'}: ${stderr.trim().slice(-2000)}`
  const reason = REASONS.find(({ pattern }) => pattern.test(stderr))
  const words = reason === undefined ? undefined : WORDS[reason.code]
  if (reason !== undefined && words !== undefined) {
    return new AppError(reason.code, words.message, { hint: words.hint, detail })
  }
  return new AppError('ffmpeg-failed', `ffmpeg could not ${doing}.`, {
    hint: 'Try again; if it happens again, report it with the detail below.',
    detail,
  })
}

/** The AppError for a failed file operation of Node itself, by its errno code. */
export function fileFailure(cause: unknown, path: string): AppError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  const detail = `${code} ${path}`
  if (code === 'ENOENT') {
    return new AppError('file-missing', 'The file is not there.', {
      hint: 'It may have been moved or renamed; choose it again.',
      detail,
      cause,
    })
  }
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new AppError('disk-full', 'The disk is full.', {
      hint: 'Free some space or choose another folder, then try again.',
      detail,
      cause,
    })
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS' || code === 'EISDIR') {
    return new AppError('file-unreadable', 'The file cannot be opened.', {
      hint: 'Check that it is a file and that you may read and write it.',
      detail,
      cause,
    })
  }
  return new AppError('disk-write', 'A file could not be read or written.', {
    hint: 'Check the disk and try again.',
    detail: `${detail} ${cause instanceof Error ? cause.message : ''}`,
    cause,
  })
}
