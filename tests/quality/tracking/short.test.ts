import { describe, expect, it } from 'vitest'
import { defaultGrowth } from '../../../src/shared/mask/growth.js'
import { renderMover } from './movers.js'
import { followAll } from './run.js'
import { scoreMask } from './score.js'

const SIZE = { width: 216, height: 120 }
const FRAMES = 16

describe('tracking movers with known masks', () => {
  it.each(['translation', 'rotation', 'deformation', 'occlusion', 'similar'])(
    '%s: stays on the object',
    async (name) => {
      const clip = renderMover(name, SIZE, FRAMES)
      const truth = new Map(clip.masks.entries())
      const { masks, confidence } = await followAll({ ...clip, truth }, () => false)
      for (const [at, mask] of masks.entries()) {
        const { iou, recall } = scoreMask(mask, clip.masks[at]!, SIZE, defaultGrowth(SIZE))
        expect(iou, `${name} frame ${at}`).toBeGreaterThan(0.8)
        expect(recall, `${name} frame ${at}`).toBeGreaterThan(0.97)
      }
      expect(Math.min(...confidence)).toBeGreaterThan(0)
    },
  )

  it('says that it is lost when the object is gone', async () => {
    const clip = renderMover('translation', SIZE, 4)
    const empty = renderMover('rotation', SIZE, 1, 9).frames[0]!.map((_value, i) => (i * 37) % 251)
    const frames = [...clip.frames, empty, empty, empty]
    const truth = new Map([[0, clip.masks[0]!]])
    const { confidence } = await followAll({ ...SIZE, frames, truth }, () => false)
    expect(confidence[3]).toBeGreaterThan(0.6)
    expect(confidence.at(-1)).toBeLessThan(0.45)
  })
})
