import { expect, it } from 'vitest'
import { sampledFrames } from './measureTake.js'

it('a new take is measured in pairs from its first frame to its last, a short one whole', () => {
  expect(sampledFrames(10, 34)).toEqual(Array.from({ length: 24 }, (_, n) => 10 + n))
  for (const total of [25, 80, 1000]) {
    const frames = sampledFrames(7, 7 + total)
    expect(frames).toHaveLength(24)
    expect(frames[0]).toBe(7)
    expect(frames.at(-1)).toBe(7 + total - 1)
    for (let n = 0; n < frames.length; n += 2) expect(frames[n + 1]).toBe((frames[n] ?? 0) + 1)
  }
})
