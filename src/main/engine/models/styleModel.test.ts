import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PACK_FILE, styleManifestSchema } from '../../../shared/contract/pack.js'
import type { Picture } from '../vision/image.js'
import { openStyleModel, testPicture } from './styleModel.js'
import type { StyleModel } from './styleModel.js'

const folder = resolve('tests/fixtures/packs/tiny-style')
const manifest = styleManifestSchema.parse(
  JSON.parse(readFileSync(join(folder, PACK_FILE), 'utf8')),
)

function plain(width: number, height: number, ...rgb: number[]): Picture {
  const data = Uint8Array.from({ length: width * height * 3 }, (_, n) => rgb[n % 3] ?? 0)
  return { width, height, data }
}

describe('a loaded style pack', () => {
  let model: StyleModel
  beforeAll(async () => {
    model = await openStyleModel({ folder, manifest, slow: [] }, ['no-such-device', 'cpu'])
  })
  afterAll(() => model.release())

  it('runs where it can, and says why not elsewhere', () => {
    expect(model.provider).toBe('cpu')
    expect(model.refused.map(({ name }) => name)).toEqual(['no-such-device'])
  })

  it('paints a frame of any size, the same each time, differently for another picture', async () => {
    const red = await model.encode(plain(40, 24, 220, 30, 20))
    const blue = await model.encode(plain(17, 90, 20, 60, 200))
    expect(red).toHaveLength(manifest.style.modulation)
    const frame = { ...testPicture(), width: 64, height: 47 }
    const odd = { ...frame, data: frame.data.subarray(0, 64 * 47 * 3) }
    const statistics = await model.measure([odd], red)
    expect(statistics).toHaveLength(manifest.style.statistics)
    const one = await model.paint(odd, red, statistics)
    expect([one.width, one.height, one.data.length]).toEqual([64, 47, 64 * 47 * 3])
    expect(await model.paint(odd, red, statistics)).toEqual(one)
    expect((await model.paint(odd, blue, statistics)).data).not.toEqual(one.data)
  })

  it('paints a frame by itself as it does among others: with the same statistics', async () => {
    const style = await model.encode(testPicture())
    const dark = plain(64, 48, 10, 12, 9)
    const pooled = await model.measure([testPicture(), dark], style)
    const alone = await model.measure([dark], style)
    expect(alone).not.toEqual(pooled)
    const one = await model.paint(dark, style, pooled)
    expect((await model.paint(dark, style, alone)).data).not.toEqual(one.data)
  })
})

describe('the style pack that ships', () => {
  const shipped = resolve('resources/model-packs/lumiere-style')

  it('leaves no grid of its own cells in what it paints', async () => {
    const own = styleManifestSchema.parse(
      JSON.parse(readFileSync(join(shipped, PACK_FILE), 'utf8')),
    )
    const model = await openStyleModel({ folder: shipped, manifest: own, slow: [] }, ['cpu'])
    try {
      const [width, height] = [128, 96]
      const data = Uint8Array.from({ length: width * height * 3 }, (_, n) => {
        const [x, y] = [Math.floor(n / 3) % width, Math.floor(n / 3 / width)]
        return 128 + 60 * Math.sin(x / 23 + (n % 3)) + 40 * Math.cos(y / 17)
      })
      const smooth = { width, height, data }
      const style = await model.encode(testPicture())
      const painted = await model.paint(smooth, style, await model.measure([smooth], style))
      // Cells are four pixels wide: where their borders leave steps, some columns have more of them.
      const steps = [0, 0, 0, 0]
      for (let n = 3; n < painted.data.length; n++) {
        const x = Math.floor(n / 3) % width
        if (x > 0) steps[x % 4]! += Math.abs(painted.data[n]! - painted.data[n - 3]!)
      }
      expect(Math.max(...steps) / Math.min(...steps)).toBeLessThan(1.33)
    } finally {
      await model.release()
    }
  })
})
