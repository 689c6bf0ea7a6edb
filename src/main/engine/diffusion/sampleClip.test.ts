import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PACK_FILE, packManifestSchema } from '../../../shared/contract/pack.js'
import type { PackModel } from '../models/packModel.js'
import { sampleClip } from './sampleClip.js'
import type { SampleOptions } from './sampleClip.js'

const folder = resolve('tests/fixtures/packs/tiny')
const manifest = packManifestSchema.parse(JSON.parse(readFileSync(join(folder, PACK_FILE), 'utf8')))
const AREA = 32 * 32
const GREY = 0.25

/** A network that knows one clip: everything grey. */
const model: PackModel = {
  provider: 'cpu',
  refused: [],
  encodeText: () => Promise.resolve({ features: new Float32Array(1), mask: new Float32Array(1) }),
  velocity(sample, t) {
    const out = new Float32Array(8 * 3 * AREA)
    for (let frame = 0; frame < 8; frame++) {
      for (let n = 0; n < 3 * AREA; n++) {
        out[frame * 3 * AREA + n] = (sample[frame * 7 * AREA + n]! - GREY) / t
      }
    }
    return Promise.resolve(out)
  },
  release: () => Promise.resolve(),
}

async function run(options: Partial<SampleOptions> = {}) {
  const steps: number[] = []
  const never = new AbortController().signal
  const made = await sampleClip({
    pack: { folder, manifest, slow: [] },
    model,
    prompt: '',
    sampling: { seed: 1, steps: 10, guidance: 2, solver: 'euler' },
    frames: 8,
    loop: false,
    conditioning: null,
    start: null,
    signal: never,
    finish: never,
    onPass: () => undefined,
    onStep: (_estimate, done) => {
      steps.push(done)
      return Promise.resolve()
    },
    ...options,
  })
  return { ...made, seen: steps }
}

const isGrey = (value: number | undefined) => Math.abs((value ?? 9) - GREY) < 1e-3

describe('sampling a clip', () => {
  it('arrives at what the network knows, whole, longer, shorter or without an end', async () => {
    for (const [frames, loop] of [
      [8, false],
      [13, false],
      [3, false],
      [8, true],
    ] as const) {
      const { clip, steps } = await run({ frames, loop })
      expect(clip).toHaveLength(frames * 3 * AREA)
      expect(clip.every(isGrey)).toBe(true)
      expect(steps).toBe(10)
    }
  })

  it('starts from a clip by strength, with that share of the steps', async () => {
    const clip = new Float32Array(8 * 3 * AREA).fill(-1)
    expect((await run({ start: { clip, strength: 0.3 } })).seen).toEqual([1, 2, 3])
    expect((await run({ start: { clip, strength: 1 } })).seen).toHaveLength(10)
    expect((await run({ start: { clip, strength: 0 } })).seen).toEqual([1])
  })

  it('keeps the given pixels', async () => {
    const mask = new Float32Array(8 * AREA)
    mask.fill(1, 0, AREA)
    const given = new Float32Array(8 * 3 * AREA).fill(0.7)
    const { clip } = await run({ conditioning: { mask, given } })
    expect(clip.subarray(0, 3 * AREA).every((value) => value === Math.fround(0.7))).toBe(true)
    expect(clip.subarray(3 * AREA).every(isGrey)).toBe(true)
  })

  it('ends early with the clip as it then looks, and stops when cancelled', async () => {
    const enough = new AbortController()
    enough.abort()
    const early = await run({ finish: enough.signal })
    expect(early.steps).toBe(1)
    expect(early.clip.every(isGrey)).toBe(true)
    const cancelled = new AbortController()
    cancelled.abort()
    await expect(run({ signal: cancelled.signal })).rejects.toMatchObject({ name: 'AbortError' })
  })
})
