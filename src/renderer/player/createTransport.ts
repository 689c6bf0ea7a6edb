import type { Rational } from '../../shared/rational.js'
import { frameToSeconds, secondsToFrame, toNumber } from '../../shared/rational.js'

/** What the transport reads and writes; the editor store in the app. */
export interface TransportState {
  readonly playhead: number
  readonly shuttle: number
  readonly range: { readonly from: number; readonly to: number } | null
}

/** What is on the timeline, as far as moving over it goes. */
export interface TransportTimeline {
  readonly length: number
  readonly fps: Rational
  neighbourEdit(frame: number, direction: -1 | 1): number
  /** Playing goes on from the beginning at the end: two short clips are compared by looking again. */
  readonly repeats?: boolean
}

/** Sound at normal speed. While it runs it is the clock: the ear notices a slip, the eye does not. */
export interface TransportSound {
  /** Begins at a timeline position in seconds. */
  start(seconds: number): void
  /** Position in seconds of what is heard now; null while nothing is heard (yet). */
  position(): number | null
  stop(): void
}

export interface TransportDeps {
  get(): TransportState
  set(changes: Partial<TransportState>): void
  timeline(): TransportTimeline
  readonly sound: TransportSound
  /** A steady clock in seconds. */
  now(): number
  /** Calls back before the next picture is painted; returns a way to call it off. */
  onNextPicture(callback: () => void): () => void
}

export interface Transport {
  play(): void
  pause(): void
  /** Space: plays forwards, or pauses whatever is running. */
  toggle(): void
  /** J (-1), K (0) and L (1): each further press in one direction doubles the speed up to 4x. */
  shuttle(direction: -1 | 0 | 1): void
  /** Pauses and moves by whole frames. */
  step(frames: number): void
  /** Pauses and moves by whole seconds. */
  stepSeconds(seconds: number): void
  /** Pauses and goes to a frame; outside the timeline it stops at its ends. */
  goTo(frame: number): void
  goToStart(): void
  goToEnd(): void
  /** Pauses and goes to the next cut in a direction. */
  goToEdit(direction: -1 | 1): void
  /** Sets the range's first frame to the playhead. */
  markIn(): void
  /** Sets the range's last frame to the playhead. */
  markOut(): void
  clearRange(): void
}

const FASTEST = 4

/** The speed after pressing J or L at a speed: the other direction starts again at 1x. */
export function nextShuttle(speed: number, direction: -1 | 1): number {
  if (Math.sign(speed) !== direction) return direction
  return direction * Math.min(FASTEST, Math.abs(speed) * 2)
}

/** Where playing from a frame ends, in the direction of travel: the range's edge when started inside it. */
export function lastFrame(
  frame: number,
  direction: -1 | 1,
  length: number,
  range: TransportState['range'],
): number {
  const inside = range !== null && frame >= range.from && frame < range.to
  if (direction > 0) return inside ? Math.min(range.to, length) - 1 : Math.max(0, length - 1)
  return inside ? range.from : 0
}

export function createTransport(deps: TransportDeps): Transport {
  let cancelTick: (() => void) | null = null
  let startedAt = 0
  let startSeconds = 0
  let goal = 0
  /** The last frame that this clock wrote: any other playhead means that somebody moved it. */
  let written = -1

  const clamp = (frame: number): number =>
    Math.max(0, Math.min(Math.max(0, deps.timeline().length - 1), Math.round(frame)))

  const halt = (): void => {
    cancelTick?.()
    cancelTick = null
    deps.sound.stop()
    if (deps.get().shuttle !== 0) deps.set({ shuttle: 0 })
  }

  const run = (speed: number): void => {
    cancelTick?.()
    deps.sound.stop()
    const { fps, length } = deps.timeline()
    if (length === 0) return halt()
    const direction = speed > 0 ? 1 : -1
    let from = clamp(deps.get().playhead)
    goal = lastFrame(from, direction, length, deps.get().range)
    if (from === goal) {
      // Play at the very end means: once more from the beginning.
      const { range } = deps.get()
      const inside = range !== null && from >= range.from && from < range.to
      if (direction > 0) from = inside ? range.from : 0
      else from = inside ? Math.min(range.to, length) - 1 : length - 1
      goal = lastFrame(from, direction, length, range)
    }
    startSeconds = frameToSeconds(from, fps)
    startedAt = deps.now()
    written = from
    deps.set({ shuttle: speed, playhead: from })
    if (speed === 1) deps.sound.start(startSeconds)
    cancelTick = deps.onNextPicture(tick)
  }

  const tick = (): void => {
    cancelTick = null
    const { shuttle, playhead } = deps.get()
    if (shuttle === 0) return halt()
    if (playhead !== written) return run(shuttle)
    const { fps, length, repeats } = deps.timeline()
    if (length === 0) return halt()

    const heard = shuttle === 1 ? deps.sound.position() : null
    let seconds: number
    if (heard === null) {
      seconds = startSeconds + shuttle * (deps.now() - startedAt)
    } else {
      seconds = heard
      // Should the sound end before the picture, go on from here by the other clock.
      startSeconds = heard
      startedAt = deps.now()
    }
    // Going back, a frame is on screen until its beginning is passed.
    const frame =
      shuttle > 0 ? secondsToFrame(seconds, fps) : Math.ceil(seconds * toNumber(fps) - 1e-3)
    const arrived = shuttle > 0 ? frame > goal : frame < goal
    written = Math.max(0, Math.min(arrived ? goal : frame, length - 1))
    if (written !== playhead) deps.set({ playhead: written })
    if (arrived) return repeats === true ? run(shuttle) : halt()
    cancelTick = deps.onNextPicture(tick)
  }

  const goTo = (frame: number): void => {
    halt()
    const next = clamp(frame)
    if (next !== deps.get().playhead) deps.set({ playhead: next })
  }

  return {
    play: () => run(1),
    pause: halt,
    toggle: () => (deps.get().shuttle === 0 ? run(1) : halt()),
    shuttle: (direction) =>
      direction === 0 ? halt() : run(nextShuttle(deps.get().shuttle, direction)),
    step: (frames) => goTo(deps.get().playhead + frames),
    stepSeconds: (seconds) =>
      goTo(deps.get().playhead + seconds * Math.round(toNumber(deps.timeline().fps))),
    goTo,
    goToStart: () => goTo(0),
    goToEnd: () => goTo(deps.timeline().length - 1),
    goToEdit: (direction) => goTo(deps.timeline().neighbourEdit(deps.get().playhead, direction)),
    markIn() {
      const { playhead, range } = deps.get()
      const to = range !== null && range.to > playhead ? range.to : deps.timeline().length
      if (to > playhead) deps.set({ range: { from: playhead, to } })
    },
    markOut() {
      const { playhead, range } = deps.get()
      const from = range !== null && range.from <= playhead ? range.from : 0
      deps.set({ range: { from, to: playhead + 1 } })
    },
    clearRange: () => deps.set({ range: null }),
  }
}
