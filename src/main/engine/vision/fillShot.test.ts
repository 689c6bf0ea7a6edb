import { describe, expect, it } from 'vitest'
import { fillShot, type FillOptions } from './fillShot.js'
import { type ShotInput } from './analyse.js'
import { loadOpenCv } from './opencv.js'
import type { ShotCheckpoint } from './shotCheckpoint.js'
import { createRandom } from './random.js'

const size = { width: 112, height: 72 }
const plan = { lookback: 5, core: 6, lookahead: 4 }
const FRAMES = 27
const signal = new AbortController().signal

/** A textured scene under a camera that pans, or rests, while its exposure drifts. */
function shotOf(speed: number): ShotInput[] {
  return Array.from({ length: FRAMES }, (_, t) => {
    const grain = createRandom(t)
    const data = new Uint8Array(size.width * size.height * 3)
    for (let i = 0; i < data.length; i++) {
      const x = (Math.floor(i / 3) % size.width) + speed * t
      const y = Math.floor(i / 3 / size.width)
      const value =
        120 + 40 * Math.sin(x / 9 + Math.sin(y / 17)) + 30 * Math.cos(y / 7 + x / 23) + (i % 3) * 9
      data[i] = Math.round(value * (1 + t / 400) + 4 * grain())
    }
    // One hole that moves off what it hides, and one that never does: its content is invented.
    const mask = new Uint8Array(size.width * size.height)
    for (let y = 28; y < 44; y++) {
      mask.fill(1, y * size.width + 12 + 2 * t, y * size.width + 26 + 2 * t)
      mask.fill(1, y * size.width + 90, y * size.width + 102)
    }
    return { picture: { ...size, data }, mask }
  })
}

async function* of<T>(items: readonly T[]): AsyncGenerator<T> {
  await Promise.resolve()
  yield* items
}

/** What a take stores of a frame. */
function rgbaOf({ mask }: ShotInput, filled: Uint8Array): Uint8Array {
  const rgba = new Uint8Array(mask.length * 4)
  mask.forEach((covered, pixel) => {
    if (covered === 0) return
    rgba.set(filled.subarray(pixel * 3, pixel * 3 + 3), pixel * 4)
    rgba[pixel * 4 + 3] = 1
  })
  return rgba
}

interface Run {
  readonly frames: readonly { readonly filled: Uint8Array; readonly confidence: number }[]
  readonly checkpoints: readonly ShotCheckpoint[]
}

async function run(shot: readonly ShotInput[], options: Partial<FillOptions> = {}): Promise<Run> {
  const opencv = await loadOpenCv()
  const frames = []
  const checkpoints: ShotCheckpoint[] = []
  const onCheckpoint = (one: ShotCheckpoint): Promise<void> => {
    checkpoints.push(JSON.parse(JSON.stringify(one)) as ShotCheckpoint)
    return Promise.resolve()
  }
  for await (const { frame, filled, confidence } of fillShot(opencv, of(shot), {
    ...{ plan, signal, seed: 3, onCheckpoint },
    ...options,
  })) {
    const data = frame.picture.data.slice()
    frame.hole?.pixels.forEach((pixel, n) => {
      if (filled === null || frame.hole?.inside[n] === 0) return
      for (let c = 0; c < 3; c++) {
        const value = Math.round(filled.colours[n * 3 + c]!)
        data[pixel * 3 + c] = Math.min(255, Math.max(0, value))
      }
    })
    frames.push({ filled: data, confidence })
  }
  return { frames, checkpoints }
}

describe('a shot that is gone on with', () => {
  it.each([
    ['a pan', 1.7],
    ['a camera at rest', 0],
  ])(
    'comes out bit for bit as without a stop: %s',
    async (_name, speed) => {
      const shot = shotOf(speed)
      const whole = await run(shot)
      expect(whole.frames).toHaveLength(FRAMES)
      expect(whole.checkpoints.length).toBeGreaterThan(2)
      for (const checkpoint of [whole.checkpoints[1]!, whole.checkpoints.at(-1)!]) {
        const { finished, first, anchor } = checkpoint
        const known = 2
        const rest = await run(shot.slice(first), {
          known,
          from: {
            checkpoint,
            anchor: anchor.at < first ? shot[anchor.at]! : null,
            lastTake: rgbaOf(shot[finished - 1]!, whole.frames[finished - 1]!.filled),
          },
        })
        expect(rest.frames).toHaveLength(FRAMES - finished)
        rest.frames.forEach((frame, n) => {
          // Those that are known are only counted.
          if (n < known && n < plan.core - 1) return
          expect(frame.confidence).toBe(whole.frames[finished + n]!.confidence)
          expect(Buffer.compare(frame.filled, whole.frames[finished + n]!.filled)).toBe(0)
        })
        expect(rest.checkpoints).toEqual(
          whole.checkpoints.filter((later) => later.finished > finished),
        )
      }
      if (speed === 0) expect(whole.checkpoints.at(-1)!.anchor.at).toBe(0)
    },
    60_000,
  )
})

describe('what nothing vouches for', () => {
  /** A scene that is another one in every frame: other frames show the hole, and are wrong. */
  function boiling(): ShotInput[] {
    return Array.from({ length: 9 }, (_, t) => {
      const mask = new Uint8Array(size.width * size.height)
      for (let y = 28; y < 44; y++) {
        mask.fill(1, y * size.width + 12 + 7 * t, y * size.width + 26 + 7 * t)
      }
      const random = createRandom(100 + t)
      const phases = Array.from({ length: 6 }, () => 6 * random())
      const data = new Uint8Array(size.width * size.height * 3)
      for (let i = 0; i < data.length; i++) {
        const x = Math.floor(i / 3) % size.width
        const y = Math.floor(i / 3 / size.width)
        const wave = phases.map((phase, k) =>
          Math.sin((k + 1) * (x / 9 + (k % 3) * (y / 8)) + phase),
        )
        data[i] = Math.round(128 + 20 * wave.reduce((sum, one) => sum + one, 0))
      }
      return { picture: { ...size, data }, mask }
    })
  }

  /** Mean change from a pixel to the next inside the holes. */
  function contrast(shot: readonly ShotInput[], { frames }: Run): number {
    let sum = 0
    let count = 0
    shot.forEach(({ mask }, t) => {
      for (let i = 1; i < mask.length; i++) {
        if (mask[i] === 0 || mask[i - 1] === 0) continue
        sum += Math.abs(frames[t]!.filled[i * 3]! - frames[t]!.filled[i * 3 - 3]!)
        count++
      }
    })
    return sum / count
  }

  it('comes out soft, or as it was found, and is doubted all the same', async () => {
    const shot = boiling()
    const soft = await run(shot)
    const found = await run(shot, { doubtful: 'found' })
    expect(contrast(shot, found)).toBeGreaterThan(1.5 * contrast(shot, soft))
    found.frames.forEach(({ confidence }, t) => {
      expect(confidence).toBeLessThan(0.6)
      expect(Math.abs(confidence - soft.frames[t]!.confidence)).toBeLessThan(0.2)
    })
  })
})
