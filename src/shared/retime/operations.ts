/** Speeds outside of this make no sense to anyone. */
export const SLOWEST = 0.05
export const FASTEST = 50

export const EASINGS = ['linear', 'smooth'] as const
/** How a speed changes over a ramp's time: evenly, or gently at both ends. */
export type Easing = (typeof EASINGS)[number]

/**
 * One change of time. Frames are those of the retimed range, counted from its first one, half-open
 * `[from, to)`; operations act in order, and each sees the frames where the ones before left them.
 */
export type RetimeOperation =
  | {
      readonly kind: 'speed'
      readonly from: number
      readonly to: number
      /** 2 plays twice as fast. */
      readonly factor: number
    }
  | {
      /** From one speed to another. */
      readonly kind: 'ramp'
      readonly from: number
      readonly to: number
      readonly start: number
      readonly end: number
      readonly easing: Easing
    }
  | { readonly kind: 'reverse'; readonly from: number; readonly to: number }
  /** Forward, then backward. */
  | { readonly kind: 'ping-pong'; readonly from: number; readonly to: number }
  | {
      /** Stands still on a frame before it plays on from it. */
      readonly kind: 'freeze'
      readonly at: number
      /** How long, in frames of the result. */
      readonly frames: number
    }

/** What stands between two frames of the source: a picture made from both, or the earlier one again. */
export const SMOOTHNESS = ['interpolate', 'repeat'] as const
export type Smoothness = (typeof SMOOTHNESS)[number]

/** Settings of a retime. */
export interface RetimeParams {
  readonly operations: readonly RetimeOperation[]
  readonly smoothness: Smoothness
  /** Sound keeps its pitch; otherwise it rises and falls with the speed, as on a tape. */
  readonly keepPitch: boolean
}
