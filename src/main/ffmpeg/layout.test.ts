import { expect, it } from 'vitest'
import type { MediaInfo, MediaNote } from '../../shared/document/model.js'
import { frameBytes, nativeLayout, planesOf } from './layout.js'

it('rounds the chroma of odd sizes up', () => {
  expect(planesOf('yuv420p', 161, 91)).toEqual([
    { width: 161, height: 91, offset: 0 },
    { width: 81, height: 46, offset: 161 * 91 },
    { width: 81, height: 46, offset: 161 * 91 + 81 * 46 },
  ])
  expect(frameBytes('yuv420p', 161, 91)).toBe(161 * 91 + 2 * 81 * 46)
  expect(frameBytes('yuv422p', 161, 91)).toBe(161 * 91 + 2 * 81 * 91)
  expect([frameBytes('rgb24', 5, 3), frameBytes('rgba', 5, 3), frameBytes('gray', 5, 3)]).toEqual([
    45, 60, 15,
  ])
})

it('finds the layout that loses least', () => {
  const layout = (pixelFormat: string, ...notes: MediaNote[]): string =>
    nativeLayout({ pixelFormat, notes } as unknown as MediaInfo)
  expect(
    ['yuvj420p', 'nv12', 'yuv420p10le', 'p010le', 'yuv410p'].map((one) => layout(one)),
  ).toEqual(Array.from({ length: 5 }, () => 'yuv420p'))
  expect(['yuyv422', 'yuv422p10le', 'yuva422p', 'p210le'].map((one) => layout(one))).toEqual(
    Array.from({ length: 4 }, () => 'yuv422p'),
  )
  expect(['yuv444p12le', 'yuv440p', 'yuv411p'].map((one) => layout(one))).toEqual(
    Array.from({ length: 3 }, () => 'yuv444p'),
  )
  expect(['gbrp10le', 'bgra', 'pal8', 'rgb48be'].map((one) => layout(one))).toEqual(
    Array.from({ length: 4 }, () => 'rgb24'),
  )
  expect([layout('gray'), layout('ya8'), layout('monow')]).toEqual(['gray', 'gray', 'gray'])
  expect(layout('yuv422p', { kind: 'rotated', degrees: 90 })).toBe('yuv444p')
  expect(layout('yuv422p', { kind: 'rotated', degrees: 180 })).toBe('yuv422p')
})
