/**
 * Every failure a user can meet, by code. The interface branches on the code and
 * translates it (`errors.<code>` in the catalogues); `message` and `hint` are the
 * English fallback and what the command line prints.
 */
export const ERROR_CODES = [
  'invalid-request',
  'unknown-method',
  'request-too-large',
  'forbidden',
  'not-found',
  'no-project',
  'project-exists',
  'project-locked',
  'project-invalid',
  'project-too-new',
  'journal-damaged',
  'command-rejected',
  'file-missing',
  'file-unreadable',
  'file-empty',
  'file-exists',
  'media-unsupported',
  'media-damaged',
  'media-no-video',
  'mask-empty',
  'mask-invalid',
  'mask-shape',
  'disk-full',
  'disk-write',
  'ffmpeg-missing',
  'ffmpeg-failed',
  'engine-crashed',
  'engine-failed',
  'prompt-empty',
  'prompt-not-understood',
  'edit-empty',
  'reference-invalid',
  'reference-missing',
  'painted-invalid',
  'painted-missing',
  'motion-none',
  'range-too-long',
  'pack-missing',
  'pack-invalid',
  'pack-damaged',
  'pack-too-new',
  'pack-failed',
  'recipe-unreadable',
  'beneath-stale',
  'job-not-possible',
  'job-interrupted',
  'cancelled',
  'connection-lost',
  'internal',
] as const
export type ErrorCode = (typeof ERROR_CODES)[number]

/** The plain-data form of an {@link AppError}: what crosses a process boundary. */
export interface ErrorData {
  readonly code: ErrorCode
  /** What happened, in one sentence. */
  readonly message: string
  /** What the person can do next, in one sentence. */
  readonly hint?: string
  /** Of `disk-full`: how much more room it takes, where that is known. */
  readonly missingBytes?: number
  /** Further detail for a bug report: a stderr tail, the offending path. Never shown first. */
  readonly detail?: string
}

/** The one error type of the product: names the cause and, with `hint`, the next step. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly hint: string | undefined
  readonly detail: string | undefined
  readonly missingBytes: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; detail?: string; missingBytes?: number; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'AppError'
    this.code = code
    this.hint = options.hint
    this.detail = options.detail
    this.missingBytes = options.missingBytes
  }

  toData(): ErrorData {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.detail === undefined ? {} : { detail: this.detail }),
      ...(this.missingBytes === undefined ? {} : { missingBytes: this.missingBytes }),
    }
  }

  static from(data: ErrorData): AppError {
    return new AppError(data.code, data.message, {
      ...(data.hint === undefined ? {} : { hint: data.hint }),
      ...(data.detail === undefined ? {} : { detail: data.detail }),
      ...(data.missingBytes === undefined ? {} : { missingBytes: data.missingBytes }),
    })
  }
}

/** Turns anything thrown into plain error data; an unknown failure becomes `internal`. */
export function toErrorData(thrown: unknown): ErrorData {
  if (thrown instanceof AppError) return thrown.toData()
  if (isAbort(thrown)) return { code: 'cancelled', message: 'Cancelled.' }
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return {
    code: 'internal',
    message: `Something went wrong inside the app: ${message}`,
    hint: 'Your project is safe on disk. Try again; if it happens again, please report it.',
    ...(thrown instanceof Error && thrown.stack ? { detail: thrown.stack } : {}),
  }
}

/** True for the error an aborted AbortSignal raises: cancellation is a status, not a failure. */
export function isAbort(thrown: unknown): boolean {
  return (
    (thrown instanceof Error && thrown.name === 'AbortError') ||
    (thrown instanceof AppError && thrown.code === 'cancelled')
  )
}
