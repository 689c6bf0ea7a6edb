import { describe, expect, it } from 'vitest'
import { maskOutlines } from './outline.js'

function mask(rows: readonly string[]): [Uint8Array, number, number] {
  const width = rows[0]?.length ?? 0
  const data = Uint8Array.from(rows.join('').split(''), (sign) => (sign === '#' ? 255 : 0))
  return [data, width, rows.length]
}

function area(points: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < points.length; i += 2) {
    const j = (i + 2) % points.length
    sum += (points[i] ?? 0) * (points[j + 1] ?? 0) - (points[j] ?? 0) * (points[i + 1] ?? 0)
  }
  return sum / 2
}

describe('mask outlines', () => {
  it('has none for an empty mask and goes round the edge of a full one', () => {
    expect(maskOutlines(...mask(['...', '...']))).toEqual([])
    const [outline] = maskOutlines(...mask(['###', '###', '###']))
    expect(Math.abs(area(outline ?? []))).toBeCloseTo(9 - 0.5, 0)
  })

  it('finds each island and each hole, holes turning the other way', () => {
    const outlines = maskOutlines(
      ...mask(['#####...', '#...#.##', '#...#.##', '#####...', '........']),
    )
    expect(outlines).toHaveLength(3)
    const signs = outlines.map((outline) => Math.sign(area(outline)))
    expect(signs.filter((sign) => sign === signs[0])).toHaveLength(2)
  })

  it('keeps diagonal neighbours apart and every outline closed', () => {
    const outlines = maskOutlines(...mask(['#.', '.#']))
    expect(outlines).toHaveLength(2)
    for (const outline of outlines) expect(outline).toHaveLength(8)
  })

  it('puts the crossing in proportion to coverage', () => {
    const [outline = []] = maskOutlines(Uint8Array.from([255, 255, 51]), 3, 1)
    expect(Math.max(...outline.filter((_, i) => i % 2 === 0))).toBeCloseTo(1.5 + 127.5 / 204, 5)
  })
})
