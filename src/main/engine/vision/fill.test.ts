import { describe, expect, it } from 'vitest'
import { createShotTracker } from './analyse.js'
import { SAME_COLOUR, chainColour, fitColour, invertColour } from './colour.js'
import { createCutFinder, THUMBNAIL } from './cuts.js'
import { belief, doubtsOf, trust } from './gate.js'
import { judgeLenders, type Lender, type Lent } from './lenders.js'
import { smoothFill } from './smoothFill.js'
import { surroundingsOf } from './surroundings.js'
import { listHole } from './hole.js'
import { IDENTITY, mapX, mapY, type Homography } from './homography.js'
import { blur, luma, type Picture } from './image.js'
import { loadOpenCv } from './opencv.js'
import { createRandom } from './random.js'
import { registrationPyramid } from './registration/level.js'
import { register } from './registration/register.js'

const size = { width: 160, height: 120 }

/** A smooth, non-repeating picture seen through a moved camera. */
function scene(dx: number, dy: number, gain = 1): Picture {
  const data = new Uint8Array(size.width * size.height * 3)
  for (let y = 0; y < size.height; y++) {
    for (let x = 0; x < size.width; x++) {
      const u = x + dx
      const v = y + dy
      const value =
        120 +
        40 * Math.sin(u / 9 + Math.sin(v / 17)) +
        30 * Math.cos(v / 7 + u / 23) +
        20 * Math.sin((u * v) / 900)
      for (let c = 0; c < 3; c++) {
        data[(y * size.width + x) * 3 + c] = Math.round(gain * (value + 5 * c))
      }
    }
  }
  return { ...size, data }
}

const everything = new Uint8Array(size.width * size.height).fill(1)
const pyramid = (picture: Picture): ReturnType<typeof registrationPyramid> =>
  registrationPyramid(blur(luma(picture)), everything)

describe('register', () => {
  it('finds a sub-pixel shift under a change of exposure', () => {
    const found = register(pyramid(scene(0, 0)), pyramid(scene(3.3, -1.7, 1.15)), IDENTITY, false)
    expect(mapX(found.h, 80, 60) - 80).toBeCloseTo(-3.3, 1)
    expect(mapY(found.h, 80, 60) - 60).toBeCloseTo(1.7, 1)
    expect(found.aligned).toBeGreaterThan(0.95)
  })

  it('says so when nothing lines up', () => {
    const random = createRandom(3)
    const noise = { ...size, data: Uint8Array.from(scene(0, 0).data, () => random() * 255) }
    const found = register(pyramid(scene(0, 0)), pyramid(noise), IDENTITY, true)
    expect(found.aligned).toBeLessThan(0.7)
  })
})

describe('fitColour', () => {
  it('finds gain and offset and leaves an unchanged picture exactly alone', () => {
    const a = scene(0, 0)
    const b = { ...size, data: a.data.map((value) => Math.round(value * 1.1 + 4)) }
    const fit = fitColour(a, b, everything, everything, IDENTITY)
    expect(fit.gain[1]).toBeCloseTo(1.1, 1)
    const back = chainColour(fit, invertColour(fit))
    expect(back.gain[0]).toBeCloseTo(1, 6)
    expect(back.offset[2]).toBeCloseTo(0, 6)
    expect(fitColour(a, a, everything, everything, IDENTITY)).toEqual(SAME_COLOUR)
  })
})

describe('shot tracker', () => {
  it('keeps a camera at rest exactly at rest and follows a pan without drift', async () => {
    const opencv = await loadOpenCv()
    const none = new Uint8Array(size.width * size.height)
    const still = createShotTracker(opencv)
    still.add(scene(0, 0), none)
    expect(still.add(scene(0, 0), none).pose).toEqual(IDENTITY)

    const moving = createShotTracker(opencv)
    let last = moving.add(scene(0, 0), none)
    for (let t = 1; t <= 12; t++) last = moving.add(scene(1.3 * t, 0.4 * t), none)
    expect(mapX(last.pose, 80, 60) - 80).toBeCloseTo(1.3 * 12, 0)
    expect(mapY(last.pose, 80, 60) - 60).toBeCloseTo(0.4 * 12, 0)
  })
})

