import { beforeAll, describe, expect, it } from 'vitest'
import type { Picture } from '../image.js'
import { loadOpenCv } from '../opencv.js'
import type { OpenCvBox } from '../opencv.js'
import { enlargePainted } from './enlarge.js'
import { putTogether, takeApart } from './layers.js'
import { eachRow, resample, resizePicture } from './resample.js'
import { createSteadier } from './steady.js'
import type { Steadier } from './steady.js'

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

describe('resampling row by row', () => {
  it.each([
    [13, 9, 40, 31],
    [40, 31, 13, 9],
    [13, 9, 13, 20],
    [13, 9, 13, 9],
  ])('is resampling: %i x %i to %i x %i', (width, height, to, down) => {
    const data = Float32Array.from({ length: width * height * 3 }, (_, n) => (n * 7919) % 251)
    const from = { width, height, channels: 3, data }
    const whole = resample(from, { width: to, height: down })
    const rows: number[] = []
    eachRow(from, { width: to, height: down }, (row, y) => {
      expect(rows).toHaveLength(y * to * 3)
      rows.push(...row)
    })
    expect(rows).toEqual([...whole.data])
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

  /** A painted frame through the steadier. */
  const next = (steadier: Steadier, small: Picture, painted: Picture, share: number): Picture =>
    putTogether(steadier.next(takeApart(small, painted, 0), share))
  /** The same without a frame before. */
  const alone = (small: Picture, painted: Picture): Picture =>
    putTogether(takeApart(small, painted, 0))

  it('carries paint along the motion', () => {
    const steadier = createSteadier(cv)
    const stripes = (shift: number): Picture =>
      picture(160, 96, (x) =>
        Math.floor((x - shift + 200) / 10) % 2 === 0 ? [200, 90, 60] : [60, 90, 200],
      )
    next(steadier, texture(0), stripes(0), 0.8)
    const grey = picture(160, 96, () => [128, 128, 128])
    const out = next(steadier, texture(4), grey, 0.8)
    expect(difference(out.data, stripes(4).data)).toBeLessThan(
      difference(out.data, stripes(0).data) * 0.7,
    )
  })

  it('takes the flicker out of paint and leaves its strokes', () => {
    const steadier = createSteadier(cv)
    const stripes = (frame: number): Picture =>
      picture(160, 96, (x, y) => {
        const flicker = ((x * 7 + y * 13 + frame * 5) % 11) * 4 - 20
        const stroke = Math.floor((x - 3 * frame + 200) / 8) % 2 === 0 ? 170 : 90
        return [stroke + flicker, 120, 200 - stroke]
      })
    const outs = [0, 1, 2, 3, 4, 5].map((frame) =>
      next(steadier, texture(3 * frame), stripes(frame), 0.85),
    )
    /** How far a frame is from the one before, moved along. */
    const change = (a: Picture, b: Picture): number => {
      let sum = 0
      for (let y = 10; y < 86; y++) {
        for (let x = 20; x < 140; x++) {
          sum += Math.abs(b.data[(y * 160 + x) * 3]! - a.data[(y * 160 + x - 3) * 3]!)
        }
      }
      return sum / (76 * 120)
    }
    const contrast = ({ data }: Picture): number => {
      let sum = 0
      for (let x = 24; x < 136; x++) sum += Math.abs(data[(48 * 160 + x) * 3]! - 130)
      return sum / 112
    }
    const [before, after] = [outs[4]!, outs[5]!]
    expect(change(before, after)).toBeLessThan(0.4 * change(stripes(4), stripes(5)))
    expect(contrast(after)).toBeGreaterThan(0.75 * contrast(stripes(5)))
  })

  it('leaves nothing of a thing where it was: edges are those of the frame', () => {
    const steadier = createSteadier(cv)
    const thing = (at: number): Picture =>
      picture(160, 96, (x, y) =>
        x >= at && x < at + 30 && y >= 30 && y < 66 ? [230, 230, 230] : [60 + (y % 8), 60, 60],
      )
    const paint = ({ data }: Picture): Picture => ({
      ...{ width: 160, height: 96 },
      data: data.map((value, n) => (n % 3 === 0 ? value * 0.8 : n % 3 === 1 ? value * 0.5 : 80)),
    })
    let last = thing(0)
    let out = last
    for (let frame = 0; frame < 6; frame++) {
      last = thing(30 + frame * 7)
      out = next(steadier, last, paint(last), 0.85)
    }
    expect(difference(out.data, paint(last).data)).toBeLessThan(3)
  })

  it('leaves a frame alone after a cut, with nothing to share, and when told to forget', () => {
    const before = picture(160, 96, () => [255, 0, 0])
    const fresh = picture(160, 96, () => [0, 0, 255])
    const dark = picture(160, 96, (x, y) => [(x * y) % 60, 5, 5])
    const cut = createSteadier(cv)
    next(cut, texture(0), before, 0.9)
    expect(difference(next(cut, dark, fresh, 0.9).data, fresh.data)).toBeLessThan(6)
    const none = createSteadier(cv)
    next(none, texture(0), before, 0)
    expect(next(none, texture(0), fresh, 0)).toEqual(alone(texture(0), fresh))
    none.forget()
    expect(next(none, texture(0), fresh, 0.9)).toEqual(alone(texture(0), fresh))
  })
})

describe('layers of paint', () => {
  const [WIDTH, HEIGHT] = [240, 160]
  const inside = (x: number, y: number): boolean => x >= 90 && x < 150 && y >= 60
  const house = picture(WIDTH, HEIGHT, (x, y) =>
    inside(x, y) ? [40, 42, 40] : [200 + (x % 3), 200, 205],
  )
  /** The house in other colours, with a light rim of six pixels around it and strokes on the wall. */
  const painted = (rim: number): Picture =>
    picture(WIDTH, HEIGHT, (x, y) => {
      if (inside(x, y)) return [70, 30, 90]
      const isRim = x >= 84 && x < 156 && y >= 54
      const light = (isRim ? rim : 0) + (((x + 2 * y) >> 1) % 4 < 2 ? 8 : -8)
      return [150 + light, 160 + light, 90 + light]
    })
  /** Mean red of the wall beside the house, so far away. */
  const wall = ({ data }: Picture, away: number): number => {
    let sum = 0
    for (let y = 80; y < 144; y++) {
      for (let x = 82 - away; x < 90 - away; x++) sum += data[(y * WIDTH + x) * 3]!
    }
    return sum / 512
  }

  it('give the painted frame back where there is no rim', () => {
    const flat = picture(120, 80, (x, y) => [90 + ((x * 5 + y * 3) % 17), 120, 60])
    const grey = picture(120, 80, () => [120, 120, 120])
    expect(difference(putTogether(takeApart(grey, flat, 0)).data, flat.data)).toBeLessThan(1)
  })

  it('leave out rims beside edges, and keep strokes', () => {
    const rimmed = painted(40)
    const out = putTogether(takeApart(house, rimmed, 0))
    expect(wall(rimmed, 0) - wall(rimmed, 60)).toBeGreaterThan(25)
    expect(Math.abs(wall(out, 0) - wall(out, 60))).toBeLessThan(16)
    // Strokes alternate along a row, and are as strong as they were.
    const swing = ({ data }: Picture, from: number): number => {
      let sum = 0
      for (let x = from; x < from + 24; x++) {
        sum += Math.abs(data[(100 * WIDTH + x + 4) * 3]! - data[(100 * WIDTH + x) * 3]!)
      }
      return sum / 24
    }
    for (const from of [10, 50]) {
      expect(swing(out, from)).toBeGreaterThan(0.8 * swing(painted(0), from))
    }
    const bold = putTogether(takeApart(house, rimmed, 0.8))
    expect(swing(bold, 10)).toBeGreaterThan(1.5 * swing(out, 10))
    // Not beside the edge.
    expect(Math.abs(wall(bold, 0) - wall(bold, 60))).toBeLessThan(16)
  })

  it('are the ground and the rest: put together without blending, any paint comes back', () => {
    // What is a rim is left out, and there is none where the light has no edge.
    const soft = picture(121, 83, (x, y) => [100 + x / 4, 110 + y / 4, 120])
    const paint = picture(121, 83, (x, y) => [
      (x * 29 + y * 17) % 256,
      (x * 3 + y * 57) % 256,
      (x + 7 * y) % 256,
    ])
    const out = putTogether(takeApart(soft, paint, 0))
    const worst = out.data.reduce((most, v, n) => Math.max(most, Math.abs(v - paint.data[n]!)), 0)
    expect(worst).toBe(0)
  })
})

describe('bold strokes', () => {
  const [width, height] = [120, 80]
  const painted = picture(width, height, (x, y) => {
    const light = (x + y) % 12 < 6 ? 20 : -20
    const colour = (x * 3 + y) % 20 < 10 ? 15 : -15
    return [128 + light + colour, 128 + light, 128 + light - colour]
  })
  /** Mean of strokes' light and of their colour. */
  const strokes = (small: Picture, boldness: number): readonly [light: number, colour: number] => {
    const { strokes: all } = takeApart(small, painted, boldness)
    let [light, colour] = [0, 0]
    for (let n = 0; n < all.length; n += 3) {
      light += Math.abs(0.299 * all[n]! + 0.587 * all[n + 1]! + 0.114 * all[n + 2]!)
      colour += Math.abs(all[n]! - all[n + 2]!)
    }
    return [light / width / height, colour / width / height]
  }

  it('are as bold in light as in colour where no edge is', () => {
    const flat = picture(width, height, () => [128, 128, 128])
    const [plain, bold] = [strokes(flat, 0), strokes(flat, 1)]
    expect(bold[0] / plain[0]).toBeCloseTo(2, 1)
    expect(bold[1] / plain[1]).toBeCloseTo(2, 1)
  })

  it('do not cover a thicket of edges: their light steps back and their colour stays as it is', () => {
    const edges = picture(width, height, (x) => (x % 8 < 4 ? [200, 200, 200] : [50, 50, 50]))
    const [plain, bold] = [strokes(edges, 0), strokes(edges, 1)]
    expect(bold[0] / plain[0]).toBeLessThan(0.6)
    expect(bold[1] / plain[1]).toBeCloseTo(1, 1)
  })
})
