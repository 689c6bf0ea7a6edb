import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, it } from 'vitest'
import { withoutNamed } from './emphasis.js'

it('leaves out of a prompt what training leaves out', () => {
  const golden = JSON.parse(
    readFileSync(resolve('training/tests/emphasis_golden.json'), 'utf8'),
  ) as Readonly<Record<string, string>>
  const found = Object.keys(golden).map((prompt) => [prompt, withoutNamed(prompt)])
  expect(Object.fromEntries(found)).toEqual(golden)
})
