import { AppError, isAbort, toErrorData } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import type {
  Forecast,
  Job,
  JobKind,
  JobKinds,
  JobProgress,
  Unfinished,
} from '../../../shared/contract/job.js'
import { sameData } from '../../../shared/document/sameData.js'
import { newId } from '../../../shared/ids.js'
import { createEta } from './eta.js'
import type { PhasePlan } from './eta.js'

/** What a handler may use while it runs. */
export interface JobContext<K extends JobKind> {
  readonly jobId: string
  readonly input: JobKinds[K]['input']
  readonly signal: AbortSignal
  /** Aborted when the person says that what there is will do; a handler may take no notice. */
  readonly finish: AbortSignal
  readonly report: (
    progress: Omit<JobProgress, 'etaSeconds'> & {
      /** How much of `done` an earlier run did. */
      readonly earlier?: number
    },
  ) => void
}

/** Previews have a lane to themselves: the viewer waits for them, and a check or an export is long. */
type Lane = 'engine' | 'media' | 'preview'

/** One kind of job. Everything it needs beyond the context is given when it is made. */
export interface JobHandler<K extends JobKind> {
  /** Jobs of one lane run one after the other; the lanes run side by side. */
  readonly lane: Lane
  readonly plan: PhasePlan
  /** What it will cost and every reason why it cannot run; never throws for a bad project state. */
  forecast(input: JobKinds[K]['input']): Promise<Forecast>
  run(context: JobContext<K>): Promise<JobKinds[K]['result']>
  /** What is left of this job when it has not come to its end; the same job goes on from there. */
  unfinished?(input: JobKinds[K]['input']): Promise<Unfinished | null>
  /** Removes that. */
  discard?(input: JobKinds[K]['input']): Promise<void>
}
export type JobHandlers = { readonly [K in JobKind]: JobHandler<K> }

/** Keeps unfinished jobs on disk, so that after a crash or a pause they can be gone on with. */
export interface JobStore {
  save(job: Job): Promise<void>
  remove(id: string): Promise<void>
  load(): Promise<readonly Job[]>
}

export interface JobQueue {
  list(): readonly Job[]
  forecast(kind: JobKind, input: JobKinds[JobKind]['input']): Promise<Forecast>
  /** @throws AppError `job-not-possible` naming every reason, before anything is queued. */
  start(kind: JobKind, input: JobKinds[JobKind]['input']): Promise<Job>
  cancel(id: string): Promise<void>
  /** Asks a running job to end now with what it has. */
  finishEarly(id: string): void
  /** Forgets an ended job, and removes what it has left unfinished. */
  dismiss(id: string): Promise<void>
  /** Resolves when the job has ended, however it ended. */
  ended(id: string): Promise<Job>
  /** Offers the jobs that a crash interrupted, as failed ones that can be run again. */
  restore(): Promise<void>
  /** Stops everything and waits for it to end; what is unfinished is offered again next time. */
  close(): Promise<void>
}

interface Entry {
  job: Job
  readonly abort: AbortController
  readonly enough: AbortController
  readonly ended: Promise<Job>
  readonly end: (job: Job) => void
  /** Seconds that it was said to take before it was queued; null where nobody asked. */
  readonly expected: number | null
}

const FINISHED = new Set(['succeeded', 'failed', 'cancelled'])

// Progress arrives per frame; more than this many events a second help nobody.
const REPORT_INTERVAL_MS = 80

