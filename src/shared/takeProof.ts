/** What was measured on a finished take; kept beside it with its confidence. Of a new one that is some frames. */
export interface TakeProof {
  readonly version: 1
  /** Samples of the source's own planes that lie outside the grown mask, compared one by one. */
  readonly outside: { readonly max: number; readonly samples: number; readonly frames: number }
  /** Only some frames were looked at; the others are null in `seam`. */
  readonly sampled?: boolean
  /** Per frame of the take; null where nothing was changed. */
  readonly seam: readonly (FrameSeam | null)[]
}

/** How much the edge of what was filled in can be seen, in luma. */
export interface FrameSeam {
  /** Change across the edge relative to the usual change beside it: 1 = no more than anywhere. */
  readonly gradient: number
  /** Step of brightness from just inside to just outside, over the whole edge, in levels. */
  readonly step: number
  /** Change since the frame before inside, relative to that around it; null on a first frame. */
  readonly flicker: number | null
}

/** Above these a seam or a flicker is likely to be seen. */
export const SEAM_LIMITS = { gradient: 1.5, step: 6, flicker: 1.6 } as const

/** True where a frame's seam is worth a look. */
export function isSeamVisible({ gradient, step, flicker }: FrameSeam): boolean {
  return (
    (gradient > SEAM_LIMITS.gradient && step > 2) ||
    (step > SEAM_LIMITS.step && gradient > 1.15) ||
    (flicker !== null && flicker > SEAM_LIMITS.flicker)
  )
}
