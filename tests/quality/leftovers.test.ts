import { describe, expect, it } from 'vitest'
import { loadOpenCv } from '../../src/main/engine/vision/opencv.js'
import { findLeftovers, type Leftovers } from '../../src/main/engine/vision/leftovers/clip.js'
import { renderWalker, type WalkerClip, type WalkerScene } from './walker.js'

const SIZE = { width: 240, height: 136 }
const FRAMES = 24
const WANTED = [0, 6, 12, 18, 23]

const SCENE: WalkerScene = { depth: 0.45, soft: 4, pan: 0, walk: 3.2 }

async function look(scene: WalkerScene): Promise<{ clip: WalkerClip; found: Leftovers }> {
  const clip = renderWalker(SIZE, FRAMES, scene)
  const frames = clip.frames.map((data, t) => ({
    picture: { ...SIZE, data },
    painted: clip.masks[t]!,
  }))
  const wanted = new Set(WANTED)
  const found = await findLeftovers(await loadOpenCv(), frames, wanted, 3, () => Promise.resolve())
  return { clip, found }
}

/** Share of light that has to be missing to be seen. */
const SEEN = 0.08

/** Intersection over union with what is visibly darker, over all frames. */
function overlap(
  { shadows, masks }: WalkerClip,
  depth: number,
  found: Leftovers['shadow'],
): number {
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
    expect(found.shadow.filter((one) => one !== null).length).toBeGreaterThanOrEqual(4)
    expect(overlap(clip, scene.depth, found.shadow)).toBeGreaterThan(0.7)
  })

  it.each([
    ['where there is none', { ...SCENE, depth: 0 }],
    ['where a thing of another colour lies', { ...SCENE, puddle: true }],
    ['where nothing moves, so that nothing shows the ground', { ...SCENE, walk: 0 }],
  ] as const)('is not made up %s', async (_name, scene) => {
    const { shadow } = (await look(scene)).found
    expect(shadow.every((one) => one === null)).toBe(true)
  })
})

describe('parts that stick out of a mask', () => {
  const bare: WalkerScene = { ...SCENE, depth: 0 }

  it.each([
    ['a camera at rest', { ...bare, arm: 14 }],
    ['a moving camera', { ...bare, arm: 14, pan: 1.6, walk: 1.2 }],
    ['one that walks slowly', { ...bare, arm: 14, walk: 2.4 }],
    ['beside a shadow', { ...SCENE, arm: 14 }],
  ] as const)('are found: %s', async (_name, scene) => {
    const { clip, found } = await look(scene)
    let [marked, true_, both] = [0, 0, 0]
    for (const t of WANTED) {
      found.parts[t]?.forEach((value) => (marked += value > 0 ? 1 : 0))
      clip.arms[t]!.forEach((value, at) => {
        if (value === 0) return
        true_++
        if (found.parts[t]?.[at] === 255) both++
      })
    }
    expect(both / true_).toBeGreaterThan(0.7)
    expect(both / marked).toBeGreaterThan(0.7)
  })

  it.each([
    ['where nothing sticks out', bare],
    ['where the mask ends and someone larger begins', { ...bare, company: true, walk: 6 }],
    ['where nothing moves', { ...bare, arm: 14, walk: 0 }],
  ] as const)('are not made up %s', async (_name, scene) => {
    const { parts } = (await look(scene)).found
    expect(parts.every((one) => one === null)).toBe(true)
  })
})
