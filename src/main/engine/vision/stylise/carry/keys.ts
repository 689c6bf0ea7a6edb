import type { Size } from '../../image.js'
import type { Way } from './way.js'

/** A painted key frame at the size of its source: RGBA, colours already times alpha. */
export interface PaintedKey extends Size {
  readonly data: Uint8Array
}

/** A key frame that reaches a frame. */
export interface Reaching {
  readonly key: PaintedKey
  readonly way: Way
  /** 0..1: how near it is in time, the other one's share left out. */
  readonly near: number
}
