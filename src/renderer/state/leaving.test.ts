import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Job, JobStatus } from '../../shared/contract/job.js'
import { useJobs } from './jobs.js'
import { openInstead, useLeaving } from './leaving.js'
import { useProject } from './project.js'

function job(status: JobStatus, kind: 'export' | 'prepare' = 'export'): Job {
  const common = {
    id: `job_${kind}_${status}`,
    status,
    seq: 1,
    progress: { phase: 'encoding', done: 1, total: 10, etaSeconds: null },
    createdAt: '2026-01-01T00:00:00.000Z',
    startedAt: null,
    endedAt: null,
  } as const
  return kind === 'export'
    ? { ...common, kind, input: { preset: 'mp4', path: 'a.mp4', overwrite: false } }
    : { ...common, kind, input: { recordId: 'asset_a' } }
}

describe('opening another project', () => {
  const open = vi.fn(() => Promise.resolve(true))
  const go = (): Promise<boolean> => openInstead('project.open', { folder: '/other' })
  beforeEach(() => {
    open.mockClear()
    useProject.setState({ open })
    useLeaving.setState({ asked: null })
  })

  it('asks first where work is under way, and stays where told to', async () => {
    useJobs.setState({ jobs: [job('running'), job('queued'), job('succeeded')] })
    const opened = go()
    expect(useLeaving.getState().asked?.jobs).toBe(2)
    useLeaving.getState().asked?.answer(false)
    expect(await opened).toBe(false)
    expect(open).not.toHaveBeenCalled()
    expect(useLeaving.getState().asked).toBeNull()
  })

  it('goes on where told to', async () => {
    useJobs.setState({ jobs: [job('running')] })
    const opened = go()
    useLeaving.getState().asked?.answer(true)
    expect(await opened).toBe(true)
    expect(open).toHaveBeenCalledWith('project.open', { folder: '/other' })
  })

  it('asks nothing where only previews are made, or nothing runs', async () => {
    useJobs.setState({ jobs: [job('running', 'prepare'), job('failed')] })
    expect(await go()).toBe(true)
    expect(useLeaving.getState().asked).toBeNull()
  })

  it('does not ask about the sample that comes with the app', async () => {
    const input = { path: 'balloon.mp4', place: true } as const
    const started = (sample: boolean): Job<'import'> => ({
      ...(job('running') as Job<'import'>),
      kind: 'import',
      input: sample ? { ...input, sample } : input,
    })
    useJobs.setState({ jobs: [started(true)] })
    expect(await go()).toBe(true)
    expect(open).toHaveBeenCalledOnce()
    useJobs.setState({ jobs: [started(false)] })
    void go()
    expect(useLeaving.getState().asked?.jobs).toBe(1)
  })
})
