import { expect, it } from 'vitest'
import { asset, documentOf } from '../../../tests/fixtures/documents.js'
import { mediaOf } from './mediaOrder.js'

it('lists media by name, whatever order the records are in', () => {
  const named = (id: string, name: string) => ({ ...asset(id), name })
  const records = [
    named('asset_c', 'Shot 10.mp4'),
    named('asset_a', 'Shot 9.mp4'),
    named('asset_b', 'a.mp4'),
  ]
  const names = (list: typeof records): string[] =>
    mediaOf(documentOf(...list)).map(({ name }) => name)
  expect(names(records)).toEqual(['a.mp4', 'Shot 9.mp4', 'Shot 10.mp4'])
  expect(names(records.toReversed())).toEqual(names(records))
})
