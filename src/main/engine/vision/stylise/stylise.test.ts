import { beforeAll, describe, expect, it } from 'vitest'
import type { Picture } from '../image.js'
import { loadOpenCv } from '../opencv.js'
import type { OpenCvBox } from '../opencv.js'
import { enlargePainted } from './enlarge.js'
import { resample, resizePicture } from './resample.js'
import { createSteadier } from './steady.js'

function picture(
  width: number,
  height: number,
  of: (x: number, y: number) => readonly number[],
): Picture {
  const data = new Uint8Array(width * height * 3)
  for (let y = 0, n = 0; y < height; y++) {
    for (let x = 0; x < width; x++, n += 3) data.set(of(x, y), n)
  }
  return { width, height, data }
}

const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, n) => sum + Math.abs(value - (b[n] ?? 0)), 0) / a.length

describe('resampling', () => {
  it.each([
    [10, 7, 23, 31],
    [31, 22, 8, 5],
    [9, 9, 9, 4],
    [1, 1, 6, 3],
    [6, 3, 1, 1],
  ])('keeps a plain colour: %i x %i to %i x %i', (width, height, to, down) => {
    const plain = picture(width, height, () => [10, 200, 77])
    expect(resizePicture(plain, { width: to, height: down })).toEqual(
      picture(to, down, () => [10, 200, 77]),
    )
  })

  it('keeps a slope where it is', () => {
    const ramp = Float32Array.from({ length: 64 }, (_, x) => x)
    const small = resample(
      { width: 64, height: 1, channels: 1, data: ramp },
      { width: 16, height: 1 },
    )
    // The middle of four pixels 4n..4n+3.
    for (let n = 1; n < 15; n++) expect(small.data[n]).toBeCloseTo(4 * n + 1.5, 3)
    const large = resample(small, { width: 64, height: 1 })
    for (let x = 8; x < 56; x++) expect(large.data[x]).toBeCloseTo(x, 3)
  })
})

describe('enlarging paint', () => {
  const source = picture(96, 64, (x) => (x < 47 ? [30, 30, 30] : [220, 220, 220]))
  const small = resizePicture(source, { width: 24, height: 16 })

  it('gives edges the sharpness of the source', () => {
    const painted = resizePicture(
      picture(96, 64, (x) => (x < 47 ? [60, 20, 20] : [230, 190, 190])),
      small,
    )
    const row = 32 * 96 * 3
    const sharp = enlargePainted(painted, small, source)
    const soft = resizePicture(painted, source).data
    const step = (data: ArrayLike<number>): number =>
      (data[row + 49 * 3] ?? 0) - (data[row + 44 * 3] ?? 0)
    expect(step(soft)).toBeLessThan(150)
    expect(step(sharp)).toBeGreaterThan(155)
  })

  it('takes over no texture where the paint has none', () => {
    const rough = picture(96, 64, (x, y) => ((x + y) % 2 === 0 ? [96, 96, 96] : [104, 104, 104]))
    const flat = picture(24, 16, () => [80, 120, 160])
    const out = enlargePainted(flat, resizePicture(rough, flat), rough)
    expect(difference(out, picture(96, 64, () => [80, 120, 160]).data)).toBeLessThan(0.5)
  })
})

describe('keeping paint steady', () => {
  let cv: OpenCvBox
  beforeAll(async () => {
    cv = await loadOpenCv()
  })
  const texture = (shift: number): Picture =>
    picture(160, 96, (x, y) => {
      const u = x - shift
      const value = 128 + 60 * Math.sin(u / 5) * Math.cos(y / 7) + 40 * Math.sin((u + y) / 11)
      return [value, value, value]
    })

  it('carries paint along the motion', () => {
    const steadier = createSteadier(cv)
    const stripes = (shift: number): Picture =>
      picture(160, 96, (x) =>
        Math.floor((x - shift + 200) / 10) % 2 === 0 ? [200, 90, 60] : [60, 90, 200],
      )
    steadier.next(texture(0), stripes(0), 0.8)
    const grey = picture(160, 96, () => [128, 128, 128])
    const out = steadier.next(texture(4), grey, 0.8)
    expect(difference(out.data, stripes(4).data)).toBeLessThan(
      difference(out.data, stripes(0).data) * 0.7,
    )
  })

  it('leaves a frame alone after a cut, with nothing to share, and when told to forget', () => {
    const before = picture(160, 96, () => [255, 0, 0])
    const fresh = picture(160, 96, () => [0, 0, 255])
    const dark = picture(160, 96, (x, y) => [(x * y) % 60, 5, 5])
    const cut = createSteadier(cv)
    cut.next(texture(0), before, 0.9)
    expect(difference(cut.next(dark, fresh, 0.9).data, fresh.data)).toBeLessThan(6)
    const none = createSteadier(cv)
    none.next(texture(0), before, 0)
    expect(none.next(texture(0), fresh, 0)).toEqual(fresh)
    none.forget()
    expect(none.next(texture(0), fresh, 0.9)).toEqual(fresh)
  })
})
