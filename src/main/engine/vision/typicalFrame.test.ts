import { describe, expect, it } from 'vitest'
import { createShotTracker, type AnalysedFrame } from './analyse.js'
import { loadOpenCv } from './opencv.js'
import { createRandom } from './random.js'
import { typicalFrame } from './typicalFrame.js'

const size = { width: 160, height: 120 }

/** A camera at rest before a hole, and a dark thing that stands at `thingAt(t)`. */
async function shotOf(
  count: number,
  thingAt: (t: number) => number,
  holeAt = (_: number): number => 70,
): Promise<AnalysedFrame[]> {
  const tracker = createShotTracker(await loadOpenCv())
  return Array.from({ length: count }, (_, t) => {
    const grain = createRandom(t)
    const data = new Uint8Array(size.width * size.height * 3)
    const mask = new Uint8Array(size.width * size.height)
    for (let i = 0; i < mask.length; i++) {
      const x = i % size.width
      const y = Math.floor(i / size.width)
      const thing = Math.abs(x - thingAt(t)) < 9 && Math.abs(y - 60) < 20
      const value =
        120 + 40 * Math.sin(x / 9 + Math.sin(y / 17)) + 30 * Math.cos(y / 7 + x / 23) + 4 * grain()
      data.fill(thing ? 20 : Math.round(value), i * 3, i * 3 + 3)
      if (Math.abs(x - holeAt(t)) < 14 && Math.abs(y - 60) < 22) mask[i] = 1
    }
    return tracker.add({ ...size, data }, mask)
  })
}

const all = (count: number, lacks = (_: number): number => 500): Map<number, number> =>
  new Map(Array.from({ length: count }, (_, t) => [t, lacks(t)]))

describe('the frame to make something up in', () => {
  it('is not one in which something passes that the others do not show', async () => {
    // It stands at the border of the hole in the first four frames and is gone then.
    const frames = await shotOf(12, (t) => (t < 4 ? 54 : -40))
    expect(typicalFrame(frames, all(12), 8, true)).toBeGreaterThanOrEqual(4)
  })

  it('is the one that lacks most where nothing passes, and never one that lacks much less', async () => {
    const still = await shotOf(8, () => -40)
    expect(
      typicalFrame(
        still,
        all(8, (t) => 500 - Math.abs(t - 5)),
        8,
        true,
      ),
    ).toBe(5)
    const frames = await shotOf(8, (t) => (t < 2 ? 54 : -40))
    const lacking = (others: number): Map<number, number> => all(8, (t) => (t < 2 ? 500 : others))
    expect(typicalFrame(frames, lacking(300), 8, true)).toBe(0)
    // A camera that moves shows other things around a hole in any case.
    expect(typicalFrame(frames, lacking(490), 8, true)).toBeGreaterThan(1)
    expect(typicalFrame(frames, lacking(490), 8, false)).toBe(0)
  })

  it('is none where next to nothing is missing, nor where nothing is', async () => {
    const frames = await shotOf(3, () => -40)
    expect(
      typicalFrame(
        frames,
        all(3, () => 8),
        8,
        true,
      ),
    ).toBeNull()
    expect(typicalFrame(frames, new Map(), 8, true)).toBeNull()
  })

  it('compares what holes that move apart have around them', async () => {
    const frames = await shotOf(
      8,
      (t) => (t < 2 ? 38 + 6 * t : -40),
      (t) => 56 + 6 * t,
    )
    expect(typicalFrame(frames, all(8), 8, true)).toBeGreaterThanOrEqual(2)
  })
})
