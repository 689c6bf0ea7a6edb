import { describe, expect, it } from 'vitest'
import { defaultGrowth } from '../../../src/shared/mask/growth.js'
import { renderMover } from './movers.js'
import { followAll } from './run.js'
import { scoreMask } from './score.js'

const SIZE = { width: 216, height: 120 }
const FRAMES = 8

const areaOf = (mask: Uint8Array): number => mask.reduce((sum, value) => sum + value / 255, 0)

describe('tracking movers with known masks', () => {
  it.each([
    ['translation', 0],
    ['rotation', 0],
    ['deformation', 0],
    ['occlusion', 10],
    ['similar', 0],
  ])('%s: stays on the object', async (name, first) => {
    // Half the size at twice the pace: as many pixels a frame as in the full report.
    const clip = renderMover(name, SIZE, FRAMES, { first, step: 2 })
    const truth = new Map(clip.masks.entries())
    const { masks, confidence } = await followAll({ ...clip, truth }, () => false)
    for (const [at, mask] of masks.entries()) {
      const { iou, recall } = scoreMask(mask, clip.masks[at]!, SIZE, defaultGrowth(SIZE))
      expect(iou, `${name} frame ${at}`).toBeGreaterThan(0.9)
      expect(recall, `${name} frame ${at}`).toBeGreaterThan(0.95)
      // Confidence is the overlap to be expected.
      expect(Math.abs(confidence[at]! - iou), `${name} frame ${at}`).toBeLessThan(0.2)
    }
    expect(Math.min(...confidence)).toBeGreaterThan(0)
    // A fifth of the object has gone behind the bar by then.
    const left = areaOf(clip.masks.at(-1)!) / areaOf(clip.masks[0]!)
    if (name === 'occlusion') expect(left).toBeLessThan(0.85)
  })

  it('says that it is lost when the object is gone', async () => {
    const clip = renderMover('translation', SIZE, 4)
    const empty = clip.frames[0]!.map((_value, i) => (i * 37) % 251)
    const frames = [...clip.frames, empty, empty, empty]
    const truth = new Map([[0, clip.masks[0]!]])
    const { confidence } = await followAll({ ...SIZE, frames, truth }, () => false)
    expect(confidence[3]).toBeGreaterThan(0.6)
    expect(confidence.at(-1)).toBeLessThan(0.45)
  })
})
