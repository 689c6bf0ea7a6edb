import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import type { JobResources } from './resources.js'
import { completeForecast } from './resources.js'

it('says how much room a job takes, how much there is, and how much is missing', async () => {
  const resources = {
    session: { folder: tmpdir() },
    rates: { seconds: () => ({ seconds: 1, basis: 'guess' }) },
  } as unknown as JobResources
  const ask = (diskBytes: number) =>
    completeForecast(resources, {
      ...{ kind: 'remove', work: 1, memoryBytes: 0, diskBytes, problems: [] },
    })
  expect((await ask(0)).problems).toEqual([])
  const { problems, diskFreeBytes } = await ask(1e16)
  const [problem] = problems
  expect(problem?.code).toBe('disk-full')
  expect(problem?.missingBytes).toBeGreaterThan(1e16 - diskFreeBytes)
  const sizes = [...(problem?.message ?? '').matchAll(/([\d.]+) GB/g)].map(([, size]) =>
    Number(size),
  )
  expect(sizes).toHaveLength(3)
  const [needed = 0, free = 0, missing = 0] = sizes
  expect(needed - free).toBeCloseTo(missing, 0)
})