export function createJobQueue(options: {
  handlers: JobHandlers
  store: JobStore
  emit: (job: Job) => void
  dismissed: (id: string) => void
}): JobQueue {
  const { handlers, store, emit } = options
  const entries = new Map<string, Entry>()
  /** Jobs on their way into their lane. */
  const starting = new Set<Promise<Job>>()
  let closing = false
  const lanes: Record<Lane, Promise<void>> = {
    engine: Promise.resolve(),
    media: Promise.resolve(),
    preview: Promise.resolve(),
  }

  // The handler map is keyed by kind, which TypeScript cannot follow through a union of kinds.
  const handlerOf = (kind: JobKind): JobHandler<JobKind> => handlers[kind]

  function update(entry: Entry, changes: Partial<Job>): void {
    entry.job = { ...entry.job, ...changes, seq: entry.job.seq + 1 }
    emit(entry.job)
  }

  async function finish(entry: Entry, changes: Partial<Job>): Promise<void> {
    // The preview belongs to the work in progress.
    const { preview, ...progress } = changes.progress ?? entry.job.progress
    const unfinished = changes.status === 'succeeded' ? null : await unfinishedOf(entry.job)
    const ended = {
      ...{ ...changes, progress, endedAt: new Date().toISOString() },
      ...(unfinished === null ? {} : { unfinished }),
    }
    if (unfinished === null) await store.remove(entry.job.id)
    // Without a word about its end it counts as interrupted, as after a crash.
    else if (!closing) await store.save({ ...entry.job, ...ended }).catch(() => undefined)
    update(entry, ended)
    entry.end(entry.job)
  }

  async function unfinishedOf({ kind, input }: Job): Promise<Unfinished | null> {
    return (await handlerOf(kind).unfinished?.(input)) ?? null
  }

  /** Forgets stopped jobs whose work a new one of the same input takes up. */
  async function supersede(kind: JobKind, input: Job['input']): Promise<void> {
    for (const { job } of [...entries.values()]) {
      if (job.unfinished === undefined || job.kind !== kind || !sameData(job.input, input)) continue
      entries.delete(job.id)
      await store.remove(job.id)
      options.dismissed(job.id)
    }
  }

  async function execute(entry: Entry): Promise<void> {
    if (FINISHED.has(entry.job.status)) return
    const { signal } = entry.abort
    const handler = handlerOf(entry.job.kind)
    const eta = createEta(handler.plan, performance.now(), entry.expected)
    let lastReport = 0
    let lastPhase: string | null = null
    update(entry, {
      status: 'running',
      startedAt: new Date().toISOString(),
      progress: { ...entry.job.progress, phase: 'starting' },
    })
    try {
      const result = await handler.run({
        jobId: entry.job.id,
        input: entry.job.input,
        signal,
        finish: entry.enough.signal,
        report(progress) {
          if (FINISHED.has(entry.job.status)) return
          const now = performance.now()
          const { phase, done, total, earlier } = progress
          const { share, secondsLeft } = eta.update(phase, done, total, now, earlier)
          const due = phase !== lastPhase || now - lastReport >= REPORT_INTERVAL_MS
          if (!due && progress.preview === undefined) return
          lastReport = now
          lastPhase = phase
          const preview = progress.preview ?? entry.job.progress.preview
          update(entry, {
            progress: {
              ...{ phase, done, total, etaSeconds: secondsLeft },
              ...(share === null ? {} : { share }),
              ...(preview === undefined ? {} : { preview }),
            },
          })
        },
      })
      await finish(entry, {
        status: 'succeeded',
        result,
        progress: { ...entry.job.progress, phase: 'finishing', etaSeconds: 0, share: 1 },
      })
    } catch (error) {
      await (signal.aborted || isAbort(error)
        ? finish(entry, { status: 'cancelled' })
        : finish(entry, { status: 'failed', error: toErrorData(error) }))
    }
  }

  async function begin<K extends JobKind>(kind: K, input: JobKinds[K]['input']): Promise<Job> {
    const { problems, seconds } = await handlerOf(kind).forecast(input)
    if (problems.length > 0) throw notPossible(problems)
    if (closing) {
      throw new AppError('no-project', 'This project was closed.', { hint: 'Open it again.' })
    }
    await supersede(kind, input)
    const waiting: Job = {
      id: newId('job'),
      kind,
      input,
      status: 'queued',
      seq: 0,
      progress: { phase: 'waiting', done: 0, total: null, etaSeconds: null },
      createdAt: new Date().toISOString(),
      startedAt: null,
      endedAt: null,
    }
    const entry = makeEntry(waiting, seconds > 0 ? seconds : null)
    await store.save(entry.job)
    emit(entry.job)
    const { lane } = handlerOf(kind)
    lanes[lane] = lanes[lane].then(() => execute(entry))
    return entry.job
  }

  function makeEntry(job: Job, expected: number | null = null): Entry {
    let end: (job: Job) => void = () => undefined
    const ended = new Promise<Job>((resolve) => {
      end = resolve
    })
    const [abort, enough] = [new AbortController(), new AbortController()]
    const entry = { job, abort, enough, ended, end, expected }
    entries.set(job.id, entry)
    return entry
  }

  function entryOf(id: string): Entry {
    const entry = entries.get(id)
    if (entry === undefined) throw new AppError('not-found', 'This job does not exist any more.')
    return entry
  }

  return {
    list: () => [...entries.values()].map((entry) => entry.job),

    forecast: (kind, input) => handlerOf(kind).forecast(input),

    async start(kind, input) {
      const begun = begin(kind, input)
      starting.add(begun)
      try {
        return await begun
      } finally {
        starting.delete(begun)
      }
    },

    async cancel(id) {
      const entry = entryOf(id)
      if (FINISHED.has(entry.job.status)) return
      entry.abort.abort()
      if (entry.job.status === 'queued') await finish(entry, { status: 'cancelled' })
    },

    finishEarly(id) {
      entryOf(id).enough.abort()
    },

    async dismiss(id) {
      const entry = entryOf(id)
      if (!FINISHED.has(entry.job.status)) {
        throw new AppError('invalid-request', 'This job is still running.', {
          hint: 'Cancel it first.',
        })
      }
      entries.delete(id)
      const { kind, input, unfinished } = entry.job
      if (unfinished !== undefined) await handlerOf(kind).discard?.(input)
      await store.remove(id)
      options.dismissed(id)
    },

    ended: (id) => entryOf(id).ended,

    async restore() {
      for (const job of await store.load()) {
        if (entries.has(job.id)) continue
        const unfinished = await unfinishedOf(job)
        const left = unfinished === null ? {} : { unfinished }
        if (FINISHED.has(job.status)) {
          // One that was stopped is kept for what it left, and for nothing else.
          if (unfinished === null) await store.remove(job.id)
          else {
            const entry = makeEntry({ ...job, ...left })
            update(entry, {})
            entry.end(entry.job)
          }
          continue
        }
        const entry = makeEntry(job)
        update(entry, {
          status: 'failed',
          endedAt: new Date().toISOString(),
          ...left,
          error: {
            code: 'job-interrupted',
            message: 'The app ended while this job was running.',
            hint:
              unfinished === null
                ? 'Run it again: your project has everything it needs.'
                : 'Go on: it takes up where it was.',
          },
        })
        entry.end(entry.job)
      }
    },

    async close() {
      closing = true
      // A closed project's folder must not be written to by a job that was just being started.
      await Promise.allSettled(starting)
      for (const entry of entries.values()) entry.abort.abort()
      await Promise.all(Object.values(lanes))
    },
  }
}

function notPossible(problems: readonly ErrorData[]): AppError {
  const [first] = problems
  if (problems.length === 1 && first !== undefined) return AppError.from(first)
  return new AppError('job-not-possible', problems.map((one) => one.message).join(' '), {
    hint: problems
      .map((one) => one.hint ?? '')
      .join(' ')
      .trim(),
  })
}
