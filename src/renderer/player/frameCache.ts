/** What the cache needs of a picture: VideoFrames hold memory until they are closed. */
export interface Closable {
  close(): void
}

/**
 * Pictures by frame number around the playhead. When full it closes the one furthest from
 * `centre`: unlike least-recently-used this keeps both sides of the playhead while scrubbing
 * to and fro.
 */
export class FrameCache<T extends Closable> {
  readonly #pictures = new Map<number, T>()
  readonly #capacity: number
  centre = 0

  constructor(capacity: number) {
    this.#capacity = capacity
  }

  get size(): number {
    return this.#pictures.size
  }

  has(frame: number): boolean {
    return this.#pictures.has(frame)
  }

  get(frame: number): T | undefined {
    return this.#pictures.get(frame)
  }

  /** Takes ownership; a picture already there for this frame is closed. */
  put(frame: number, picture: T): void {
    this.#pictures.get(frame)?.close()
    this.#pictures.set(frame, picture)
    while (this.#pictures.size > this.#capacity) this.#dropFurthest()
  }

  clear(): void {
    for (const picture of this.#pictures.values()) picture.close()
    this.#pictures.clear()
  }

  #dropFurthest(): void {
    let furthest = -1
    let distance = -1
    for (const frame of this.#pictures.keys()) {
      const far = Math.abs(frame - this.centre)
      if (far > distance) {
        distance = far
        furthest = frame
      }
    }
    this.#pictures.get(furthest)?.close()
    this.#pictures.delete(furthest)
  }
}

/**
 * The next frame worth decoding before it is asked for: the first one missing within `reach`
 * frames in the direction of travel. Null when there is nothing to do, or when paused.
 */
export function nextAhead(
  centre: number,
  direction: -1 | 0 | 1,
  reach: number,
  frames: number,
  has: (frame: number) => boolean,
): number | null {
  if (direction === 0) return null
  for (let distance = 1; distance <= reach; distance += 1) {
    const frame = centre + direction * distance
    if (frame < 0 || frame >= frames) return null
    if (!has(frame)) return frame
  }
  return null
}
