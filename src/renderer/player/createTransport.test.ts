import { describe, expect, it } from 'vitest'
import type { TransportState } from './createTransport.js'
import { createTransport, nextShuttle } from './createTransport.js'

/** A transport over 100 frames at 25/s on a clock that the test turns. */
function setUp(start: Partial<TransportState> = {}, length = 100) {
  let state: TransportState = { playhead: 0, shuttle: 0, range: null, ...start }
  let time = 0
  let next: (() => void) | null = null
  const sound = { heard: null as number | null, log: [] as string[] }
  const transport = createTransport({
    get: () => state,
    set: (changes) => {
      state = { ...state, ...changes }
    },
    timeline: () => ({
      length,
      fps: { num: 25, den: 1 },
      neighbourEdit: (frame, direction) => (direction > 0 ? 50 : 0) || frame * 0,
    }),
    sound: {
      start: (seconds) => sound.log.push(`start ${seconds}`),
      position: () => sound.heard,
      stop: () => sound.log.push('stop'),
    },
    now: () => time,
    onNextPicture: (callback) => {
      next = callback
      return () => {
        next = null
      }
    },
  })
  return {
    transport,
    sound,
    state: () => state,
    set: (changes: Partial<TransportState>) => {
      state = { ...state, ...changes }
    },
    /** Lets `seconds` pass and the next picture be painted. */
    pass(seconds: number) {
      time += seconds
      const callback = next
      next = null
      callback?.()
    },
    running: () => next !== null,
  }
}

describe('transport', () => {
  it('moves by the clock, whatever the rate of painting', () => {
    const t = setUp()
    t.transport.play()
    t.pass(0.1)
    expect(t.state().playhead).toBe(2)
    t.pass(1)
    expect(t.state().playhead).toBe(27)
    t.transport.toggle()
    t.pass(1)
    expect(t.state()).toMatchObject({ playhead: 27, shuttle: 0 })
  })

  it('follows the sound when there is some, and goes on without it', () => {
    const t = setUp()
    t.transport.play()
    expect(t.sound.log.at(-1)).toBe('start 0')
    t.sound.heard = 0.4
    t.pass(1)
    expect(t.state().playhead).toBe(10)
    t.sound.heard = null
    t.pass(0.2)
    expect(t.state().playhead).toBe(15)
  })

  it('shuttles: 1x, 2x, 4x, and 1x the other way', () => {
    expect([0, 1, 2, 4, -2].map((speed) => nextShuttle(speed, 1))).toEqual([1, 2, 4, 4, 1])
    const t = setUp({ playhead: 50 })
    t.transport.shuttle(1)
    t.transport.shuttle(1)
    t.pass(0.4)
    expect(t.state()).toMatchObject({ playhead: 70, shuttle: 2 })
    t.transport.shuttle(-1)
    t.pass(0.4)
    expect(t.state()).toMatchObject({ playhead: 60, shuttle: -1 })
    t.transport.shuttle(0)
    expect(t.state().shuttle).toBe(0)
    expect(t.running()).toBe(false)
  })

  it('is silent at any speed but 1x', () => {
    const t = setUp({ playhead: 50 })
    t.transport.shuttle(-1)
    t.transport.shuttle(-1)
    expect(t.sound.log.some((line) => line.startsWith('start'))).toBe(false)
  })

  it('stops at the end on the last frame, and starts over from there', () => {
    const t = setUp({ playhead: 95 })
    t.transport.play()
    t.pass(1)
    expect(t.state()).toMatchObject({ playhead: 99, shuttle: 0 })
    expect(t.running()).toBe(false)
    t.transport.play()
    expect(t.state().playhead).toBe(0)
  })

  it('shows the last frame for its whole length before stopping', () => {
    const t = setUp({ playhead: 98 })
    t.transport.play()
    t.pass(0.05)
    expect(t.state()).toMatchObject({ playhead: 99, shuttle: 1 })
    t.pass(0.04)
    expect(t.state()).toMatchObject({ playhead: 99, shuttle: 0 })
  })

  it('stops at the start when going back', () => {
    const t = setUp({ playhead: 5 })
    t.transport.shuttle(-1)
    t.pass(3)
    expect(t.state()).toMatchObject({ playhead: 0, shuttle: 0 })
  })

  it('stops at the end of the range it was started in', () => {
    const range = { from: 10, to: 20 }
    const t = setUp({ playhead: 15, range })
    t.transport.play()
    t.pass(3)
    expect(t.state().playhead).toBe(19)
    t.transport.play()
    expect(t.state().playhead).toBe(10)
    const outside = setUp({ playhead: 30, range })
    outside.transport.play()
    outside.pass(10)
    expect(outside.state().playhead).toBe(99)
  })

  it('goes on from a new place when the playhead is moved while playing', () => {
    const t = setUp()
    t.transport.play()
    t.pass(0.4)
    t.set({ playhead: 60 })
    t.pass(0.016)
    t.pass(0.4)
    expect(t.state().playhead).toBe(70)
  })

  it('does nothing on an empty timeline', () => {
    const t = setUp({}, 0)
    t.transport.play()
    expect(t.state().shuttle).toBe(0)
    expect(t.running()).toBe(false)
  })

  it('steps, jumps and clamps, always pausing', () => {
    const t = setUp({ playhead: 10 })
    t.transport.play()
    t.transport.step(-1)
    expect(t.state()).toMatchObject({ playhead: 9, shuttle: 0 })
    t.transport.stepSeconds(1)
    expect(t.state().playhead).toBe(34)
    t.transport.goTo(1000)
    expect(t.state().playhead).toBe(99)
    t.transport.goToEdit(1)
    expect(t.state().playhead).toBe(50)
    t.transport.goToStart()
    expect(t.state().playhead).toBe(0)
  })

  it('sets a range around the playhead, never an empty one', () => {
    const t = setUp({ playhead: 10 })
    t.transport.markIn()
    expect(t.state().range).toEqual({ from: 10, to: 100 })
    t.transport.goTo(20)
    t.transport.markOut()
    expect(t.state().range).toEqual({ from: 10, to: 21 })
    t.transport.goTo(5)
    t.transport.markOut()
    expect(t.state().range).toEqual({ from: 0, to: 6 })
    t.transport.clearRange()
    expect(t.state().range).toBeNull()
  })
})
