import i18next from 'i18next'
import { beforeAll, expect, it } from 'vitest'
import { documentOf } from '../../../tests/fixtures/documents.js'
import type { Job } from '../../shared/contract/job.js'
import type { SegmentRec } from '../../shared/document/model.js'
import { DEFAULT_STYLISE, shippedStylePath } from '../../shared/style.js'
import { startI18n } from '../i18n/index.js'
import { jobShare, segmentName, subjectOf } from './jobText.js'
import { takeName } from './takeName.js'

beforeAll(() => startI18n('it'))

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

it('names takes and the pictures that come with the app in the language of the page', () => {
  const { t } = i18next
  expect(takeName({ name: 'Take 12' }, t)).toBe('Versione 12')
  expect(takeName({ name: 'Take 12, brighter' }, t)).toBe('Take 12, brighter')
  const painted = (name: string, path: string): SegmentRec => ({
    ...{ type: 'segment', id: 'segment_a', clipId: 'clip_a', from: 0, to: 9, acceptedTakeId: null },
    maskId: null,
    verb: 'stylise',
    params: { ...DEFAULT_STYLISE, style: { name, path } },
  })
  const subject = (one: SegmentRec) => subjectOf(documentOf(), one, t)
  expect(subject(painted('oil', shippedStylePath('oil')))).toBe('Olio')
  expect(subject(painted('oil', 'styles/mine.png'))).toBe('oil')
  expect(segmentName(documentOf(), painted('oil', 'styles/mine.png'), t)).toBe('Stile · oil')
})
