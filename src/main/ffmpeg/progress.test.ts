import { expect, it } from 'vitest'
import { createProgressParser } from './progress.js'

const REPORT = [
  'frame=42',
  'fps=12.5',
  'stream_0_0_q=28.0',
  'out_time_ms=1680000',
  'out_time=00:00:01.680000',
  'speed=1.2x',
  'progress=continue',
  '',
].join('\n')

it('reads whole blocks in whatever pieces they come', () => {
  const parse = createProgressParser()
  const reports = [...REPORT].flatMap((letter) => parse(letter))
  expect(reports).toEqual([{ frame: 42, seconds: 1.68, ended: false }])
  expect(parse('frame=50\r\nout_time_ms=2000000\r\nprogress=end\r\n')).toEqual([
    { frame: 50, seconds: 2, ended: true },
  ])
})

it('keeps the last figures where ffmpeg has none yet, and is not misled by complaints', () => {
  const parse = createProgressParser()
  expect(parse('frame=\nout_time_ms=N/A\nprogress=continue\n')).toEqual([
    { frame: 0, seconds: 0, ended: false },
  ])
  expect(parse('frame=7\nout_time_ms=-23000\nprogress=continue\n')).toEqual([
    { frame: 7, seconds: 0, ended: false },
  ])
  expect(parse('[mp4 @ 0x1] progress is slow\nerror: frame=x\nprogress=continue\n')).toEqual([
    { frame: 7, seconds: 0, ended: false },
  ])
})
