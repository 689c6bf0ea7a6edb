import { describe, expect, it } from 'vitest'
import { frameBytes } from '../../ffmpeg/layout.js'
import { isSeamVisible } from '../../../shared/takeProof.js'
import { differenceOutside, grownMask, measureSeam } from './proof.js'

const SIZE = { width: 96, height: 64 }
const FORMAT = {
  ...SIZE,
  layout: 'yuv420p',
  colour: { matrix: 'bt709', range: 'tv' },
} as const

const painted = new Uint8Array(96 * 64)
for (let y = 20; y < 44; y++) painted.fill(255, y * 96 + 30, y * 96 + 60)
const inside = grownMask(painted, SIZE, 3)

/** A soft picture with some texture. */
function picture(t = 0): Uint8Array {
  return Uint8Array.from({ length: 96 * 64 }, (_, at) => {
    const x = at % 96
    const y = Math.floor(at / 96)
    return 70 + 0.5 * (x + t) + 0.4 * y + 5 * Math.sin((x + t) * 1.7) * Math.cos(y * 1.3)
  })
}

const filled = (change: (value: number, at: number) => number, t = 0): Uint8Array =>
  picture(t).map((value, at) => (inside[at] === 1 ? change(value, at) : value))

describe('difference outside', () => {
  const source = Uint8Array.from({ length: frameBytes('yuv420p', 96, 64) }, (_, at) => at % 200)

  it('ignores what lies inside and finds a single sample outside', () => {
    const take = source.slice()
    take[32 * 96 + 45] = 255
    expect(differenceOutside(source, take, inside, FORMAT).max).toBe(0)
    take[5 * 96 + 5] = (take[5 * 96 + 5] ?? 0) + 1
    expect(differenceOutside(source, take, inside, FORMAT).max).toBe(1)
  })

  it('looks at the chroma planes too', () => {
    const take = source.slice()
    const chroma = 96 * 64 + 2 * 48 + 2
    take[chroma] = (take[chroma] ?? 0) + 7
    const { max, samples } = differenceOutside(source, take, inside, FORMAT)
    expect(max).toBe(7)
    expect(samples).toBeGreaterThan(96 * 64 * 0.8)
  })
})

describe('seam', () => {
  const before = { luma: picture(), inside }

  it('is not seen where the fill is the picture itself', () => {
    const seam = measureSeam({ luma: picture(1), inside }, before, SIZE)
    expect(seam).not.toBeNull()
    expect(seam !== null && isSeamVisible(seam)).toBe(false)
    expect(seam?.gradient).toBeLessThan(1.3)
  })

  it('is seen where the fill is lighter, and where it flickers', () => {
    const lighter = measureSeam({ luma: filled((value) => value + 18), inside }, null, SIZE)
    expect(lighter?.step).toBeGreaterThan(9)
    expect(lighter?.flicker).toBeNull()
    const restless = measureSeam(
      { luma: filled((value, at) => value + ((at * 7) % 13) - 6, 1), inside },
      before,
      SIZE,
    )
    expect(restless?.flicker).toBeGreaterThan(1.3)
  })

  it('is none without a mask', () => {
    const nothing = new Uint8Array(96 * 64)
    expect(measureSeam({ luma: picture(), inside: nothing }, null, SIZE)).toBeNull()
  })
})
