import { describe, expect, it } from 'vitest'
import { createRandom } from '../random.js'
import { halveCanvas } from './canvas.js'
import { completeRegion } from './completeRegion.js'
import { dominantOffsets } from './dominantOffsets.js'
import { expectColours } from './expectation.js'
import { expandLabels, FORBIDDEN } from './expansion.js'
import { createCutGraph } from './minimumCut.js'
import { chooseShifts } from './shiftMap.js'

const signal = new AbortController().signal

describe('minimum cut', () => {
  /** What a division costs, by its definition. */
  function costOf(
    sides: readonly number[],
    terminals: readonly number[],
    edges: readonly (readonly [number, number, number, number])[],
  ): number {
    let cost = 0
    terminals.forEach((preference, n) => {
      if (preference > 0 && sides[n] === 1) cost += preference
      if (preference < 0 && sides[n] === 0) cost -= preference
    })
    for (const [a, b, forward, backward] of edges) {
      if (sides[a] === 0 && sides[b] === 1) cost += forward
      if (sides[b] === 0 && sides[a] === 1) cost += backward
    }
    return cost
  }

  it('costs no more than any other division, on random graphs', () => {
    const random = createRandom(4)
    for (let round = 0; round < 200; round++) {
      const nodes = 2 + Math.floor(random() * 7)
      const terminals = Array.from({ length: nodes }, () => Math.round((random() - 0.5) * 40))
      const edges = Array.from({ length: nodes * 2 }, () => {
        const a = Math.floor(random() * nodes)
        const b = (a + 1 + Math.floor(random() * (nodes - 1))) % nodes
        return [a, b, Math.floor(random() * 20), Math.floor(random() * 20)] as const
      })
      const graph = createCutGraph(nodes, edges.length)
      terminals.forEach((preference, n) => {
        graph.addTerminal(n, preference)
      })
      for (const edge of edges) graph.addEdge(...edge)
      let least = Number.POSITIVE_INFINITY
      for (let sides = 0; sides < 2 ** nodes; sides++) {
        const division = Array.from({ length: nodes }, (_value, n) => (sides >> n) & 1)
        least = Math.min(least, costOf(division, terminals, edges))
      }
      expect(costOf(Array.from(graph.solve()), terminals, edges)).toBe(least)
    }
  })
})

describe('label expansion', () => {
  it('smooths a noisy labelling, and never chooses what is forbidden', () => {
    const wish = [0, 0, 1, 0, 0, 2, 2, 0, 2, 2]
    const chosen = Int32Array.from(wish)
    expandLabels(
      {
        pairs: Int32Array.from(wish.slice(1).flatMap((_value, n) => [n, n + 1])),
        labels: 3,
        unary: (node, label) =>
          node === 9 && label === 0 ? FORBIDDEN : label === wish[node] ? 0 : 3,
        pairwise: () => 2,
      },
      chosen,
      3,
    )
    expect([...chosen]).toEqual([0, 0, 0, 0, 0, 2, 2, 2, 2, 2])
  })
})

/** A picture of two plain halves whose border climbs by `slope`, with grain. */
function wall(width: number, height: number, slope: number): Float32Array {
  const random = createRandom(8)
  const data = new Float32Array(width * height * 3)
  for (let i = 0; i < width * height; i++) {
    const above = Math.floor(i / width) < height / 2 + slope * ((i % width) - width / 2)
    const value = (above ? 70 : 190) + 4 * (random() - 0.5)
    data.fill(value, i * 3, i * 3 + 3)
  }
  return data
}

describe('dominant offsets', () => {
  it('finds the direction of an edge and the period of a pattern', () => {
    const size = { width: 90, height: 60 }
    const nothing = new Uint8Array(size.width * size.height)
    const tiles = new Float32Array(nothing.length * 3)
    for (let i = 0; i < nothing.length; i++) {
      const x = i % size.width
      const y = Math.floor(i / size.width)
      tiles.fill(x % 15 < 4 || y % 11 < 3 ? 40 : 200, i * 3, i * 3 + 3)
    }
    const canvas = { ...size, data: tiles, target: nothing, blocked: nothing }
    for (const { x, y } of dominantOffsets(canvas, 8, createRandom(1))) {
      expect([Math.abs(x) % 15, Math.abs(y) % 11]).toEqual([0, 0])
    }
    const edge = { ...canvas, data: wall(size.width, size.height, 0.2) }
    const found = dominantOffsets(edge, 6, createRandom(1))
    for (const { x, y } of found) expect(Math.abs(y - 0.2 * x)).toBeLessThan(1.6)
  })
})

