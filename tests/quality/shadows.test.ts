import { describe, expect, it } from 'vitest'
import { loadOpenCv } from '../../src/main/engine/vision/opencv.js'
import { findShadows, type Shadows } from '../../src/main/engine/vision/shadowClip.js'
import { renderShadowClip, type ShadowClip, type ShadowScene } from './shadows.js'

const SIZE = { width: 240, height: 136 }
const FRAMES = 24

const SCENE: ShadowScene = { depth: 0.45, soft: 4, pan: 0, walk: 3.2 }

async function look(scene: ShadowScene): Promise<{ clip: ShadowClip; found: Shadows | null }> {
  const clip = renderShadowClip(SIZE, FRAMES, scene)
  const frames = clip.frames.map((data, t) => ({
    picture: { ...SIZE, data },
    painted: clip.masks[t]!,
  }))
  const wanted = new Set([0, 6, 12, 18, 23])
  const found = await findShadows(await loadOpenCv(), frames, wanted, 3, () => Promise.resolve())
  return { clip, found }
}

/** Share of light that has to be missing to be seen. */
const SEEN = 0.08

/** Intersection over union with what is visibly darker, over all frames. */
function overlap({ shadows, masks }: ShadowClip, depth: number, found: Shadows): number {
  let both = 0
  let either = 0
  found.forEach((shadow, t) => {
    if (shadow === null) return
    shadow.forEach((value, at) => {
      if (masks[t]![at] === 255) return
      const a = value === 255
      const b = (depth * shadows[t]![at]!) / 255 >= SEEN
      if (a && b) both++
      if (a || b) either++
    })
  })
  return both / Math.max(1, either)
}

describe('the shadow at an object’s feet', () => {
  it.each([
    ['a camera at rest', SCENE],
    ['a moving camera', { ...SCENE, pan: 1.6, walk: 1.2 }],
    ['a faint shadow', { ...SCENE, depth: 0.25 }],
    ['a soft one', { ...SCENE, soft: 8 }],
  ] as const)('is found: %s', async (_name, scene) => {
    const { clip, found } = await look(scene)
    expect(found?.filter((one) => one !== null).length).toBeGreaterThanOrEqual(4)
    expect(overlap(clip, scene.depth, found ?? [])).toBeGreaterThan(0.7)
  })

  it.each([
    ['where there is none', { ...SCENE, depth: 0 }],
    ['where a thing of another colour lies', { ...SCENE, puddle: true }],
    ['where nothing moves, so that nothing shows the ground', { ...SCENE, walk: 0 }],
  ] as const)('is not made up %s', async (_name, scene) => {
    expect((await look(scene)).found).toBeNull()
  })
})
