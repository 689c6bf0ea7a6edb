import { describe, expect, it } from 'vitest'
import { clipVelocity } from './clipVelocity.js'
import { planTiles } from './tiles.js'
import { planWindows } from './windows.js'

const NETWORK = { width: 8, height: 8 }

describe('tiles', () => {
  it.each([
    [{ width: 8, height: 8 }, 1],
    [{ width: 14, height: 8 }, 2],
    [{ width: 20, height: 11 }, 6],
  ])('cover %j with shares that sum to one', (canvas, count) => {
    const tiles = planTiles(canvas, NETWORK)
    expect(tiles).toHaveLength(count)
    const sums = new Float64Array(canvas.width * canvas.height)
    for (const { x, y, across, down } of tiles) {
      down.forEach((row, dy) =>
        across.forEach((column, dx) => (sums[(y + dy) * canvas.width + x + dx]! += row * column)),
      )
    }
    for (const sum of sums) expect(sum).toBeCloseTo(1)
  })

  it('show the network each part with what is given there, and put the answers together', async () => {
    const canvas = { width: 14, height: 8 }
    const area = canvas.width * canvas.height
    const x = Float32Array.from({ length: 2 * 3 * area }, (_, n) => n)
    const mask = Float32Array.from({ length: 2 * area }, (_, n) => n % 2)
    const given = Float32Array.from({ length: 2 * 3 * area }, (_, n) => -n)
    const seen: Float32Array[] = []
    const velocity = clipVelocity({
      pass(sample) {
        seen.push(sample)
        const out = new Float32Array(2 * 3 * 64)
        for (let frame = 0; frame < 2; frame++) {
          out.set(sample.subarray(frame * 7 * 64, (frame * 7 + 3) * 64), frame * 3 * 64)
        }
        return Promise.resolve(out)
      },
      ...{
        windows: planWindows(2, 2, false),
        canvas,
        network: NETWORK,
        guidance: () => ({ against: 'empty' as const, scale: 1 }),
      },
      conditioning: { mask, given },
      onPass: () => Promise.resolve(),
    })
    // A network that answers with what it sees gives back the canvas.
    const out = await velocity(x, 0.5)
    out.forEach((value, n) => expect(value).toBeCloseTo(x[n]!, 3))
    expect(seen).toHaveLength(2)
    // Second frame, second tile (from column 6), row 3: noisy red, mask, given green.
    const at = (channel: number): number => (7 + channel) * 64 + 3 * 8
    const inFrame = 3 * canvas.width + 6
    expect(seen[1]![at(0)]).toBe(x[3 * area + inFrame])
    expect(seen[1]![at(3)]).toBe(mask[area + inFrame])
    expect(seen[1]![at(5) + 1]).toBe(given[4 * area + inFrame + 1]! * mask[area + inFrame + 1]!)
  })
})
