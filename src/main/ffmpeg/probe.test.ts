import { expect, it } from 'vitest'
import { bitsOf, parsePackets, turnOf } from './probed.js'

it('turnOf reads the display matrix first, then the old tag', () => {
  const matrix = (rotation: number): Parameters<typeof turnOf>[0] => ({
    side_data_list: [{ rotation }],
    tags: { rotate: '180' },
  })
  // ffprobe states it anticlockwise.
  expect([-90, 90, -180, 180, 270, 0, -360].map((angle) => turnOf(matrix(angle)))).toEqual([
    90, 270, 180, 180, 90, 0, 0,
  ])
  expect(turnOf({ tags: { rotate: '270' } })).toBe(270)
  expect(turnOf({ side_data_list: [{}] })).toBe(0)
  expect(turnOf({ side_data_list: [{ rotation: -89.6 }] })).toBe(90)
})

it('bitsOf reads the depth out of any pixel format', () => {
  const bits = (pix_fmt: string, raw = 'N/A'): number =>
    bitsOf({ pix_fmt, bits_per_raw_sample: raw })
  expect(bits('yuv420p')).toBe(8)
  expect(bits('yuv420p', '8')).toBe(8)
  expect(bits('yuv422p10le')).toBe(10)
  expect(bits('yuva444p12be')).toBe(12)
  expect(bits('p010le')).toBe(10)
  expect(bits('rgb48be')).toBe(16)
  expect(bits('gray16le')).toBe(16)
  expect(bits('gbrpf32le')).toBe(32)
})

it('parsePackets keeps hidden packets apart and reads what is not known as null', () => {
  const text =
    'pts=0|dts=-1024|duration=512|flags=KD_\r\npts=N/A|dts=512|duration=N/A|flags=__\n\nside=1\n'
  expect(parsePackets(text)).toEqual([
    { time: 0, duration: 512, hidden: true },
    { time: 512, duration: null, hidden: false },
  ])
})
