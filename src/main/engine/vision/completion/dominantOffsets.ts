import type { Canvas } from './canvas.js'

/** A shift from a pixel to the place that looks like it. */
export interface Offset {
  readonly x: number
  readonly y: number
}

const RADIUS = 3
const SWEEPS = 4

/** Nearer than this share of the longer side everything resembles itself. */
const NEAREST = 1 / 15

/**
 * The shifts by which the known part of a picture resembles itself most often: along edges, and by
 * the periods of its textures (He and Sun 2012, "Statistics of Patch Offsets for Image Completion").
 *
 * @param wanted how many, at most
 * @returns the most frequent first
 */
export function dominantOffsets(canvas: Canvas, wanted: number, random: () => number): Offset[] {
  const { width, height } = canvas
  const whole = wholePatches(canvas)
  const centres: number[] = []
  for (let i = 0; i < whole.length; i++) if (whole[i] === 1) centres.push(i)
  if (centres.length < 2) return []
  const match = selfMatches(canvas, whole, centres, random)
  const columns = 2 * width + 1
  const votes = new Float32Array(columns * (2 * height + 1))
  for (const centre of centres) {
    const found = match[centre]!
    if (found < 0) continue
    const dx = (found % width) - (centre % width)
    const dy = Math.floor(found / width) - Math.floor(centre / width)
    // A plain wall resembles itself anywhere: what has structure knows better.
    votes[(dy + height) * columns + dx + width] =
      votes[(dy + height) * columns + dx + width]! + 0.05 + contrast(canvas, centre)
  }
  return peaks(smooth(votes, columns), columns, wanted).map((at) => ({
    x: (at % columns) - width,
    y: Math.floor(at / columns) - height,
  }))
}

/** For every whole patch the most similar one that is not right beside it (PatchMatch). */
function selfMatches(
  canvas: Canvas,
  whole: Uint8Array,
  centres: readonly number[],
  random: () => number,
): Int32Array {
  const { width, height } = canvas
  const apart = (Math.max(width, height) * NEAREST) ** 2
  const match = new Int32Array(width * height).fill(-1)
  const cost = new Float32Array(width * height).fill(Number.POSITIVE_INFINITY)
  const attempt = (centre: number, candidate: number): void => {
    if (candidate < 0 || candidate >= whole.length || whole[candidate] === 0) return
    const dx = (candidate % width) - (centre % width)
    const dy = Math.floor(candidate / width) - Math.floor(centre / width)
    if (dx * dx + dy * dy < apart) return
    const c = difference(canvas, centre, candidate, cost[centre]!)
    if (c >= cost[centre]!) return
    cost[centre] = c
    match[centre] = candidate
  }
  for (const centre of centres) {
    for (let n = 0; n < 4; n++) {
      attempt(centre, centres[Math.floor(random() * centres.length)]!)
    }
  }
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const step = sweep % 2 === 0 ? 1 : -1
    for (let n = 0; n < centres.length; n++) {
      const centre = centres[step === 1 ? n : centres.length - 1 - n]!
      for (const away of [step, step * width]) {
        const beside = centre - away
        if (beside >= 0 && beside < match.length && match[beside]! >= 0) {
          attempt(centre, match[beside]! + away)
        }
      }
      for (let reach = Math.max(width, height); reach >= 1; reach >>= 1) {
        const best = match[centre]! < 0 ? centre : match[centre]!
        const x = (best % width) + Math.round((random() * 2 - 1) * reach)
        const y = Math.floor(best / width) + Math.round((random() * 2 - 1) * reach)
        if (x >= 0 && y >= 0 && x < width && y < height) attempt(centre, y * width + x)
      }
    }
  }
  return match
}

