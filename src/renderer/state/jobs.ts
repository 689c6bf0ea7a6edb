import { create } from 'zustand'
import type { StoreApi, UseBoundStore } from 'zustand'
import type { JobRequest } from '../../shared/contract/api.js'
import type { Job, JobKind } from '../../shared/contract/job.js'
import type { Id } from '../../shared/document/model.js'
import { bridge } from '../bridge/index.js'
import type { Bridge } from '../bridge/types.js'
import { useProject } from './project.js'
import { showError } from './toasts.js'

export interface JobsStore {
  /** Newest last. */
  readonly jobs: readonly Job[]
  /**
   * Queues a job; null when it cannot run, and the reason has been shown.
   * @param about what to name with that reason
   */
  readonly start: (request: JobRequest, about?: string) => Promise<Job | null>
  /**
   * The job once it has ended; null where it was dismissed. Its end may have been heard before the
   * answer to its start: calls and events travel on ways of their own.
   */
  readonly ended: (jobId: Id) => Promise<Job | null>
  readonly cancel: (jobId: Id) => Promise<void>
  readonly dismiss: (jobId: Id) => Promise<void>
  /** Listens to core and reads what is running already. `onEnd` hears of each job that ends meanwhile. */
  readonly connect: (onEnd?: (job: Job) => void) => () => void
}

/** Has not ended yet. */
export function isLive(job: Job): boolean {
  return job.status === 'queued' || job.status === 'running'
}

/** Narrows a job by its kind. */
export function isKind<K extends JobKind>(job: Job, kind: K): job is Job<K> {
  return job.kind === kind
}

/** The kinds of work that make a take of a segment, named like the segment's verb. */
const TAKE_KINDS = ['remove', 'edit', 'stylise', 'replace', 'regenerate'] as const
type TakeJob = Job<(typeof TAKE_KINDS)[number]>

/** True for work that makes a take. */
export function makesTake(job: Job): job is TakeJob {
  return TAKE_KINDS.some((kind) => kind === job.kind)
}

/** The list with this version of a job in it; unchanged when a newer one is there already. */
export function withJob(jobs: readonly Job[], job: Job): readonly Job[] {
  const index = jobs.findIndex((known) => known.id === job.id)
  if (index === -1) return [...jobs, job].sort((a, b) => a.createdAt.localeCompare(b.createdAt))
  if ((jobs[index]?.seq ?? -1) >= job.seq) return jobs
  return jobs.with(index, job)
}

/**
 * The jobs store on a given bridge; the app uses {@link useJobs}.
 *
 * @param settled resolves when core knows of all that was changed here: a job works on what it knows,
 *   and calls may overtake each other
 */
export function createJobsStore(
  host: Bridge,
  onError: (thrown: unknown, about?: string) => void = showError,
  settled: () => Promise<void> = () => Promise.resolve(),
): UseBoundStore<StoreApi<JobsStore>> {
  return create<JobsStore>()((set, get, store) => {
    /** An event of a dismissed job that was late must not bring it back. */
    const gone = new Set<Id>()

    const take = (job: Job): void => {
      if (!gone.has(job.id)) set({ jobs: withJob(get().jobs, job) })
    }
    const forget = (id: Id): void => {
      gone.add(id)
      set({ jobs: get().jobs.filter((job) => job.id !== id) })
    }
    const quietly = async (task: Promise<unknown>): Promise<boolean> => {
      try {
        await task
        return true
      } catch (thrown) {
        onError(thrown)
        return false
      }
    }

    return {
      jobs: [],
      async start(request, about) {
        await settled()
        try {
          const job = await host.call('jobs.start', request)
          take(job)
          return job
        } catch (thrown) {
          onError(thrown, about)
          return null
        }
      },
      ended(jobId) {
        return new Promise((resolve) => {
          const look = (): boolean => {
            const known = get().jobs.find(({ id }) => id === jobId)
            if (known !== undefined && isLive(known)) return false
            resolve(known ?? null)
            return true
          }
          if (look()) return
          const stop = store.subscribe(() => {
            if (look()) stop()
          })
        })
      },
      async cancel(jobId) {
        await quietly(host.call('jobs.cancel', { jobId }))
      },
      async dismiss(jobId) {
        if (await quietly(host.call('jobs.dismiss', { jobId }))) forget(jobId)
      },
      connect(onEnd) {
        const stops = [
          host.on('job', (job) => {
            const before = get().jobs.find((known) => known.id === job.id)
            take(job)
            if (onEnd && !isLive(job) && (before === undefined || isLive(before))) onEnd(job)
          }),
          host.on('jobDismissed', ({ id }) => forget(id)),
        ]
        void quietly(host.call('jobs.list', {}).then((jobs) => jobs.forEach(take)))
        return () => stops.forEach((stop) => stop())
      },
    }
  })
}

export const useJobs = createJobsStore(bridge, showError, () => useProject.getState().settled())
