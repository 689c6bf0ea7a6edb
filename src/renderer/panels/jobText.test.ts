import { expect, it } from 'vitest'
import type { Job } from '../../shared/contract/job.js'
import { jobShare } from './jobText.js'

const job = (status: Job['status'], total: number | null): Job => ({
  id: 'job_a',
  kind: 'export',
  input: { preset: 'mp4', path: 'a.mp4', overwrite: false },
  status,
  seq: 1,
  progress: { phase: 'encoding', done: 3, total, etaSeconds: null },
  createdAt: '2026-01-01T00:00:00.000Z',
  startedAt: null,
  endedAt: null,
})

it('says how far a job is: nowhere while it waits, unknown without an end in sight', () => {
  expect(jobShare(job('running', 12))).toBe(0.25)
  expect(jobShare(job('running', null))).toBeNull()
  expect(jobShare(job('queued', null))).toBe(0)
})

it('says how far the whole job is where that is known, not only its present phase', () => {
  const running = job('running', 3)
  expect(jobShare({ ...running, progress: { ...running.progress, share: 0.4 } })).toBe(0.4)
})
