import { describe, expect, it } from 'vitest'
import { AppError } from '../../shared/contract/errors.js'
import type { FrameSource } from './frameSource.js'
import { createPictures } from './pictures.js'
import type { WantedPicture } from './pictures.js'

const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0))

/** Files whose pictures remember their file, frame and whether they were closed. */
function setUp(broken = new Set<string>()) {
  /** Frames that are still being decoded, with what ends the wait. */
  const slow = new Map<number, Promise<void>>()
  const log: string[] = []
  const alive = new Set<string>()
  const open = (path: string): Promise<FrameSource> => {
    log.push(`open ${path}`)
    if (broken.has(path)) return Promise.reject(new AppError('file-unreadable', 'gone'))
    return Promise.resolve({
      frames: 100,
      // Travelling fast, only every tenth can be had.
      request: async (wanted, speed) => {
        await slow.get(wanted)
        const frame = Math.abs(speed) > 1 ? wanted - (wanted % 10) : wanted
        const name = `${path}#${frame}`
        alive.add(name)
        const picture = { name, close: () => alive.delete(name) } as unknown as VideoFrame
        return { frame, picture }
      },
      close: () => log.push(`close ${path}`),
    })
  }
  return { pictures: createPictures(open), log, alive, broken, slow }
}

const at = (path: string, frame: number): WantedPicture => ({
  path,
  frame,
  fps: { num: 30, den: 1 },
  width: 640,
  height: 360,
})

describe('pictures on screen', () => {
  it('shows source and take, and closes what it replaces', async () => {
    const { pictures, alive } = setUp()
    pictures.show({ source: at('a', 1), take: at('t', 0), other: null, overlays: [], speed: 0 })
    expect(pictures.settled()).toBe(false)
    await settle()
    expect(pictures.settled()).toBe(true)
    pictures.show({ source: at('a', 2), take: null, other: null, overlays: [], speed: 0 })
    await settle()
    expect(pictures.shown('take')).toBeNull()
    expect(pictures.shown('source')?.of.frame).toBe(2)
    expect([...alive]).toEqual(['a#2'])
  })

  it('keeps the old picture until the next clip has one', async () => {
    const { pictures } = setUp()
    pictures.show({ source: at('a', 1), take: null, other: null, overlays: [], speed: 1 })
    await settle()
    pictures.show({ source: at('b', 0), take: null, other: null, overlays: [], speed: 1 })
    expect(pictures.shown('source')?.of.path).toBe('a')
    await settle()
    expect(pictures.shown('source')?.of.path).toBe('b')
  })

  it('says which frame it shows while travelling, and is exact once stopped', async () => {
    const { pictures, alive } = setUp()
    pictures.show({ source: at('a', 14), take: null, other: null, overlays: [], speed: 4 })
    await settle()
    expect(pictures.shown('source')?.of.frame).toBe(10)
    expect(pictures.settled()).toBe(false)
    pictures.show({ source: at('a', 14), take: null, other: null, overlays: [], speed: 0 })
    await settle()
    expect(pictures.shown('source')?.of.frame).toBe(14)
    expect(pictures.settled()).toBe(true)
    expect([...alive]).toEqual(['a#14'])
  })

  it('does not go back to a frame that took longer than the one asked for after it', async () => {
    const { pictures, alive, slow } = setUp()
    let decoded = (): void => undefined
    slow.set(48, new Promise((resolve) => (decoded = resolve)))
    for (const frame of [48, 72]) {
      const source = at('a', frame)
      pictures.show({ source, take: null, other: null, overlays: [], speed: 0 })
      await settle()
    }
    expect(pictures.shown('source')?.of.frame).toBe(72)
    decoded()
    await settle()
    expect(pictures.shown('source')?.of.frame).toBe(72)
    expect(pictures.settled()).toBe(true)
    expect([...alive]).toEqual(['a#72'])
  })

  it('keeps few files open', async () => {
    const { pictures, log } = setUp()
    for (const path of ['a', 'b', 'c', 'd', 'e', 'f']) {
      pictures.show({ source: at(path, 0), take: null, other: null, overlays: [], speed: 0 })
      await settle()
    }
    expect(log.filter((line) => line.startsWith('close'))).toEqual(['close a', 'close b'])
  })

  it('reports a file that cannot be read once, and tries again when told', async () => {
    const { pictures, log, broken } = setUp(new Set(['a']))
    pictures.show({ source: at('a', 1), take: null, other: null, overlays: [], speed: 0 })
    await settle()
    pictures.show({ source: at('a', 2), take: null, other: null, overlays: [], speed: 0 })
    await settle()
    expect(pictures.problem('source')?.code).toBe('file-unreadable')
    expect(log).toEqual(['open a'])
    broken.clear()
    pictures.retry()
    await settle()
    expect(pictures.problem('source')).toBeNull()
    expect(pictures.shown('source')?.of.frame).toBe(2)
  })

  it('shows another picture for as long as the one asked for is in the making', async () => {
    const { pictures, log, broken, alive } = setUp(new Set(['stack']))
    const stack = (frame: number): WantedPicture => ({
      ...at('stack', frame),
      instead: at('take', frame + 5),
    })
    pictures.show({ source: null, take: at('take', 9), other: null, overlays: [], speed: 0 })
    await settle()
    pictures.show({ source: null, take: stack(4), other: null, overlays: [], speed: 0 })
    expect(pictures.shown('take')?.of.path).toBe('take')
    await settle()
    expect(pictures.shown('take')?.of).toMatchObject({ path: 'take', frame: 9 })
    expect(pictures.problem('take')?.code).toBe('file-unreadable')
    expect(pictures.settled()).toBe(true)
    pictures.show({ source: null, take: stack(7), other: null, overlays: [], speed: 0 })
    await settle()
    expect(pictures.shown('take')?.of).toMatchObject({ path: 'take', frame: 12 })
    expect(log).toEqual(['open take', 'open stack'])

    broken.clear()
    pictures.retry()
    expect(pictures.shown('take')?.of.path).toBe('take')
    await settle()
    expect(pictures.shown('take')?.of).toMatchObject({ path: 'stack', frame: 7 })
    expect(pictures.problem('take')).toBeNull()
    expect([...alive]).toEqual(['stack#7'])
  })

  it('clears what it shows when nothing can be read instead either', async () => {
    const { pictures, log } = setUp(new Set(['stack', 'take']))
    const asked = { ...at('stack', 4), instead: at('take', 9) }
    pictures.show({ source: null, take: at('other', 0), other: null, overlays: [], speed: 0 })
    await settle()
    pictures.show({ source: null, take: asked, other: null, overlays: [], speed: 0 })
    await settle()
    await settle()
    expect(pictures.shown('take')).toBeNull()
    expect(pictures.problem('take')?.code).toBe('file-unreadable')
    expect(pictures.settled()).toBe(true)
    pictures.show({
      source: null,
      take: { ...asked, frame: 5 },
      other: null,
      overlays: [],
      speed: 0,
    })
    await settle()
    expect(log.filter((line) => line.startsWith('open'))).toEqual([
      'open other',
      'open stack',
      'open take',
    ])
  })

  it('closes everything in the end', async () => {
    const { pictures, log, alive } = setUp()
    pictures.show({ source: at('a', 1), take: null, other: null, overlays: [], speed: 0 })
    await settle()
    pictures.close()
    await settle()
    expect(alive.size).toBe(0)
    expect(log).toContain('close a')
  })
})
