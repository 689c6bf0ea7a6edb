import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { clipVelocity, compose, passesPerVelocity } from './clipVelocity.js'
import type { Pass } from './clipVelocity.js'
import { seededNoise } from './noise.js'
import { addNoise, createSchedule, guide, integrate, passesOf, startTime } from './scheduler.js'
import type { Solver, Velocity } from './scheduler.js'
import { planWindows } from './windows.js'

const golden = JSON.parse(readFileSync(resolve('training/tests/sampler_golden.json'), 'utf8')) as {
  start: number[]
  schedules: { steps: number; shift: number; times: number[] }[]
  samples: { solver: Solver; steps: number; shift: number; result: number[] }[]
}

async function run(
  x: Float32Array,
  schedule: Float32Array,
  solver: Solver,
  velocity: Velocity,
): Promise<Float32Array> {
  for await (const step of integrate(x, schedule, solver, velocity)) x = step.x
  return x
}

function expectNear(actual: Iterable<number>, wanted: readonly number[], tolerance: number): void {
  const found = [...actual]
  expect(found).toHaveLength(wanted.length)
  found.forEach((value, n) => expect(Math.abs(value - wanted[n]!)).toBeLessThan(tolerance))
}

describe('scheduler', () => {
  it.each(golden.schedules)('makes the times of training: $steps, shift $shift', (one) => {
    expectNear(createSchedule(one.steps, one.shift), one.times, 1e-6)
  })

  it('starts a changed clip later where noise hides its layout later, and ends at 0', () => {
    const small = { frames: 16, width: 32, height: 32 }
    const large = { frames: 80, width: 128, height: 128 }
    const half = startTime(0.5, { frames: 40, width: 64, height: 64 })
    expect(half).toBeCloseTo(0.8845, 3) // noise over clip at the layout: .884 / .116 = e^-1.5 .6 sqrt(P / 50)
    expect(startTime(0.5, small)).toBeLessThan(half)
    expect(startTime(0.5, large)).toBeGreaterThan(half)
    const strengths = [0, 0.01, 0.2, 0.5, 0.8, 0.99, 1].map((value) => startTime(value, large))
    expect(strengths).toEqual([...strengths].sort((a, b) => a - b))
    expect([strengths[0], strengths.at(-1)]).toEqual([1e-4, 1])
    const schedule = createSchedule(6, 40, half)
    expect(schedule[0]).toBeCloseTo(half, 6)
    expect(schedule.at(-1)).toBe(0)
    expect([...schedule]).toEqual([...schedule].sort((a, b) => b - a))
  })

  it.each(golden.samples)('follows the path of training: $solver, $steps steps', async (one) => {
    // The made-up network of training/tests/test_sampler_golden.py.
    const velocity: Velocity = (x, t) =>
      Promise.resolve(
        guide(
          x.map((value) => 0.4 * value + t - 0.3),
          x.map((value) => 0.1 * value - 0.2),
          1.5,
        ),
      )
    const schedule = createSchedule(one.steps, one.shift)
    const end = await run(Float32Array.from(golden.start), schedule, one.solver, velocity)
    expectNear(end, one.result, 1e-5)
  })

  it('is exact on a straight flow, and every estimate is the clip', async () => {
    const clean = seededNoise(1, 2, 12)
    const noise = seededNoise(2, 2, 12)
    const velocity: Velocity = () => Promise.resolve(noise.map((value, n) => value - clean[n]!))
    for (const solver of ['euler', 'heun'] as const) {
      for await (const step of integrate(noise.slice(), createSchedule(4, 2), solver, velocity)) {
        expectNear(step.estimate, [...clean], 1e-5)
      }
      const half = addNoise(clean, noise, 0.5)
      expectNear(await run(half, Float32Array.of(0.5, 0.2, 0), solver, velocity), [...clean], 1e-5)
    }
  })

  it('counts its passes', async () => {
    for (const solver of ['euler', 'heun'] as const) {
      let passes = 0
      const schedule = createSchedule(7, 1)
      await run(new Float32Array(3), schedule, solver, (x) => {
        passes++
        return Promise.resolve(x.slice())
      })
      expect(passesOf(schedule, solver)).toBe(passes)
    }
  })
})

describe('noise', () => {
  it('is the same for a seed, for ever', () => {
    const digest = createHash('sha256')
      .update(seededNoise(7, 3, 1000))
      .digest('hex')
    expect(digest).toBe('8080cc185f07481acc11da30ea169358042a52a0f4295117ccd4fcc64ae18798')
    expect(seededNoise(7, 5, 1000).subarray(0, 3000)).toEqual(seededNoise(7, 3, 1000))
    expect(seededNoise(8, 1, 8)).not.toEqual(seededNoise(7, 1, 8))
  })

  it('is standard normal, tails included', () => {
    const noise = [...seededNoise(3, 4, 50_000)]
    const mean = noise.reduce((sum, value) => sum + value, 0) / noise.length
    const variance = noise.reduce((sum, value) => sum + (value - mean) ** 2, 0) / noise.length
    expect(Math.abs(mean)).toBeLessThan(0.01)
    expect(Math.abs(variance - 1)).toBeLessThan(0.015)
    const share = (bound: number) =>
      noise.filter((one) => Math.abs(one) > bound).length / noise.length
    expect(Math.abs(share(1) - 0.3173)).toBeLessThan(0.005)
    expect(Math.abs(share(2.5) - 0.01242)).toBeLessThan(0.001)
    expect(Math.max(...noise.slice(0, 50_000))).toBeGreaterThan(3.5)
  })
})

