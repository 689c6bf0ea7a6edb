import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PACK_FILE, upscaleManifestSchema } from '../../../shared/contract/pack.js'
import { resample } from '../repaint/resample.js'
import type { Picture, Size } from '../vision/image.js'
import { openUpscaleModel, testPattern, toBytes } from './upscaleModel.js'
import type { UpscaleModel } from './upscaleModel.js'

const folder = resolve('tests/fixtures/packs/tiny-upscale')
const manifest = upscaleManifestSchema.parse(
  JSON.parse(readFileSync(join(folder, PACK_FILE), 'utf8')),
)

/** Slow waves: what any enlargement has to keep. */
function waves({ width, height }: Size): Picture {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, n) => {
    const pixel = Math.floor(n / 3)
    const [x, y] = [(pixel % width) / width, Math.floor(pixel / width) / height]
    return 128 + 70 * Math.sin(5 * x + (n % 3)) * Math.cos(4 * y)
  })
  return { width, height, data }
}

function meanDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  expect(a).toHaveLength(b.length)
  let sum = 0
  for (let n = 0; n < a.length; n++) sum += Math.abs(a[n]! - b[n]!)
  return sum / a.length
}

describe('a loaded upscale pack', () => {
  let model: UpscaleModel
  beforeAll(async () => {
    model = await openUpscaleModel({ folder, manifest, slow: [] }, ['no-such-device', 'cpu'])
  })
  afterAll(() => model.release())

  it('runs where it can, and says why not elsewhere', () => {
    expect(model.provider).toBe('cpu')
    expect(model.refused.map(({ name }) => name)).toEqual(['no-such-device'])
  })

  it.each([
    ['by two', { width: 48, height: 32 }, { width: 96, height: 64 }],
    ['by two, of odd sides', { width: 31, height: 17 }, { width: 62, height: 34 }],
    ['by four', { width: 24, height: 40 }, { width: 96, height: 160 }],
    ['by eight', { width: 32, height: 32 }, { width: 256, height: 256 }],
    ['by a number between', { width: 40, height: 24 }, { width: 100, height: 60 }],
    ['further than it has learned', { width: 200, height: 40 }, { width: 800, height: 160 }],
  ])('enlarges %s and keeps everything in its place', async (_, from, to) => {
    const picture = waves(from)
    const whole = { x: 0, y: 0, ...from }
    const made = await model.enlarge(picture, to)
    expect([made.width, made.height]).toEqual([to.width, to.height])
    const plain = resample(picture, whole, to).data
    // Random weights: they add a little to Lanczos, and something.
    expect(meanDifference(made.data, plain)).toBeGreaterThan(0.001)
    expect(meanDifference(made.data, plain)).toBeLessThan(4)
    expect(meanDifference((await model.enlarge(picture, to)).data, made.data)).toBe(0)
  })

  it('leaves a picture alone that is not to grow', async () => {
    const picture = waves({ width: 20, height: 10 })
    expect(toBytes(await model.enlarge(picture, picture))).toEqual(picture)
    const less = await model.enlarge(picture, { width: 10, height: 5 })
    expect(
      meanDifference(
        less.data,
        resample(picture, { x: 0, y: 0, width: 20, height: 10 }, less).data,
      ),
    ).toBe(0)
  })

  it('answers the test of every provider with other numbers than its input', async () => {
    const { width, height } = testPattern()
    const made = await model.enlarge(testPattern(), { width: 4 * width, height: 4 * height })
    expect(new Set(toBytes(made).data).size).toBeGreaterThan(50)
  })
})

describe('the upscale pack that comes with the app', () => {
  const shipped = resolve('resources/model-packs/lumiere-upscale')
  const own = upscaleManifestSchema.parse(
    JSON.parse(readFileSync(join(shipped, PACK_FILE), 'utf8')),
  )

  it('enlarges by two in whole numbers on the processor, the same to the eye', async () => {
    const { by2, by4, processorBy2 } = own.components
    expect(processorBy2).toMatchObject({ inputs: by2.inputs, outputs: by2.outputs })
    const picture = waves({ width: 64, height: 48 })
    // An edge: waves alone leave nothing to add to Lanczos.
    for (let n = 0; n < picture.data.length; n++) if (n % 192 < 96) picture.data[n] = 30
    const made: Float32Array[] = []
    for (const components of [own.components, { by2, by4 }]) {
      const model = await openUpscaleModel(
        { folder: shipped, manifest: { ...own, components }, slow: [] },
        ['cpu'],
      )
      made.push((await model.enlarge(picture, { width: 128, height: 96 })).data)
      await model.release()
    }
    const difference = meanDifference(made[0]!, made[1]!)
    expect(difference).toBeGreaterThan(0)
    expect(difference).toBeLessThan(0.2)
  })
})