describe('shot tracker before a plain wall', () => {
  /** A wall over a table with two patterned things on it; the left one is lifted by `lift` pixels. */
  function table(lift: number): Picture {
    const random = createRandom(5)
    const data = new Uint8Array(size.width * size.height * 3)
    for (let y = 0; y < size.height; y++) {
      for (let x = 0; x < size.width; x++) {
        let value = (y < 85 + x / 40 ? 120 : 200) + 3 * random()
        for (const [left, top, strength] of [
          [14, 40 - lift, 60],
          [122, 40, 35],
        ] as const) {
          const u = x - left
          const v = y - top
          if (u < 0 || v < 0 || u >= 26 || v >= 60) continue
          value = 110 + strength * Math.sin(u / 2.5) * Math.cos(v / 4)
        }
        data.fill(value, (y * size.width + x) * 3, (y * size.width + x) * 3 + 3)
      }
    }
    return { ...size, data }
  }

  it('does not follow a thing that is lifted out of a still picture', async () => {
    const none = new Uint8Array(size.width * size.height)
    const tracker = createShotTracker(await loadOpenCv())
    let lift = 0
    for (let t = 0; t < 14; t++) {
      const { pose } = tracker.add(table(lift), none)
      for (const [x, y] of [
        [0, 0],
        [80, 60],
        [159, 119],
      ] as const) {
        expect(Math.hypot(mapX(pose, x, y) - x, mapY(pose, x, y) - y)).toBeLessThan(0.5)
      }
      lift += t < 3 ? 0.6 : Math.min(6, t)
    }
  })
})

describe('cuts', () => {
  const thumbnail = (shade: number, shift: number): Picture => {
    const data = new Uint8Array(THUMBNAIL.width * THUMBNAIL.height * 3)
    for (let i = 0; i < data.length; i++) {
      data[i] = shade + 30 * Math.sin((Math.floor(i / 3) % THUMBNAIL.width) / 5 + shift)
    }
    return { ...THUMBNAIL, data }
  }

  it('finds a hard cut, and neither a pan nor a slow fade', () => {
    const cut = createCutFinder()
    for (let t = 0; t < 20; t++) cut.add(thumbnail(t < 9 ? 60 : 190, t * 0.05))
    expect(cut.cuts()).toEqual([9])
    const smooth = createCutFinder()
    for (let t = 0; t < 40; t++) smooth.add(thumbnail(50 + 4 * t, t * 0.4))
    expect(smooth.cuts()).toEqual([])
  })
})

describe('belief', () => {
  it('forgives compression noise, and errors far below what the content differs by', () => {
    expect(belief(0, 0)).toBe(1)
    expect(belief(4, 2)).toBeGreaterThan(0.99)
    expect(belief(20, 60)).toBeGreaterThan(0.99)
  })

  it('refuses content that errs as much as it differs from a smooth fill', () => {
    expect(belief(40, 40)).toBeLessThan(0.2)
    expect(belief(30, 10)).toBeLessThan(0.01)
  })
})