describe('windows over time', () => {
  it.each([
    [80, 80, false, 1],
    [81, 80, false, 2],
    [160, 80, false, 3],
    [80, 80, true, 2],
    [160, 80, true, 3],
    [9, 8, false, 2],
  ])('cover %i frames by %i (loop %s) with %i windows', (total, length, loop, count) => {
    const windows = planWindows(total, length, loop)
    expect(windows).toHaveLength(count)
    const sums = new Float64Array(total)
    for (const { frames, weights } of windows) {
      expect(frames).toHaveLength(length)
      frames.forEach((frame, n) => (sums[frame]! += weights[n]!))
    }
    for (const sum of sums) expect(sum).toBeCloseTo(1, 10)
  })

  /** Sampling by windows that each want another grey: the worst that neighbours can disagree. */
  async function disagreeing(total: number, length: number, loop: boolean) {
    const windows = planWindows(total, length, loop)
    let call = 0
    const pass: Pass = (sample, t) => {
      const target = call++ % windows.length
      const out = new Float32Array(length * 3)
      for (let n = 0; n < length; n++)
        for (let c = 0; c < 3; c++) out[n * 3 + c] = (sample[n * 7 + c]! - target) / t
      return Promise.resolve(out)
    }
    const velocity = clipVelocity({
      ...{ pass, windows, guidance: () => ({ against: 'empty', scale: 1 }), conditioning: null },
      ...{ canvas: { width: 1, height: 1 }, network: { width: 1, height: 1 } },
      onPass: () => Promise.resolve(),
    })
    const clip = await run(seededNoise(1, total, 3), createSchedule(8, 1), 'euler', velocity)
    const jumps = Array.from({ length: loop ? total : total - 1 }, (_, frame) =>
      Math.abs(clip[((frame + 1) % total) * 3]! - clip[frame * 3]!),
    )
    const joins = new Set(
      windows
        .flatMap(({ frames }) => [frames[0]! - 1, frames.at(-1)!])
        .map((frame) => (frame + total) % total),
    )
    if (!loop) [total - 1, -1].forEach((edge) => joins.delete(edge))
    return {
      atJoins: jumps.filter((_, frame) => joins.has(frame)),
      elsewhere: jumps.filter((_, frame) => !joins.has(frame)),
      joins,
    }
  }

  it.each([
    [40, 16, false],
    [16, 16, true],
    [36, 16, true],
  ])('leave no seam: %i frames by %i, loop %s', async (total, length, loop) => {
    const { atJoins, elsewhere } = await disagreeing(total, length, loop)
    expect(atJoins.length).toBeGreaterThan(0)
    // Noise as large as float32 rounding aside, no step is larger than those between joins.
    expect(Math.max(...atJoins)).toBeLessThanOrEqual(Math.max(...elsewhere) * 1.05 + 1e-4)
    expect(Math.max(...elsewhere)).toBeLessThan(0.6)
  })
})

describe('conditioning', () => {
  const AREA = 4

  it('shows mask and given pixels to the network, and nothing under the mask', async () => {
    const seen: Float32Array[] = []
    const conditioning = {
      mask: Float32Array.of(1, 0, 0, 1, 0, 0, 0, 0),
      given: Float32Array.from({ length: 2 * 3 * AREA }, (_, n) => n / 100),
    }
    const velocity = clipVelocity({
      pass: (sample, _t, text) => {
        seen.push(sample)
        return Promise.resolve(new Float32Array(2 * 3 * AREA).fill(text === 'prompt' ? 2 : 1))
      },
      windows: planWindows(2, 2, false),
      canvas: { width: 2, height: 2 },
      network: { width: 2, height: 2 },
      guidance: () => ({ against: 'rest', scale: 3 }),
      conditioning,
      onPass: () => Promise.resolve(),
    })
    const x = Float32Array.from({ length: 2 * 3 * AREA }, (_, n) => n)
    expect([...(await velocity(x, 0.5))]).toEqual(Array<number>(24).fill(4))
    expect(passesPerVelocity(planWindows(2, 2, false), 3)).toBe(2)
    const sample = seen[0]!
    expect([...sample.subarray(0, 12)]).toEqual([...x.subarray(0, 12)])
    expect([...sample.subarray(12, 16)]).toEqual([1, 0, 0, 1])
    expectNear(sample.subarray(16, 20), [0, 0, 0, 0.03], 1e-6)
    expect([...sample.subarray(28, 40)]).toEqual([...x.subarray(12, 24)])
  })

  it('returns given pixels bit for bit and clamps the others', () => {
    const made = new Float32Array(2 * 3 * AREA).fill(7)
    const given = seededNoise(5, 2, 3 * AREA)
    const mask = Float32Array.of(1, 0, 0, 1, 1, 0, 1, 0)
    const out = compose(made, AREA, { mask, given })
    for (let n = 0; n < out.length; n++) {
      const frame = Math.floor(n / (3 * AREA))
      expect(out[n]).toBe(mask[frame * AREA + (n % AREA)] === 1 ? given[n] : 1)
    }
  })
})
