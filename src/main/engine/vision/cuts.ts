import type { Picture } from './image.js'

/** Size of the pictures that cuts are looked for in. */
export const THUMBNAIL = { width: 64, height: 36 } as const

/** Mean difference in levels below which two frames belong together whatever else. */
const SMALL_CHANGE = 12

/** How far a cut stands out of the changes around it. */
const OUTSTANDING = 2.8

/** Share of the colour histogram that must change: a fast pan keeps its colours. */
const NEW_COLOURS = 0.3

/** How one thumbnail differs from the one before. */
interface Change {
  /** Mean absolute difference in levels. */
  readonly level: number
  /** 0..1, by 4 x 4 x 4 colour histogram. */
  readonly colours: number
}

/** Finds hard cuts in a stream of thumbnails. */
export interface CutFinder {
  add(thumbnail: Picture): void
  /** Positions of the first frame after each cut, in order. */
  cuts(): number[]
}

export function createCutFinder(): CutFinder {
  const changes: Change[] = []
  let last: Picture | null = null
  let lastHistogram = new Float32Array(64)
  return {
    add(thumbnail) {
      const own = histogram(thumbnail)
      changes.push(
        last === null
          ? { level: 0, colours: 0 }
          : { level: difference(last, thumbnail), colours: distance(lastHistogram, own) },
      )
      last = thumbnail
      lastHistogram = own
    },
    cuts() {
      return changes.flatMap((change, t) => (isCut(changes, change, t) ? [t] : []))
    },
  }
}

function isCut(changes: readonly Change[], change: Change, t: number): boolean {
  if (t === 0 || change.level < SMALL_CHANGE || change.colours < NEW_COLOURS) return false
  const around = [-3, -2, -1, 1, 2, 3]
    .map((offset) => (t + offset > 0 ? changes[t + offset]?.level : undefined))
    .filter((level): level is number => level !== undefined)
    .sort((a, b) => a - b)
  // The median: a second cut or a flash nearby must not hide this one.
  const usual = around[around.length >> 1] ?? 0
  return change.level > OUTSTANDING * usual + 4
}

function difference(a: Picture, b: Picture): number {
  let sum = 0
  for (let i = 0; i < a.data.length; i++) sum += Math.abs(a.data[i]! - b.data[i]!)
  return sum / a.data.length
}

function histogram({ data }: Picture): Float32Array<ArrayBuffer> {
  const bins = new Float32Array(64)
  const share = 3 / data.length
  for (let i = 0; i < data.length; i += 3) {
    const bin = ((data[i]! >> 6) << 4) | ((data[i + 1]! >> 6) << 2) | (data[i + 2]! >> 6)
    bins[bin] = bins[bin]! + share
  }
  return bins
}

function distance(a: Float32Array, b: Float32Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += Math.abs(a[i]! - b[i]!)
  return sum / 2
}
