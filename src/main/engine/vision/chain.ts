/** Per hole pixel, where in another frame its content is seen. */
export interface Chain {
  /** Source frame, -1 where none was found. */
  readonly frame: Int32Array
  /** Sub-pixel position in that frame. */
  readonly x: Float32Array
  readonly y: Float32Array
}

export function emptyChain(length: number): Chain {
  return {
    frame: new Int32Array(length).fill(-1),
    x: new Float32Array(length),
    y: new Float32Array(length),
  }
}
