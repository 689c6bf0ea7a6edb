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
