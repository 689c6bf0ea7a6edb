import type { MaskShape } from '../document/model.js'
import type { Size } from './drawn.js'
import { maskOutlines } from './outline.js'
import { finishPoints } from './points.js'

/** More corners than this make a shape no more exact, only heavier. */
const MOST_POINTS = 600

type Lasso = Extract<MaskShape, { kind: 'lasso' }>

/**
 * A drawn mask as lassos in pixels of `source`, so that it can be painted on like any other: outer
 * outlines paint, holes erase, the largest first. Specks below `smallest` square pixels of the
 * drawn mask are left out.
 */
export function toLassos(
  data: Uint8Array,
  drawn: Size,
  source: Size,
  smallest = 4,
): readonly Lasso[] {
  const sx = source.width / drawn.width
  const sy = source.height / drawn.height
  return maskOutlines(data, drawn.width, drawn.height)
    .map((points) => ({ points, area: signedArea(points) }))
    .filter(({ points, area }) => points.length >= 6 && Math.abs(area) >= smallest)
    .sort((a, b) => Math.abs(b.area) - Math.abs(a.area))
    .map(({ points, area }) => ({
      kind: 'lasso' as const,
      erase: area < 0,
      points: finishPoints(
        points.map((value, i) => value * (i % 2 === 0 ? sx : sy)),
        MOST_POINTS,
      ),
    }))
    .filter(({ points }) => points.length >= 6)
}

/** Positive for outer outlines, negative for holes: both run with the inside on the same side. */
function signedArea(points: readonly number[]): number {
  let sum = 0
  for (let i = 0; i < points.length; i += 2) {
    const j = (i + 2) % points.length
    sum += (points[j] ?? 0) * (points[i + 1] ?? 0) - (points[i] ?? 0) * (points[j + 1] ?? 0)
  }
  return sum / 2
}
