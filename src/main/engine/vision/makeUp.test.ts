import { describe, expect, it } from 'vitest'
import { fillShot } from './fillShot.js'
import { loadOpenCv } from './opencv.js'
import type { WindowFrame } from './window.js'

const size = { width: 120, height: 80 }
const HOLE = { left: 50, right: 74, top: 26, bottom: 52 }
const FRAMES = 40
const AWAY = [-60, -50] as const

/** A wall, and a dark thing before it that reaches from one place to another. */
async function fill(
  thingAt: (t: number) => readonly [left: number, right: number],
): Promise<WindowFrame[]> {
  const mask = new Uint8Array(size.width * size.height)
  for (let y = HOLE.top; y < HOLE.bottom; y++) {
    mask.fill(1, y * size.width + HOLE.left, y * size.width + HOLE.right)
  }
  async function* shot(): AsyncGenerator<{
    picture: { data: Uint8Array } & typeof size
    mask: Uint8Array
  }> {
    await Promise.resolve()
    for (let t = 0; t < FRAMES; t++) {
      const data = new Uint8Array(size.width * size.height * 3)
      for (let i = 0; i < mask.length; i++) {
        const x = i % size.width
        const y = Math.floor(i / size.width)
        const [left, right] = thingAt(t)
        const inside = Math.min(x - left, right - x, y - 36, 48 - y)
        const thing = Math.min(1, Math.max(0, inside / 2 + 0.5))
        const wall = 130 + 25 * Math.sin(x / 7 + Math.sin(y / 11)) * Math.abs(y / 40 - 1)
        data.fill(Math.round((1 - thing) * wall + thing * 30), i * 3, i * 3 + 3)
      }
      yield { picture: { ...size, data }, mask }
    }
  }
  const out: WindowFrame[] = []
  const plan = { lookback: 8, core: FRAMES, lookahead: 8 }
  const signal = new AbortController().signal
  for await (const one of fillShot(await loadOpenCv(), shot(), { plan, signal, seed: 1 })) {
    out.push(one)
  }
  return out
}

/** Mean difference in levels of two frames' fills. */
function change(a: WindowFrame, b: WindowFrame): number {
  const [one, other] = [a.filled!.colours, b.filled!.colours]
  return one.reduce((sum, value, n) => sum + Math.abs(value - other[n]!), 0) / one.length
}

describe('content that is made up for many frames', () => {
  it('is made anew where a thing has come to stay', async () => {
    // From frame 16 on a beam lies behind the hole and is seen on both sides of it.
    const frames = await fill((t) => (t < 16 ? AWAY : [20, 110]))
    const mean = (from: number, to: number): number =>
      frames.slice(from, to).reduce((sum, { confidence }) => sum + confidence, 0) / (to - from)
    expect(mean(0, 16)).toBeGreaterThan(0.4)
    expect(mean(20, FRAMES)).toBeGreaterThan(0.3)
    // It changes there once, and at no other time.
    const changes = frames.slice(1).map((frame, n) => change(frames[n]!, frame))
    expect(changes[15]).toBeGreaterThan(5)
    expect(Math.max(...changes.slice(0, 15), ...changes.slice(18))).toBeLessThan(2)
  })

  it('stays what it is while something passes', async () => {
    const frames = await fill((t) => (t < 16 || t > 20 ? AWAY : [20, 110]))
    expect(frames[18]!.confidence).toBeLessThan(0.5 * frames[10]!.confidence)
    expect(change(frames[10]!, frames[30]!)).toBeLessThan(2)
  })
})