describe('doubtsOf', () => {
  const random = createRandom(9)
  const texture = { ...size, data: Uint8Array.from(scene(0, 0).data, () => random() * 255) }
  const soft = blur(luma(texture))
  const picture: Picture = {
    ...size,
    data: Uint8Array.from(texture.data, (_value, i) => soft.data[Math.floor(i / 3)]!),
  }
  const mask = new Uint8Array(size.width * size.height)
  for (let y = 45; y < 75; y++) mask.fill(1, y * size.width + 60, y * size.width + 100)
  const hole = listHole(mask, size, 6)!
  const none = new Float32Array(hole.pixels.length).fill(-1)
  const seen = new Float32Array(hole.pixels.length).fill(1)
  const unasked: Lent = {
    error: none.map(() => 0),
    aligned: none.map(() => 1),
    invented: new Uint8Array(none.length),
  }
  /** What a prediction taken from (dx, dy) beside the right place would show. */
  const beside = (dx: number, dy: number): Float32Array => {
    const out = new Float32Array(hole.pixels.length * 3)
    hole.pixels.forEach((pixel, n) => {
      for (let c = 0; c < 3; c++) {
        out[n * 3 + c] = picture.data[(pixel + dy * size.width + dx) * 3 + c]!
      }
    })
    return out
  }
  const mean = (colours: Float32Array): number => {
    const { ring } = doubtsOf(picture, hole, colours, seen, none, unasked)
    return ring.reduce((sum, one) => sum + Math.sqrt(one), 0) / ring.length
  }

  it('tells texture that moved a little from texture that is not the same', () => {
    expect(mean(beside(0, 0))).toBe(0)
    expect(mean(beside(2, -1))).toBeLessThan(0.5 * mean(beside(23, 17)))
  })

  const known = mask.map((value) => 1 - value)
  const around = surroundingsOf(blur(luma(picture)), known)!
  const lender = (map: Homography): Lender => ({
    ...{ picture, hole: null, map, change: SAME_COLOUR, pyramid: around.pyramid },
    ...{ share: 100, verdict: null, invented: false },
  })

  it('judges a picture that fills the hole by what it shows of the surroundings', () => {
    const right = lender(IDENTITY)
    const wrong = lender([1, 0, 23, 0, 1, 17, 0, 0, 1])
    const outside = lender([1, 0, 500, 0, 1, 0, 0, 0, 1])
    const unused = { ...lender(IDENTITY), share: 1 }
    const invented = { ...lender(IDENTITY), pyramid: null }
    judgeLenders({ picture, around }, hole, [right, wrong, outside, unused, invented])
    expect(Math.max(...(right.verdict?.error ?? []))).toBe(0)
    expect(right.verdict?.aligned).toBe(1)
    expect(Math.min(...(wrong.verdict?.error ?? []))).toBeGreaterThan(20)
    expect(wrong.verdict?.aligned).toBeLessThan(0.5)
    expect([outside.verdict?.error, unused.verdict]).toEqual([null, null])
    expect(invented.verdict?.aligned).toBe(1)
  })

  it('believes half of what the ring confirms and others contradict, and none of what nothing fits', () => {
    const smooth = smoothFill(picture, hole)
    const mean = (lent: Lent): number => {
      const doubts = doubtsOf(picture, hole, beside(0, 0), seen, none, lent)
      const { weight } = trust(picture, hole, beside(0, 0), seen, doubts, smooth, null)
      return weight.reduce((sum, one) => sum + one, 0) / weight.length
    }
    expect(mean(unasked)).toBeGreaterThan(0.99)
    let square = 0
    beside(0, 0).forEach((value, i) => (square += (value - smooth[i]!) ** 2))
    const gap = square / smooth.length
    const contradicted = mean({ ...unasked, error: none.map(() => 1.3 * gap) })
    expect(contradicted).toBeGreaterThan(0.35)
    expect(contradicted).toBeLessThan(0.6)
    expect(mean({ ...unasked, error: none.map(() => 9 * gap) })).toBeLessThan(0.1)
    expect(mean({ ...unasked, aligned: none.map(() => 0.2) })).toBeLessThan(0.01)
    expect(mean({ ...unasked, aligned: none.map(() => 0.75) })).toBeGreaterThan(0.95)
  })

  it('lets what is filmed and refuted say nothing of what is made up beside it', () => {
    const smooth = smoothFill(picture, hole)
    const colours = beside(0, 0)
    const made = Uint8Array.from(hole.pixels, (pixel) => (pixel % size.width < 80 ? 1 : 0))
    const error = none.map(() => 1e4)
    const weights = (invented: Uint8Array, aligned: number): Float32Array => {
      const lent: Lent = { error, aligned: none.map(() => aligned), invented }
      const doubts = doubtsOf(picture, hole, colours, seen, none, lent)
      return trust(picture, hole, colours, seen, doubts, smooth, null).weight
    }
    const beside80 = weights(made, 1)
    expect(Math.min(...beside80.filter((_, n) => made[n] === 1))).toBeGreaterThan(0.99)
    expect(Math.max(...beside80.filter((_, n) => made[n] === 0))).toBeLessThan(0.01)
    expect(Math.max(...weights(new Uint8Array(made.length), 1))).toBeLessThan(0.01)
    // What stands still amid surroundings that do not is not believed either.
    expect(Math.max(...weights(made, 0.2))).toBeLessThan(0.01)
  })
})