describe('chooseShifts', () => {
  const size = { width: 64, height: 40 }
  const inHole = (x: number, y: number): boolean => x >= 24 && x < 36 && y >= 10 && y < 30
  const isPost = (x: number, y: number): boolean => x >= 54 && x < 58 && y >= 14 && y < 28

  /**
   * The colours that a hole in a wall is given at the height of a post further right, with stains
   * nearer by, and a floor below that has the colour of the post or of the wall.
   */
  function choose(post: readonly number[], floor: 'like the post' | 'like the wall'): number[][] {
    const data = new Float32Array(size.width * size.height * 3)
    const target = new Uint8Array(size.width * size.height)
    for (let i = 0; i < target.length; i++) {
      const x = i % size.width
      const y = Math.floor(i / size.width)
      target[i] = inHole(x, y) ? 1 : 0
      const stain = (x >= 10 && x < 22) || (x >= 38 && x < 50) ? 10 : 0
      data.fill(target[i] === 1 ? 0 : 120 + stain, i * 3, i * 3 + 3)
      if (isPost(x, y)) data.set(post, i * 3)
      if (y >= 27 && target[i] === 0 && floor === 'like the post') data.set(post, i * 3)
    }
    const canvas = { ...size, data, target, blocked: new Uint8Array(target.length) }
    const { nodes, chosen, offsets } = chooseShifts(
      canvas,
      [
        { x: 26, y: 0 },
        { x: 14, y: 0 },
        { x: -14, y: 0 },
      ],
      expectColours(canvas),
    )
    const colours: number[][] = []
    nodes.forEach((pixel, n) => {
      if (pixel >= 22 * size.width) return
      const { x, y } = offsets[chosen[n]!]!
      const from = (pixel + y * size.width + x) * 3
      colours.push([...data.subarray(from, from + 3)])
    })
    return colours
  }

  it('rather shows a seam than a second thing of a colour that is nowhere around the hole', () => {
    const post = [60, 110, 190]
    for (const colour of choose(post, 'like the wall')) expect(colour).not.toEqual(post)
  })

  it('does so as well where the surroundings show that colour, at another height', () => {
    const post = [60, 110, 190]
    for (const colour of choose(post, 'like the post')) expect(colour).not.toEqual(post)
  })

  it('shows no seam where what it copies has the colours of the surroundings', () => {
    const like = [118, 120, 122]
    expect(choose(like, 'like the wall')).toContainEqual(like)
  })
})

describe('completeRegion', () => {
  const size = { width: 160, height: 120 }
  const target = new Uint8Array(size.width * size.height)
  for (let y = 35; y < 85; y++) target.fill(1, y * size.width + 60, y * size.width + 95)
  const nothing = new Uint8Array(target.length)

  async function complete(truth: Float32Array, blocked = nothing): Promise<Float32Array> {
    const data = truth.slice()
    for (let i = 0; i < target.length; i++) if (target[i] === 1) data.fill(0, i * 3, i * 3 + 3)
    await completeRegion(data, target, blocked, size, createRandom(1), signal)
    return data
  }

  it('lets a slanted edge run through within a pixel, the same again with the same seed', async () => {
    const truth = wall(size.width, size.height, 0.12)
    const data = await complete(truth)
    let off = 0
    for (let x = 60; x < 95; x++) {
      for (let y = 36; y < 84; y++) {
        const fromEdge = Math.abs(y - (60 + 0.12 * (x - 80)))
        const i = (y * size.width + x) * 3
        if (fromEdge > 1.5) off = Math.max(off, Math.abs(data[i]! - truth[i]!))
      }
    }
    expect(off).toBeLessThan(12)
    expect(await complete(truth)).toEqual(data)
  })

  it('leaves no step of light where the surroundings grow brighter', async () => {
    const truth = new Float32Array(target.length * 3)
    const random = createRandom(2)
    for (let i = 0; i < target.length; i++) {
      truth.fill(60 + 0.8 * (i % size.width) + 8 * random(), i * 3, i * 3 + 3)
    }
    const data = await complete(truth)
    let sum = 0
    for (let y = 40; y < 80; y++) {
      for (const x of [60, 95]) {
        const i = (y * size.width + x) * 3
        sum += data[i]! - data[i - 3]!
      }
    }
    expect(Math.abs(sum / 80)).toBeLessThan(3)
  })

  it('copies nothing from blocked places', async () => {
    const truth = new Float32Array(target.length * 3).fill(100)
    const blocked = new Uint8Array(target.length)
    for (let y = 0; y < size.height; y++) {
      blocked.fill(1, y * size.width + 110, y * size.width + 160)
      truth.fill(250, (y * size.width + 110) * 3, (y * size.width + 160) * 3)
    }
    const data = await complete(truth, blocked)
    for (let i = 0; i < target.length; i++) {
      if (target[i] === 1) expect(data[i * 3]).toBeLessThan(110)
    }
  })

  it('says so where there is nothing to copy from', async () => {
    const all = new Uint8Array(target.length).fill(1)
    const data = new Float32Array(target.length * 3)
    expect(await completeRegion(data, target, all, size, createRandom(1), signal)).toBe(null)
  })
})

describe('halveCanvas', () => {
  it('averages what is known and keeps what is mostly unknown a target', () => {
    const data = Float32Array.from([10, 10, 10, 30, 30, 30, 99, 99, 99, 99, 99, 99])
    const canvas = {
      width: 2,
      height: 2,
      data,
      target: Uint8Array.from([0, 0, 1, 1]),
      blocked: new Uint8Array(4),
    }
    expect([...halveCanvas(canvas).data]).toEqual([20, 20, 20])
    const unknown = halveCanvas({ ...canvas, target: Uint8Array.from([0, 1, 1, 1]) })
    expect([...unknown.target]).toEqual([1])
  })
})
