/** Width and height in pixels. */
interface Size {
  readonly width: number
  readonly height: number
}

/** Longer side, in pixels, up to which the network has learned to enlarge; beyond, Lanczos goes on. */
const ENLARGED_UP_TO = 512

/**
 * The factors by which a network enlarges a picture on its way to a size: by four as often as
 * possible, then by two. The last may lead past the size wanted, from where it is shrunk.
 */
export function enlargementSteps(from: Size, to: Size): readonly (2 | 4)[] {
  const longest = Math.max(from.width, from.height)
  const wanted = Math.max(to.width / from.width, to.height / from.height)
  const steps: (2 | 4)[] = []
  // A hair above a power of two is rounding, not a reason for another pass.
  for (let reached = 1; wanted / reached > 1.01;) {
    const left = wanted / reached
    const by = left > 2.02 && longest * reached * 4 <= ENLARGED_UP_TO ? 4 : 2
    if (longest * reached * by > ENLARGED_UP_TO) break
    steps.push(by)
    reached *= by
  }
  return steps
}

/** The size that {@link enlargementSteps} lead to: what is left to the size wanted is no network's work. */
export function enlargedSize(from: Size, to: Size): Size {
  const by = enlargementSteps(from, to).reduce((product, step) => product * step, 1)
  return { width: from.width * by, height: from.height * by }
}

/** Pixels that the network gives out for one frame: what its time depends on. */
export function enlargedPixels(from: Size, to: Size): number {
  let pixels = 0
  let reached = 1
  for (const by of enlargementSteps(from, to)) {
    reached *= by
    pixels += from.width * from.height * reached * reached
  }
  return pixels
}
