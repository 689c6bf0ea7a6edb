import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PACK_FILE, packManifestSchema } from '../../../shared/contract/pack.js'
import { openPackModel, testSample } from './packModel.js'

const folder = resolve('tests/fixtures/packs/tiny')
const manifest = packManifestSchema.parse(JSON.parse(readFileSync(join(folder, PACK_FILE), 'utf8')))

describe('a loaded pack', () => {
  it('encodes captions and runs a pass, the same each time', async () => {
    const model = await openPackModel({ folder, manifest, slow: [] }, ['cpu'])
    const [red, empty] = await Promise.all([model.encodeText('a red ball'), model.encodeText('')])
    expect([...red.mask].filter((one) => one === 1)).toHaveLength(4)
    expect([...empty.mask].filter((one) => one === 1)).toHaveLength(1)
    const sample = testSample(manifest)
    const one = await model.velocity(sample, 0.7, red)
    expect(one).toHaveLength(8 * 3 * 32 * 32)
    expect(one).toEqual(await model.velocity(sample, 0.7, red))
    // Text and time reach the network.
    expect(one).not.toEqual(await model.velocity(sample, 0.7, empty))
    expect(one).not.toEqual(await model.velocity(sample, 0.2, red))
    await model.release()
  })

  it('computes in whole numbers on the processor where the pack can, nearly the same', async () => {
    const shipped = resolve('resources/model-packs/lumiere-world-m')
    const text = readFileSync(join(shipped, PACK_FILE), 'utf8')
    const own = packManifestSchema.parse(JSON.parse(text))
    const { textEncoder, unet, processorUnet } = own.components
    expect(processorUnet).toMatchObject({ inputs: unet.inputs, outputs: unet.outputs })
    const velocities: Float32Array[] = []
    for (const components of [own.components, { textEncoder, unet }]) {
      const model = await openPackModel(
        { folder: shipped, manifest: { ...own, components }, slow: [] },
        ['cpu'],
      )
      velocities.push(
        await model.velocity(testSample(own), 0.7, await model.encodeText('fire at night')),
      )
      await model.release()
    }
    const [whole, exact] = velocities as [Float32Array, Float32Array]
    const size = (values: Float32Array): number =>
      Math.sqrt(values.reduce((sum, value) => sum + value * value, 0))
    const apart = size(exact.map((value, n) => whole[n]! - value)) / size(exact)
    expect(apart).toBeGreaterThan(0.001)
    expect(apart).toBeLessThan(0.08)
  })

  it('keeps why a provider is not used, and goes on with the next', async () => {
    const model = await openPackModel({ folder, manifest, slow: [] }, ['no-such-device', 'cpu'])
    expect(model.provider).toBe('cpu')
    expect(model.refused.map(({ name }) => name)).toEqual(['no-such-device'])
    expect(model.refused[0]?.reason).not.toBe('')
    await model.release()
  })

  it('does not try again what was found slow', async () => {
    const known = { name: 'webgpu', reason: 'slower here than the processor', slow: true } as const
    const model = await openPackModel({ folder, manifest, slow: [known] }, ['webgpu', 'cpu'])
    expect(model).toMatchObject({ provider: 'cpu', refused: [known] })
    await model.release()
  })

  it('fails with every reason, and on a graph that is not what the manifest says', async () => {
    await expect(
      openPackModel({ folder, manifest, slow: [] }, ['no-such-device']),
    ).rejects.toMatchObject({
      code: 'pack-failed',
      detail: expect.stringContaining('no-such-device') as string,
    })
    const { unet, textEncoder } = manifest.components
    const outputs = [{ name: 'colours', dtype: 'float32' as const, shape: [] }]
    const other = { ...manifest, components: { textEncoder, unet: { ...unet, outputs } } }
    await expect(
      openPackModel({ folder, manifest: other, slow: [] }, ['cpu']),
    ).rejects.toMatchObject({
      code: 'pack-failed',
      detail: expect.stringContaining('colours') as string,
    })
  })
})
