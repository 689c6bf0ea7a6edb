import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { PACK_FILE, packManifestSchema } from '../../../shared/contract/pack.js'
import type { PackManifest } from '../../../shared/contract/pack.js'
import { mirrorRows, openReranker } from './reranker.js'
import type { Agreement, ClipView } from './reranker.js'

interface Golden extends Agreement {
  readonly prompt: string
}

function packOf(folder: string): { folder: string; manifest: PackManifest; slow: [] } {
  const text = readFileSync(join(folder, PACK_FILE), 'utf8')
  return { folder, manifest: packManifestSchema.parse(JSON.parse(text)), slow: [] }
}

const tiny = packOf(resolve('tests/fixtures/packs/tiny'))

/** The clip of training/tests/test_reranker_golden.py. */
function goldenClip(): ClipView {
  const [frames, height, width] = [11, 40, 48]
  const clip = Float32Array.from(
    { length: frames * 3 * height * width },
    (_, n) => 1.1 * Math.sin(n * 0.37 + n / 900),
  )
  return { clip, frames: Array.from({ length: frames }, (_, n) => n), width, height }
}

/** Discs on a plain ground: `[40, 3, 64, 64]`. */
function ball(colour: readonly number[], ground: readonly number[], from: number, to: number) {
  const [frames, side] = [40, 64]
  const clip = new Float32Array(frames * 3 * side * side)
  for (let frame = 0; frame < frames; frame++) {
    const centre = from + ((to - from) * frame) / (frames - 1)
    for (let c = 0; c < 3; c++) {
      for (let n = 0; n < side * side; n++) {
        const inside = Math.hypot((n % side) - centre, Math.floor(n / side) - 32) < 11
        clip[(frame * 3 + c) * side * side + n] = 2 * (inside ? colour : ground)[c]! - 1
      }
    }
  }
  return { clip, frames: Array.from({ length: frames }, (_, n) => n), width: side, height: side }
}

describe('the reranker', () => {
  it('sees and says what it does in training, whatever the size', async () => {
    const golden = JSON.parse(
      readFileSync(resolve('training/tests/reranker_golden.json'), 'utf8'),
    ) as readonly Golden[]
    const reranker = await openReranker(tiny)
    for (const { prompt, plain, mirrored } of golden) {
      const found = await reranker!.agreement(prompt, goldenClip())
      expect(found.plain).toBeCloseTo(plain, 3)
      expect(found.mirrored).toBeCloseTo(mirrored, 3)
    }
    await reranker!.release()
  })

  it('is not there in a pack that has none', async () => {
    const { textEncoder, unet } = tiny.manifest.components
    const manifest = { ...tiny.manifest, components: { textEncoder, unet } }
    expect(await openReranker({ ...tiny, manifest })).toBeNull()
  })

  it('tells a blue ball from a red one, and left from right', async () => {
    const reranker = await openReranker(packOf(resolve('resources/model-packs/lumiere-world-m')))
    const blue = ball([0.13, 0.32, 0.88], [0.98, 0.84, 0.15], 12, 52)
    const of = async (prompt: string): Promise<number> =>
      (await reranker!.agreement(prompt, blue)).plain
    const right = await of('a blue ball moving to the right on a yellow background')
    expect(right).toBeGreaterThan(3)
    expect(await of('una palla blu che si muove verso destra su sfondo giallo')).toBeGreaterThan(3)
    expect(await of('a red ball moving to the right on a yellow background')).toBeLessThan(
      right - 1,
    )
    expect(await of('a blue ball moving to the right on a green background')).toBeLessThan(
      right - 1,
    )
    expect(await of('northern lights over mountains')).toBeLessThan(0)
    expect(Math.abs(await of(''))).toBeLessThan(0.5)
    const { plain, mirrored } = await reranker!.agreement('a blue ball moving to the left', blue)
    expect(mirrored).toBeGreaterThan(plain + 1)
    await reranker!.release()
  })

  it('mirrors every row', () => {
    expect([...mirrorRows(Float32Array.of(1, 2, 3, 4, 5, 6), 3)]).toEqual([3, 2, 1, 6, 5, 4])
  })
})
