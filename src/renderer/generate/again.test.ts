import { expect, it } from 'vitest'
import { draftAgain } from './again.js'

const made = {
  task: 'generate',
  prompt: 'a red ball',
  seed: 7,
  pack: { id: 'world', version: '1', sha256: '' },
  recipe: 'media/a red ball.mp4.recipe.json',
} as const
const words = { prompt: 'a red ball', seed: 7, vary: false, packId: 'world' }
const recipe = {
  task: 'generate',
  sampling: { seed: 7, steps: 12, guidance: 3.5, solver: 'heun', candidates: 6, emphasis: 0.5 },
  ...{ frames: 16, fps: { num: 32, den: 5 }, loop: true, width: 256, height: 144 },
}

it('goes on with all that a clip was made with', () => {
  expect(draftAgain({ made }, recipe)).toEqual({
    ...words,
    ...{
      steps: 12,
      guidance: 3.5,
      candidates: 6,
      emphasis: 0.5,
      seconds: 2.5,
      loop: true,
      size: 256,
    },
  })
})

it('goes on with one beginning and no emphasis where a clip was made before there was either', () => {
  const { candidates: _, emphasis: __, ...sampling } = recipe.sampling
  expect(draftAgain({ made }, { ...recipe, sampling })).toMatchObject({
    ...{ candidates: 1, emphasis: 0 },
  })
})

it('goes on with the words and the seed where the recipe is gone', () => {
  expect(draftAgain({ made }, null)).toEqual(words)
})
