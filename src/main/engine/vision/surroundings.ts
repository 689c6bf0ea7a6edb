import { boundingBox, type Box, type Plane } from './image.js'
import { registrationPyramid, type RegistrationLevel } from './register.js'

/** The surroundings of a frame's hole: that is where a view of another frame has to fit. */
export interface Surroundings {
  /** In analysis cells, with the hole inside. */
  readonly box: Box
  /** The frame's pyramid with everything far from the hole left out. */
  readonly pyramid: readonly RegistrationLevel[]
}

/**
 * @param known 1 per cell outside the hole
 * @returns null when nothing is hidden
 */
export function surroundingsOf(grey: Plane, known: Uint8Array): Surroundings | null {
  const covered = known.map((value) => 1 - value)
  const inner = boundingBox(covered, grey)
  if (inner === null) return null
  const reach = Math.round(Math.max(20, 0.3 * Math.max(inner.width, inner.height)))
  const box = boundingBox(covered, grey, reach) ?? inner
  const near = new Uint8Array(known.length)
  for (let y = box.y; y < box.y + box.height; y++) {
    const row = y * grey.width
    near.set(known.subarray(row + box.x, row + box.x + box.width), row + box.x)
  }
  return { box, pyramid: registrationPyramid(grey, near) }
}
