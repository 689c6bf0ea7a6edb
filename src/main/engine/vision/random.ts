/** Numbers in [0, 1). */
export interface Random {
  (): number
  /** The seed that goes on from here. */
  seed(): number
}

/** A small seeded generator (mulberry32): the same seed, the same picture. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  return Object.assign(next, { seed: () => state })
}
