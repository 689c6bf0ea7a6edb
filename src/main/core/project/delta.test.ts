import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { applyDelta, deltaOf, isDelta } from './delta.js'

const json = fc
  .jsonValue({ maxDepth: 6 })
  .map((value) => JSON.parse(JSON.stringify(value)) as unknown)
const overJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

describe('delta', () => {
  it('turns any data into any other, also after its way through a file', () => {
    fc.assert(
      fc.property(json, json, (from, to) => {
        const delta = overJson(deltaOf(from, to))
        if (!isDelta(delta)) throw new Error('not a delta')
        expect(applyDelta(overJson(from), delta)).toEqual(to)
      }),
    )
  })

  it('holds only what is not shared', () => {
    const strokes = Array.from({ length: 1000 }, (_, at) => ({ points: [at, at, at, at] }))
    const before = { name: 'a', keyframes: { 3: strokes, 4: strokes } }
    const after = {
      ...before,
      keyframes: { ...before.keyframes, 3: [...strokes, { points: [1] }] },
    }
    expect(deltaOf(before, after)).toEqual({
      set: { keyframes: { set: { 3: { keep: 1000, add: [{ points: [1] }] } }, drop: [] } },
      drop: [],
    })
    expect(JSON.stringify(deltaOf(after, before)).length).toBeLessThan(100)
  })

  it('does not fit just anything', () => {
    expect(applyDelta([1], { keep: 2, add: [] })).toBeUndefined()
    expect(applyDelta('text', { set: {}, drop: [] })).toBeUndefined()
    const hostile = [
      '{"set":{"__proto__":{"v":1}},"drop":[]}',
      '{"keep":-1,"add":[]}',
      '[]',
      '{"set":{"a":1},"drop":[]}',
    ]
    for (const text of hostile) expect(isDelta(JSON.parse(text)), text).toBe(false)
    let deep: unknown = { v: 1 }
    for (let at = 0; at < 1e5; at++) deep = { set: { a: deep }, drop: [] }
    expect(isDelta(deep)).toBe(false)
  })
})