/** Sum of squared differences of two whole patches; infinite from `limit` on. */
function difference({ width, data }: Canvas, a: number, b: number, limit: number): number {
  let sum = 0
  for (let dy = -RADIUS; dy <= RADIUS; dy++) {
    let i = (a + dy * width - RADIUS) * 3
    let j = (b + dy * width - RADIUS) * 3
    for (const end = i + (2 * RADIUS + 1) * 3; i < end; i++, j++) {
      const d = data[i]! - data[j]!
      sum += d * d
    }
    if (sum >= limit) return Number.POSITIVE_INFINITY
  }
  return sum
}

/** 0..1: how much a patch's green varies, saturating at a spread of 12 levels. */
function contrast({ width, data }: Canvas, centre: number): number {
  let sum = 0
  let square = 0
  const count = (2 * RADIUS + 1) ** 2
  for (let dy = -RADIUS; dy <= RADIUS; dy++) {
    for (let dx = -RADIUS; dx <= RADIUS; dx++) {
      const value = data[(centre + dy * width + dx) * 3 + 1]!
      sum += value
      square += value * value
    }
  }
  return Math.min(1, Math.sqrt(Math.max(0, square / count - (sum / count) ** 2)) / 12)
}

/** 1 for centres whose whole patch is known. */
function wholePatches({ width, height, target, blocked }: Canvas): Uint8Array {
  const clear = new Uint8Array(width * height)
  const rows = new Int32Array(width * height)
  for (let y = 0; y < height; y++) {
    let run = 0
    for (let x = 0; x < width; x++) {
      const i = y * width + x
      run = target[i] === 1 || blocked[i] === 1 ? 0 : run + 1
      rows[i] = run
    }
  }
  const side = 2 * RADIUS + 1
  for (let y = RADIUS; y < height - RADIUS; y++) {
    for (let x = RADIUS; x < width - RADIUS; x++) {
      let good = 1
      for (let dy = -RADIUS; dy <= RADIUS && good === 1; dy++) {
        if (rows[(y + dy) * width + x + RADIUS]! < side) good = 0
      }
      clear[y * width + x] = good
    }
  }
  return clear
}

/** [1 2 1]/4 in both directions, twice: neighbouring shifts vote for each other. */
function smooth(votes: Float32Array, columns: number): Float32Array {
  let from = votes
  for (let pass = 0; pass < 2; pass++) {
    for (const step of [1, columns]) {
      const to = new Float32Array(from.length)
      for (let i = step; i < from.length - step; i++) {
        to[i] = (from[i - step]! + 2 * from[i]! + from[i + step]!) / 4
      }
      from = to
    }
  }
  return from
}

/**
 * Places that no place within two steps outvotes, the highest first; where there are fewer than
 * wanted, as in small pictures, the next most voted for that lie two steps from all of those.
 */
function peaks(votes: Float32Array, columns: number, wanted: number): number[] {
  const found: number[] = []
  const others: number[] = []
  for (let i = 2 * columns + 2; i < votes.length - 2 * columns - 2; i++) {
    const own = votes[i]!
    if (own <= 0) continue
    let highest = true
    for (let dy = -2; dy <= 2 && highest; dy++) {
      for (let dx = -2; dx <= 2; dx++) {
        const other = votes[i + dy * columns + dx]!
        if (other > own || (other === own && dy * columns + dx < 0)) {
          highest = false
          break
        }
      }
    }
    if (highest) found.push(i)
    else others.push(i)
  }
  const byVotes = (a: number, b: number): number => votes[b]! - votes[a]!
  found.sort(byVotes)
  if (found.length >= wanted) return found.slice(0, wanted)
  const taken = new Uint8Array(votes.length)
  const take = (i: number): void => {
    for (let dy = -1; dy <= 1; dy++) taken.fill(1, i + dy * columns - 1, i + dy * columns + 2)
  }
  found.forEach(take)
  for (const i of others.sort(byVotes)) {
    if (found.length === wanted) break
    if (taken[i] === 1) continue
    take(i)
    found.push(i)
  }
  return found
}
