import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { createSampleScene, renderSampleClip, SAMPLE } from '../../src/main/core/media/sample.js'
import type { SampleScene } from '../../src/main/core/media/sample.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { readAll, temporaryFolder, tools } from './mediaClips.js'

let scene: SampleScene
beforeAll(() => {
  scene = createSampleScene()
})

it('renders a small clip with sound, the same as the scene says', async () => {
  const path = join(await temporaryFolder(), 'balloon.mp4')
  await renderSampleClip({ tools, path })
  expect((await stat(path)).size).toBeLessThan(2_000_000)
  const info = await probe(tools, path)
  const { width, height, frames, fps } = SAMPLE
  expect(info).toMatchObject({ width, height, frames, fps, videoCodec: 'h264', notes: [] })
  expect(info.audio).toEqual({ sampleRate: 48_000, channels: 2, samples: 288_000 })
  for (const n of [0, 77, 143]) {
    const [decoded] = await readAll(path, info, 'rgb24', { from: n, to: n + 1 })
    const drawn = scene.frame(n)
    let error = 0
    drawn.forEach((value, at) => (error += (value - (decoded?.[at] ?? 0)) ** 2))
    const psnr = 10 * Math.log10((255 * 255 * drawn.length) / error)
    expect(psnr).toBeGreaterThan(31)
  }
})

it('covers exactly the masked pixels with the balloon', () => {
  for (const n of [0, 60, 143]) {
    const [shown, truth, mask] = [scene.frame(n), scene.frame(n, { balloon: false }), scene.mask(n)]
    const { around } = scene.place(n)
    let covered = 0
    let farthest = 0
    let changedElsewhere = 0
    mask.forEach((value, at) => {
      const [x, y] = [at % SAMPLE.width, Math.floor(at / SAMPLE.width)]
      if (value > 0) {
        covered++
        farthest = Math.max(farthest, Math.hypot(x - around.x, y - around.y))
        return
      }
      for (let c = at * 3; c < at * 3 + 3; c++) if (shown[c] !== truth[c]) changedElsewhere++
    })
    expect(farthest).toBeLessThan(around.radius)
    expect(changedElsewhere).toBe(0)
    expect(covered).toBeGreaterThan(6000)
  }
})

it('shows every place behind the balloon in some other picture', () => {
  const masks = new Map([0, 40, 72, 100, 143].map((n) => [n, scene.mask(n)]))
  for (const [n, mask] of masks) {
    const here = scene.camera(n)
    let unseen = 0
    mask.forEach((value, at) => {
      if (value === 0) return
      const seen = [...masks].some(([other, otherMask]) => {
        const there = scene.camera(other)
        const x = Math.round((at % SAMPLE.width) + here.x - there.x)
        const y = Math.round(Math.floor(at / SAMPLE.width) + here.y - there.y)
        const inside = x >= 0 && y >= 0 && x < SAMPLE.width && y < SAMPLE.height
        return other !== n && inside && otherMask[y * SAMPLE.width + x] === 0
      })
      if (!seen) unseen++
    })
    expect([n, unseen]).toEqual([n, 0])
  }
})
