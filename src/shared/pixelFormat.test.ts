import { expect, it } from 'vitest'
import { hdrName, isTransparent } from './pixelFormat.js'

it('knows formats with transparency from those without', () => {
  const some = ['yuva420p', 'yuva444p12le', 'rgba', 'rgba64be', 'argb', 'gbrap10le', 'ya8']
  expect(some.filter((format) => !isTransparent(format))).toEqual([])
  const none = ['yuv420p', 'yuvj422p', 'rgb24', 'gbrp', 'gray', 'p010le', 'nv12', 'yuyv422']
  expect(none.filter(isTransparent)).toEqual([])
})

it('calls high dynamic range what people call it', () => {
  expect(['smpte2084', 'arib-std-b67', 'other'].map(hdrName)).toEqual(['PQ', 'HLG', 'other'])
})
