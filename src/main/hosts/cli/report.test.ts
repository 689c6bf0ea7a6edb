import { describe, expect, it } from 'vitest'
import type { Job } from '../../../shared/contract/job.js'
import { createReport, duration, progressLine } from './report.js'

function job(progress: Partial<Job['progress']>, ended = false): Job {
  return {
    id: 'job_1',
    kind: 'remove',
    input: { segmentId: 'segment_1' },
    status: ended ? 'succeeded' : 'running',
    seq: 1,
    progress: { phase: 'filling', done: 0, total: null, etaSeconds: null, ...progress },
    createdAt: '2026-01-01T00:00:00.000Z',
    startedAt: null,
    endedAt: ended ? '2026-01-01T00:00:09.000Z' : null,
  }
}

function streams(terminal: boolean): {
  out: (text: string) => void
  err: (text: string) => void
  terminal: boolean
  said: { out: string; err: string }
} {
  const said = { out: '', err: '' }
  return {
    said,
    terminal,
    out: (text) => (said.out += text),
    err: (text) => (said.err += text),
  }
}

describe('progress line', () => {
  it('says stage, n of N and the time left, as far as they are known', () => {
    expect(progressLine(job({ done: 12, total: 70, etaSeconds: 20.4 }))).toBe(
      'remove: filling 12 of 70, about 20 s left',
    )
    expect(progressLine(job({ done: 5 }))).toBe('remove: filling 5')
    expect(progressLine(job({}))).toBe('remove: filling')
    // As the command is written.
    const painting = { ...job({ phase: 'painting' }), kind: 'stylise' } as Job
    expect(progressLine(painting)).toBe('stylize: painting')
  })

  it('speaks of time as people do', () => {
    expect([0, 89, 90, 3600, 5399, 5400, 7260].map(duration)).toEqual([
      ...['1 s', '89 s', '2 min', '60 min', '1 h 30 min', '1 h 30 min', '2 h 1 min'],
    ])
  })
})

describe('report', () => {
  it('writes JSON lines to stdout alone', () => {
    const to = streams(true)
    const report = createReport(true, to)
    report.job(job({ done: 1, total: 2 }))
    report.error({ code: 'disk-full', message: 'Full.', hint: 'Free some.' })
    report.result({ a: 'l\nine' }, ['for people'])
    const lines = to.said.out.trimEnd().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual([
      'job',
      'error',
      'result',
    ])
    expect(to.said.err).toBe('')
  })

  it('writes over its line on a terminal and clears it before the result', () => {
    const to = streams(true)
    const report = createReport(false, to)
    report.job(job({ done: 1, total: 2 }))
    report.job(job({ done: 1, total: 2 }))
    report.result(null, ['Done.'])
    expect(to.said).toEqual({
      out: 'Done.\n',
      err: '\r\u001b[Kremove: filling 1 of 2\r\u001b[K',
    })
  })

  it('gives each phase one line in a log file', () => {
    const to = streams(false)
    const report = createReport(false, to)
    for (const done of [1, 2, 3]) report.job(job({ done, total: 3 }))
    report.job(job({ phase: 'writing' }))
    report.job(job({ phase: 'writing' }, true))
    expect(to.said.err).toBe('remove: filling\nremove: writing\n')
  })
})
