import type { Input, JobRequest, Method, Output } from '../../../shared/contract/api.js'
import { AppError } from '../../../shared/contract/errors.js'
import type { ErrorCode } from '../../../shared/contract/errors.js'
import type { EventMessage } from '../../../shared/contract/events.js'
import type { Job, JobKind, JobKinds } from '../../../shared/contract/job.js'
import type { Core } from '../../core/core.js'

/** Core with types and exceptions, as commands that read from top to bottom want it. */
export interface Client {
  /** @throws AppError */
  call<M extends Method>(method: M, input: Input<M>): Promise<Output<M>>
  /**
   * Runs one job to its end; aborting cancels it and waits until it has stopped.
   * @throws AppError the job's own failure, or `cancelled`
   */
  runJob<K extends JobKind>(
    kind: K,
    input: Extract<JobRequest, { kind: K }>['input'],
  ): Promise<JobKinds[K]['result']>
}

export function createClient(
  core: Core,
  options: { readonly signal: AbortSignal; readonly onJob: (job: Job) => void },
): Client {
  const { signal, onJob } = options

  async function call<M extends Method>(method: M, input: Input<M>): Promise<Output<M>> {
    const reply = await core.call(method, input)
    if (!reply.ok) throw named(AppError.from(reply.error), input)
    return reply.data as Output<M>
  }

  return {
    call,

    async runJob(kind, input) {
      signal.throwIfAborted()
      const newest = new Map<string, Job>()
      const waiting = new Set<() => void>()
      // Events may overtake the reply that tells the job's id, so all are kept.
      const silence = core.on((message: EventMessage) => {
        if (message.event !== 'job') return
        const job = message.payload as Job
        newest.set(job.id, job)
        for (const wake of waiting) wake()
      })
      try {
        const { id } = await call('jobs.start', { kind, input } as JobRequest)
        const cancel = (): void => {
          void core.call('jobs.cancel', { jobId: id })
        }
        signal.addEventListener('abort', cancel, { once: true })
        if (signal.aborted) cancel()
        const ended = await new Promise<Job>((resolve) => {
          const look = (): void => {
            const job = newest.get(id)
            if (job === undefined) return
            onJob(job)
            if (job.endedAt !== null) resolve(job)
          }
          waiting.add(look)
          look()
        })
        signal.removeEventListener('abort', cancel)
        if (ended.error !== undefined) throw named(AppError.from(ended.error), ended.input)
        return resultOf(ended) as JobKinds[typeof kind]['result']
      } finally {
        silence()
      }
    },
  }
}

/** Failures of a file: a command has several, and which one it is has to be known. */
const OF_A_FILE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(['file-missing', 'file-empty', 'file-unreadable', 'mask-invalid', 'mask-shape'] as const),
  ...(['media-no-video', 'media-unsupported', 'media-damaged'] as const),
])

/** The error with the file that was asked for, where its words leave that out. */
export function named(error: AppError, input: unknown): AppError {
  const path = pathIn(input)
  if (path === null || !OF_A_FILE.has(error.code) || error.message.includes(path)) return error
  return AppError.from({ ...error.toData(), message: `${path}: ${error.message}` })
}

/** The file that a call is about; what starts a job has it one level further down. */
function pathIn(input: unknown): string | null {
  if (typeof input !== 'object' || input === null) return null
  if ('path' in input && typeof input.path === 'string') return input.path
  return 'input' in input ? pathIn(input.input) : null
}

function resultOf(job: Job): unknown {
  if (job.status === 'succeeded') return job.result
  if (job.status === 'cancelled') throw new AppError('cancelled', 'Cancelled.')
  throw AppError.from(
    job.error ?? { code: 'internal', message: 'The job failed without a reason.' },
  )
}
