import { describe, expect, it } from 'vitest'
import { smoothFill, telea } from './baselines.js'
import { psnr, warpRatio } from './metrics.js'
import { renderCase } from './pans.js'
import { removeInMemory } from './remover.js'

const SIZE = { width: 224, height: 126 }
const FRAMES = 24

/** Hole PSNR of the method and of two simpler ones on the same holes, and its warp error. */
async function measure(
  name: string,
): Promise<{ ours: number; telea: number; smooth: number; shimmer: number }> {
  const clip = renderCase(name, SIZE, FRAMES)
  const { frames, masks } = await removeInMemory(clip)
  return {
    ours: psnr(frames, clip.truth, masks),
    telea: psnr(await telea(clip.frames, masks, SIZE), clip.truth, masks),
    smooth: psnr(await smoothFill(clip.frames, masks, SIZE), clip.truth, masks),
    shimmer: await warpRatio(frames, clip.truth, masks, SIZE),
  }
}

describe('removal on clips with known truth', () => {
  it.each(['pan', 'zoom', 'exposure', 'still'])('%s: brings back what was filmed', async (name) => {
    const { ours, telea, shimmer } = await measure(name)
    expect(ours).toBeGreaterThan(30)
    expect(ours).toBeGreaterThan(telea + 8)
    expect(shimmer).toBeLessThan(1.3)
  })

  it('noise: brings back what was filmed, with its grain', async () => {
    const { ours, telea, shimmer } = await measure('noise')
    // Two pictures of one thing with a grain of 3 levels each are 35.6 dB apart.
    expect(ours).toBeGreaterThan(34.6)
    expect(ours).toBeGreaterThan(telea + 7)
    expect(shimmer).toBeLessThan(1.3)
  })

  it.each(['parallax', 'blur', 'foreground', 'boiling'])(
    '%s: is at most a trace below a smooth fill',
    async (name) => {
      const { ours, smooth } = await measure(name)
      // The bar is 0.7 dB; this is what holds.
      expect(ours).toBeGreaterThan(smooth - 0.3)
    },
  )

  it('gives the same result in small windows as far as they see, and leaves nothing out', async () => {
    const clip = renderCase('pan', SIZE, FRAMES)
    const { frames, masks, seen } = await removeInMemory(clip, {
      plan: { lookback: 8, core: 6, lookahead: 8 },
    })
    expect(frames).toHaveLength(FRAMES)
    expect(psnr(frames.slice(8, 16), clip.truth.slice(8, 16), masks.slice(8, 16))).toBeGreaterThan(
      28,
    )
    expect(seen.every((share) => share > 0.5)).toBe(true)
    for (const [t, frame] of frames.entries()) {
      for (let i = 0; i < frame.length; i++) {
        if (masks[t]![Math.floor(i / 3)] === 0 && frame[i] !== clip.frames[t]![i]) {
          throw new Error(`a pixel outside the mask changed in frame ${t}`)
        }
      }
    }
  })
})
