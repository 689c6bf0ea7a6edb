import { setTimeout as delay } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { AppError } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import type { Forecast, Job, Unfinished } from '../../../shared/contract/job.js'
import { exportJob } from './exportJob.js'
import { importJob } from './importJob.js'
import { prepareJob } from './prepareJob.js'
import { proofJob } from './proofJob.js'
import { createJobQueue } from './queue.js'
import type { JobContext, JobHandlers, JobQueue, JobStore } from './queue.js'
import { removeJob } from './removeJob.js'
import type { JobResources } from './resources.js'
import { trackJob } from './trackJob.js'

const forecast = (problems: ErrorData[] = [], seconds = 1): Promise<Forecast> =>
  Promise.resolve({
    seconds,
    basis: 'guess',
    memoryBytes: 0,
    diskBytes: 0,
    diskFreeBytes: 1e12,
    problems,
  })

function memoryStore(initial: Job[] = []): JobStore & { jobs: Map<string, Job> } {
  const jobs = new Map(initial.map((job) => [job.id, job]))
  return {
    jobs,
    save: (job) => Promise.resolve(void jobs.set(job.id, job)),
    remove: (id) => Promise.resolve(void jobs.delete(id)),
    load: () => Promise.resolve([...jobs.values()]),
  }
}

function setUp(
  run: (context: JobContext<'prepare'>) => Promise<Record<string, never>>,
  options: {
    problems?: ErrorData[]
    seconds?: number
    store?: JobStore
    other?: (signal: AbortSignal) => Promise<void>
    /** What a stopped job leaves; emptied when it is discarded. */
    left?: { unfinished: Unfinished | null }
  } = {},
): { queue: JobQueue; events: Job[]; store: JobStore } {
  const events: Job[] = []
  const none = async ({ signal }: { signal: AbortSignal }): Promise<never> => {
    await options.other?.(signal)
    throw new Error('not part of this test')
  }
  const other = { lane: 'engine', plan: [], forecast: () => forecast(), run: none } as const
  const handlers: JobHandlers = {
    import: other,
    remove: other,
    edit: other,
    keep: other,
    stylise: other,
    track: other,
    proof: other,
    leftovers: other,
    draft: other,
    generate: other,
    animate: other,
    replace: other,
    regenerate: other,
    retime: other,
    export: { ...other, lane: 'media' },
    prepare: {
      lane: 'preview',
      plan: [{ phase: 'proxy', weight: 1 }],
      forecast: () => forecast(options.problems, options.seconds),
      run,
      unfinished: () => Promise.resolve(options.left?.unfinished ?? null),
      discard() {
        if (options.left !== undefined) options.left.unfinished = null
        return Promise.resolve()
      },
    },
  }
  const store = options.store ?? memoryStore()
  const queue = createJobQueue({
    handlers,
    store,
    emit: (job) => events.push(job),
    dismissed: () => undefined,
  })
  return { queue, events, store }
}

const input = { recordId: 'asset_aaaaaaaaaaaa' }

