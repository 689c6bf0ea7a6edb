import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PACK_FILE, packManifestSchema } from '../../../shared/contract/pack.js'
import type { PackModel } from '../models/packModel.js'
import { mirrorRows } from '../models/reranker.js'
import type { Reranker } from '../models/reranker.js'
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

/** One that leaves half of the noise in the clip: other seeds make other clips. */
const keepsNoise: PackModel = {
  ...model,
  velocity(sample, t) {
    const out = new Float32Array(8 * 3 * AREA)
    for (let frame = 0; frame < 8; frame++) {
      for (let n = 0; n < 3 * AREA; n++) {
        out[frame * 3 * AREA + n] = (sample[frame * 7 * AREA + n]! * 0.5) / (0.5 + t)
      }
    }
    return Promise.resolve(out)
  },
}

/** A reranker that says this of every clip. */
const says = (agreement: Reranker['agreement']): Reranker => ({
  agreement,
  release: () => Promise.resolve(),
})

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
    ...{ start: null, reranker: null },
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

  it('makes the candidate that is chosen, from where it was begun', async () => {
    const seeds: number[] = []
    const seen: (string | null)[] = []
    const passes: number[] = []
    const sampling = { seed: 1, steps: 10, guidance: 1, solver: 'euler', candidates: 3 } as const
    const made = await run({
      model: keepsNoise,
      sampling,
      reranker: says(() => Promise.resolve({ plain: seeds.push(0) === 2 ? 1 : 0, mirrored: 0 })),
      onPass: (done, total) => passes.push(done / total),
      onStep: (_estimate, _done, _total, candidate) => {
        seen.push(candidate && `${candidate.number} of ${candidate.of}`)
        return Promise.resolve()
      },
    })
    expect(made.chosen).toEqual({ seed: 2, mirrored: false, agreements: [0, 1, 0] })
    expect(made.steps).toBe(10)
    expect(seen.slice(0, 6)).toEqual(['1 of 3', '2 of 3', '3 of 3'].flatMap((name) => [name, name]))
    expect(seen.slice(6)).toEqual(Array(8).fill(null))
    expect(passes).toHaveLength(14)
    expect(passes.at(-1)).toBe(1)
    // The same clip as that seed makes alone.
    const alone = await run({ model: keepsNoise, sampling: { ...sampling, seed: 2 } })
    expect(alone.chosen).toBeNull()
    expect(made.clip).toEqual(alone.clip)
    const first = await run({ model: keepsNoise, sampling })
    expect(first.clip).not.toEqual(alone.clip)
  })

  it('turns the clip round at its end where that fits better', async () => {
    const sampling = { seed: 5, steps: 10, guidance: 1, solver: 'euler', candidates: 2 } as const
    const reranker = says(() => Promise.resolve({ plain: 0, mirrored: 2 }))
    const turned = await run({ model: keepsNoise, sampling, reranker })
    expect(turned.chosen).toMatchObject({ seed: 5, mirrored: true })
    const plain = await run({ model: keepsNoise, sampling })
    expect(mirrorRows(turned.clip, 32)).toEqual(plain.clip)
  })

  it('keeps the candidate that is good enough as it is', async () => {
    const enough = new AbortController()
    const made = await run({
      sampling: { seed: 1, steps: 10, guidance: 2, solver: 'euler', candidates: 3 },
      reranker: says(() => Promise.reject(new Error('nobody asked'))),
      finish: enough.signal,
      onStep: (_estimate, done) => {
        if (done === 2) enough.abort()
        return Promise.resolve()
      },
    })
    expect(made).toMatchObject({ steps: 2, chosen: { seed: 1, agreements: [] } })
  })

  it('chooses among none where something is given or begun with', async () => {
    const sampling = { seed: 1, steps: 10, guidance: 2, solver: 'euler', candidates: 3 } as const
    const reranker = says(() => Promise.reject(new Error('nobody asked')))
    const start = { clip: new Float32Array(8 * 3 * AREA), strength: 0.5 }
    expect(await run({ sampling, reranker, start })).toMatchObject({ steps: 5, chosen: null })
    const conditioning = {
      mask: new Float32Array(8 * AREA),
      given: new Float32Array(8 * 3 * AREA),
    }
    const given = await run({ sampling, reranker, conditioning })
    expect(given).toMatchObject({ steps: 10, chosen: null })
  })

  it('asks in every second step what the colours and directions alone change', async () => {
    const told = async (prompt: string, sampling: object): Promise<string[][]> => {
      const names: string[] = []
      const passes: string[] = []
      const reads: PackModel = {
        ...model,
        encodeText(text) {
          names.push(text)
          const features = Float32Array.of(names.length - 1)
          return Promise.resolve({ features, mask: new Float32Array(1) })
        },
        velocity(sample, t, { features }) {
          passes.push(names[features[0]!]!)
          return model.velocity(sample, t, { features, mask: features })
        },
      }
      const common = { seed: 1, steps: 3, guidance: 2, solver: 'euler' } as const
      await run({ model: reads, prompt, sampling: { ...common, ...sampling } })
      return [0, 2, 4].map((at) => passes.slice(at, at + 2)).filter(({ length }) => length > 0)
    }
    const red = 'a red ball'
    const plain = [red, '']
    const stressed = [red, 'a ball']
    expect(await told(red, { emphasis: 2 })).toEqual([stressed, plain, stressed])
    expect(await told(red, {})).toEqual([plain, plain, plain])
    expect(await told('a ball', { emphasis: 2 })).toEqual(Array(3).fill(['a ball', '']))
    // Plain is plain: one pass a step.
    expect(await told(red, { emphasis: 2, guidance: 1 })).toEqual([[red, red], [red]])
  })
})
