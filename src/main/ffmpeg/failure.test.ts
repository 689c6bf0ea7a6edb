import { expect, it } from 'vitest'
import { ffmpegFailure, fileFailure } from './failure.js'

it.each([
  ['av_interleaved_write_frame(): No space left on device', 'disk-full'],
  ['/x/y.mp4: Permission denied', 'disk-write'],
  ['[mov] moov atom not found\nx.mp4: Invalid data found when processing input', 'media-damaged'],
  ['Decoder (codec av1) not found for input stream #0:0', 'media-unsupported'],
  ['Conversion failed!', 'ffmpeg-failed'],
])('%s', (stderr, code) => {
  const error = ffmpegFailure('write the export', 1, stderr)
  expect(error).toMatchObject({ name: 'AppError', code })
  expect(error.hint).toBeTruthy()
  expect(error.detail).toContain(stderr.slice(0, 20))
})

it.each([
  ['ENOENT', 'file-missing'],
  ['ENOSPC', 'disk-full'],
  ['EACCES', 'file-unreadable'],
  ['EIO', 'disk-write'],
])('%s is %s', (code, expected) => {
  const cause = Object.assign(new Error('failed'), { code })
  expect(fileFailure(cause, '/some/file')).toMatchObject({ code: expected, cause })
})