describe('job queue', () => {
  it('runs a job to success with growing seq and a report', async () => {
    const { queue, events } = setUp(({ report }) => {
      report({ phase: 'proxy', done: 1, total: 2 })
      return Promise.resolve({})
    })
    const { id } = await queue.start('prepare', input)
    const job = await queue.ended(id)
    expect(job.status).toBe('succeeded')
    expect(events.map((one) => one.status)).toEqual(['queued', 'running', 'running', 'succeeded'])
    expect(events.map((one) => one.seq)).toEqual([0, 1, 2, 3])
  })

  it('tells the time left by what was expected as well as by what is done', async () => {
    const { queue, events } = setUp(
      async ({ report }) => {
        await delay(850)
        report({ phase: 'proxy', done: 1, total: 10 })
        return {}
      },
      { seconds: 600 },
    )
    const { id } = await queue.start('prepare', input)
    await queue.ended(id)
    const told = events.map(({ progress }) => progress.etaSeconds ?? 0)
    expect(Math.max(...told)).toBeGreaterThan(300)
  })

  it('refuses before queueing and names every reason', async () => {
    const { queue, events } = setUp(() => Promise.resolve({}), {
      problems: [
        { code: 'mask-empty', message: 'The mask is empty.', hint: 'Paint.' },
        { code: 'disk-full', message: 'The disk is full.' },
      ],
    })
    const error = await queue.start('prepare', input).catch((one: unknown) => one)
    expect(error).toBeInstanceOf(AppError)
    expect(error).toMatchObject({ code: 'job-not-possible' })
    expect((error as AppError).message).toContain('mask is empty')
    expect((error as AppError).message).toContain('disk is full')
    expect(events).toEqual([])
  })

  it('keeps a failure as data and goes on with the next job', async () => {
    let first = true
    const { queue } = setUp(() => {
      if (!first) return Promise.resolve({})
      first = false
      return Promise.reject(new AppError('ffmpeg-failed', 'It broke.', { hint: 'Try again.' }))
    })
    const one = await queue.start('prepare', input)
    const two = await queue.start('prepare', input)
    expect(await queue.ended(one.id)).toMatchObject({
      status: 'failed',
      error: { code: 'ffmpeg-failed', hint: 'Try again.' },
    })
    expect((await queue.ended(two.id)).status).toBe('succeeded')
  })

  it('ends a job early as a success when asked', async () => {
    const { queue } = setUp(async ({ signal, finish }) => {
      while (!finish.aborted) await delay(2, undefined, { signal })
      return {}
    })
    const { id } = await queue.start('prepare', input)
    queue.finishEarly(id)
    expect((await queue.ended(id)).status).toBe('succeeded')
  })

  it('cancels a running and a queued job; neither is an error', async () => {
    const { queue } = setUp(async ({ signal }) => {
      await delay(10_000, undefined, { signal })
      return {}
    })
    const running = await queue.start('prepare', input)
    const queued = await queue.start('prepare', input)
    await delay(5)
    await queue.cancel(queued.id)
    await queue.cancel(running.id)
    const ended = await Promise.all([queue.ended(running.id), queue.ended(queued.id)])
    expect(ended.map((job) => job.status)).toEqual(['cancelled', 'cancelled'])
    expect(ended.every((job) => job.error === undefined)).toBe(true)
  })

  it('waits when it is closed for a job that is just being started', async () => {
    const store = memoryStore()
    let saved = 0
    const slow = {
      ...store,
      save: (job: Job) =>
        delay(30)
          .then(() => store.save(job))
          .then(() => void (saved += 1)),
    }
    const { queue } = setUp(({ signal }) => delay(10_000, {}, { signal }), { store: slow })
    const starting = queue.start('prepare', input)
    await delay(5)
    await queue.close()
    expect(saved).toBe(1)
    expect((await queue.ended((await starting).id)).status).toBe('cancelled')
    await expect(queue.start('prepare', input)).rejects.toThrow('closed')
    await delay(50)
    expect(saved).toBe(1)
  })

  it('makes previews while long work of other kinds goes on', async () => {
    const { queue } = setUp(() => Promise.resolve({}), {
      other: (signal) => delay(10_000, undefined, { signal }),
    })
    await queue.start('export', { preset: 'ffv1', path: 'a.mkv', overwrite: false })
    await queue.start('remove', { segmentId: 'segment_aaaaaaaaaaaa' })
    const { id } = await queue.start('prepare', input)
    expect((await queue.ended(id)).status).toBe('succeeded')
    await queue.close()

    const resources = {} as JobResources
    const long = [importJob, exportJob, proofJob, removeJob, trackJob].map((make) =>
      make(resources),
    )
    expect(long.map(({ lane }) => lane)).not.toContain(prepareJob(resources).lane)
  })

  it('forgets finished jobs on disk and offers interrupted ones again', async () => {
    const store = memoryStore()
    const before = setUp(() => new Promise(() => undefined), { store })
    const { id } = await before.queue.start('prepare', input)
    expect(store.jobs.has(id)).toBe(true)

    const after = setUp(() => Promise.resolve({}), { store })
    await after.queue.restore()
    expect(after.queue.list()).toMatchObject([
      { id, status: 'failed', error: { code: 'job-interrupted' }, input },
    ])
    await after.queue.dismiss(id)
    expect(store.jobs.size).toBe(0)
    expect(after.queue.list()).toEqual([])
  })

  describe('a job that leaves something to go on with', () => {
    const unfinished = { done: 40, total: 96, next: 40 }
    const stopped = async (
      store = memoryStore(),
    ): Promise<
      ReturnType<typeof setUp> & { left: { unfinished: Unfinished | null }; id: string }
    > => {
      const left = { unfinished: unfinished as Unfinished | null }
      let runs = 0
      const set = setUp(
        async ({ signal }) => {
          if (runs++ > 0) return {}
          await delay(10_000, undefined, { signal })
          return {}
        },
        { store, left },
      )
      const { id } = await set.queue.start('prepare', input)
      await delay(5)
      return { ...set, left, id }
    }

    it('stays until it is discarded, also over a restart', async () => {
      const store = memoryStore()
      const { queue, id, left } = await stopped(store)
      await queue.cancel(id)
      expect(await queue.ended(id)).toMatchObject({ status: 'cancelled', unfinished })
      expect(store.jobs.get(id)).toMatchObject({ status: 'cancelled' })

      const later = setUp(() => Promise.resolve({}), { store, left })
      await later.queue.restore()
      expect(later.queue.list()).toMatchObject([{ id, status: 'cancelled', unfinished }])
      await later.queue.dismiss(id)
      expect(left.unfinished).toBeNull()
      expect(store.jobs.size).toBe(0)
    })

    it('gives way to the same job started again, which takes its work up', async () => {
      const { queue, id, left, store } = await stopped()
      await queue.cancel(id)
      await queue.ended(id)
      const again = await queue.start('prepare', input)
      expect((await queue.ended(again.id)).status).toBe('succeeded')
      expect(queue.list().map((job) => job.id)).toEqual([again.id])
      expect(left.unfinished).not.toBeNull()
      expect(await store.load()).toEqual([])
    })

    it('counts as interrupted when the app is closed over it', async () => {
      const store = memoryStore()
      const { queue, id, left } = await stopped(store)
      await queue.close()
      const later = setUp(() => Promise.resolve({}), { store, left })
      await later.queue.restore()
      expect(later.queue.list()).toMatchObject([
        { id, status: 'failed', error: { code: 'job-interrupted' }, unfinished },
      ])
    })

    it('is forgotten where what it left is gone', async () => {
      const store = memoryStore()
      const { queue, id, left } = await stopped(store)
      await queue.cancel(id)
      await queue.ended(id)
      left.unfinished = null
      const later = setUp(() => Promise.resolve({}), { store, left })
      await later.queue.restore()
      expect(later.queue.list()).toEqual([])
      expect(store.jobs.size).toBe(0)
    })
  })

  it('will not dismiss a running job', async () => {
    const { queue } = setUp(async ({ signal }) => {
      await delay(10_000, undefined, { signal })
      return {}
    })
    const { id } = await queue.start('prepare', input)
    await expect(queue.dismiss(id)).rejects.toMatchObject({ code: 'invalid-request' })
    await queue.close()
    expect((await queue.ended(id)).status).toBe('cancelled')
  })
})
