/** Frames from one key frame of a proxy to the next (the core's proxies are made so). */
export const GROUP = 15

/** Decoding this share of the time the playhead leaves for it counts as keeping up. */
const ENOUGH = 0.85
/** While behind, a new picture should come at least this often. */
const CHUNK_MS = 40
/** How much the newest measurement counts. */
const FRESH = 0.3

/**
 * Knows how fast this computer decodes a file and what follows from it while shuttling. Pictures
 * between key frames lean on all before them in their group, so a decoder that can't keep up
 * shows the beginning of every group, rather than few frames exactly and late.
 */
export class Pace {
  /** Source frames a second that the playhead passes; 0 when paused. */
  #speed = 0
  /** From one picture to the next while the decoder is kept busy; 0 until it is known. */
  #eachMs = 0
  /** Until the first picture: seeking, starting, and the decoder's own delay. */
  #firstMs = 0

  travel(framesPerSecond: number): void {
    this.#speed = Math.abs(framesPerSecond)
  }

  /**
   * Notes when the pictures of one request came out.
   * @param times milliseconds since the request, ascending
   */
  decoded(times: readonly number[]): void {
    const [first, ...rest] = times
    const last = rest.at(-1)
    // One picture alone tells how long it takes to begin, not how many there could be a second.
    if (first === undefined || last === undefined) return
    this.#firstMs = renewed(this.#firstMs, first)
    this.#eachMs = renewed(this.#eachMs, (last - first) / rest.length)
  }

  /** True when decoding every frame at this speed is more than this computer manages. */
  isBehind(): boolean {
    return (this.#speed * this.#eachMs) / 1000 > ENOUGH
  }

  /** Pictures of each group that can be decoded while the playhead crosses it. */
  perGroup(): number {
    const available = (GROUP * 1000 * ENOUGH) / this.#speed - this.#firstMs
    return Math.max(1, Math.min(GROUP, 1 + Math.floor(available / this.#eachMs)))
  }

  /** Pictures to decode in one go before the newest is shown. */
  chunk(): number {
    return Math.max(1, Math.floor(CHUNK_MS / this.#eachMs))
  }
}

function renewed(old: number, fresh: number): number {
  return old === 0 ? fresh : old + (fresh - old) * FRESH
}

/**
 * The frame to decode and show for a wanted one while decoding can't keep up: the wanted one
 * itself or an earlier one of its group, never beyond what the group may cost.
 *
 * @param key first frame of the group
 * @param has whether a frame's picture is ready
 */
export function reachable(
  wanted: number,
  key: number,
  direction: -1 | 1,
  pace: Pick<Pace, 'perGroup' | 'chunk'>,
  has: (frame: number) => boolean,
): number {
  const limit = Math.min(wanted, key + pace.perGroup() - 1)
  // Going back, the group is decoded at once and then shown from its end.
  if (direction < 0) return limit
  let newest = limit
  while (newest >= key && !has(newest)) newest--
  return Math.min(limit, newest + pace.chunk())
}
