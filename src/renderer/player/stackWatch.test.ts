import { expect, it } from 'vitest'
import { createStackWatch } from './stackWatch.js'

it('a preview is asked for once core has had its say, and not while it is made', () => {
  const stacks = createStackWatch()
  const isAwaited = (...asked: Parameters<typeof stacks.isAwaited>): boolean =>
    stacks.isAwaited(...asked)
  // Just accepted here: core has not heard of it.
  expect(isAwaited('stack_a', false, [])).toBe(true)
  expect(isAwaited('stack_a', true, ['stack_a'])).toBe(true)
  expect(isAwaited('stack_a', true, [])).toBe(false)
  // A stroke on its way changes nothing about it.
  expect(isAwaited('stack_a', false, [])).toBe(false)
  expect(isAwaited('stack_a', false, ['stack_a'])).toBe(true)
  // One that lies in the cache from before.
  expect(isAwaited('stack_b', true, [])).toBe(false)
})
