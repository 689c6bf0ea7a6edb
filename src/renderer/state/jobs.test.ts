import { describe, expect, it } from 'vitest'
import type { EventName } from '../../shared/contract/events.js'
import type { Job, JobStatus } from '../../shared/contract/job.js'
import type { Bridge } from '../bridge/types.js'
import { createJobsStore } from './jobs.js'

function job(id: string, seq: number, status: JobStatus = 'running', done = 0): Job {
  return {
    id,
    kind: 'export',
    input: { preset: 'mp4', path: 'a.mp4', overwrite: false },
    status,
    seq,
    progress: { phase: 'encoding', done, total: 10, etaSeconds: null },
    createdAt: `2025-01-01T00:00:0${id.at(-1) ?? '0'}.000Z`,
    startedAt: null,
    endedAt: null,
  }
}

function setUp(listed: Job[] = []) {
  const listeners = new Map<EventName, (payload: never) => void>()
  const bridge: Bridge = {
    call: (method) => Promise.resolve((method === 'jobs.list' ? listed : null) as never),
    on(event, listener) {
      listeners.set(event, listener)
      return () => listeners.delete(event)
    },
    mediaUrl: (path) => path,
    pathForFile: (file) => Promise.resolve(file.name),
  }
  const ended: Job[] = []
  const store = createJobsStore(bridge, () => undefined)
  store.getState().connect((one) => ended.push(one))
  return {
    store,
    ended,
    hear: (one: Job) => listeners.get('job')?.(one as never),
    dismissed: (id: string) => listeners.get('jobDismissed')?.({ id } as never),
  }
}

describe('jobs store', () => {
  it('starts nothing before core knows what was changed here', async () => {
    const called: string[] = []
    const bridge = {
      call: (method: string) => {
        called.push(method)
        return Promise.resolve(job('job_1', 1))
      },
    } as unknown as Bridge
    let settle: () => void = () => undefined
    const settled = new Promise<void>((resolve) => (settle = resolve))
    const store = createJobsStore(
      bridge,
      () => undefined,
      () => settled,
    )
    const started = store.getState().start({ kind: 'proof', input: { takeId: 'take_a' } })
    await Promise.resolve()
    expect(called).toEqual([])
    settle()
    expect(await started).toMatchObject({ id: 'job_1' })
    expect(called).toEqual(['jobs.start'])
  })

  it('drops events that were overtaken', () => {
    const { store, hear } = setUp()
    hear(job('job_1', 5, 'running', 7))
    hear(job('job_1', 4, 'running', 3))
    hear(job('job_1', 5, 'running', 1))
    expect(store.getState().jobs).toMatchObject([{ seq: 5, progress: { done: 7 } }])
  })

  it('keeps what it heard when the list that was asked for earlier arrives', async () => {
    const { store, hear } = setUp([job('job_1', 1), job('job_2', 1)])
    hear(job('job_1', 3, 'succeeded'))
    await new Promise((resolve) => setTimeout(resolve, 0))
    expect(store.getState().jobs.map(({ id, status }) => [id, status])).toEqual([
      ['job_1', 'succeeded'],
      ['job_2', 'running'],
    ])
  })

  it('does not bring back a dismissed job', async () => {
    const { store, hear, dismissed } = setUp()
    hear(job('job_1', 1, 'failed'))
    await store.getState().dismiss('job_1')
    hear(job('job_1', 2, 'failed'))
    expect(store.getState().jobs).toEqual([])
    hear(job('job_2', 1, 'failed'))
    dismissed('job_2')
    expect(store.getState().jobs).toEqual([])
  })

  it('waits for the end of a job, also of one that has ended already or was dismissed', async () => {
    const { store, hear, dismissed } = setUp()
    const { ended } = store.getState()
    hear(job('job_1', 1, 'succeeded'))
    expect(await ended('job_1')).toMatchObject({ status: 'succeeded' })
    hear(job('job_2', 1))
    const end = ended('job_2')
    hear(job('job_2', 2, 'running', 5))
    hear(job('job_2', 3, 'failed'))
    expect(await end).toMatchObject({ status: 'failed', seq: 3 })
    hear(job('job_3', 1))
    const never = ended('job_3')
    dismissed('job_3')
    expect(await never).toBeNull()
  })

  it('tells once that a job has ended', () => {
    const { ended, hear } = setUp()
    hear(job('job_1', 1))
    hear(job('job_1', 2, 'succeeded'))
    hear(job('job_1', 3, 'succeeded'))
    expect(ended.map(({ id, seq }) => [id, seq])).toEqual([['job_1', 2]])
  })
})
