import { mapX, mapY, type Homography } from './homography.js'
import { boundingBox, type Box, type Plane } from './image.js'
import { explainsAsWell } from './plainMotion.js'
import { alignment } from './registration/alignment.js'
import { registrationPyramid, type RegistrationLevel } from './registration/level.js'
import { register } from './registration/register.js'

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

/** Share of aligned texture from which the whole picture's motion needs no second opinion. */
const GOOD = 0.75

/** Share of texture that a motion of the surroundings' own must line up beyond that. */
const BETTER = 0.1

/**
 * Motion of a hole's surroundings: the whole picture's, unless they clearly move on their own. A
 * plain wall pins nothing down, and eight parameters fitted to it would lead anywhere.
 *
 * @param steady the whole picture's motion, in cells
 * @param guess where to start looking for another one
 */
export function fitAround(
  { box, pyramid }: Surroundings,
  other: readonly RegistrationLevel[],
  steady: Homography,
  guess: Homography,
): Homography {
  const whole = alignment(pyramid[0]!, other[0]!, steady)
  if (whole.aligned > GOOD && whole.overlap > 0.3) return steady
  const own = register(pyramid, other, guess, false)
  const isBetter =
    own.aligned > whole.aligned + BETTER &&
    own.overlap > 0.3 &&
    // Where too little tells, the whole picture knows better.
    explainsAsWell(pyramid[0]!, other[0]!, steady, own.h) === false
  return isBetter && isPlausible(own.h, steady, box) ? own.h : steady
}

/** Whether a motion neither folds nor stretches the box, nor throws it far from where it should be. */
function isPlausible(h: Homography, steady: Homography, box: Box): boolean {
  const far = 0.35 * Math.max(box.width, box.height)
  const corners = [
    [box.x, box.y],
    [box.x + box.width, box.y],
    [box.x + box.width, box.y + box.height],
    [box.x, box.y + box.height],
  ].map(([x, y]) => [mapX(h, x!, y!), mapY(h, x!, y!), mapX(steady, x!, y!), mapY(steady, x!, y!)])
  if (!corners.every(([x, y, u, v]) => Math.hypot(x! - u!, y! - v!) < far)) return false
  // Twice the area of the triangle at each corner: a sign change is a fold.
  return corners.every(([x, y], n) => {
    const [px, py] = corners[(n + 3) % 4]!
    const [qx, qy] = corners[(n + 1) % 4]!
    const area = (qx! - x!) * (py! - y!) - (qy! - y!) * (px! - x!)
    const ratio = area / (box.width * box.height)
    return ratio > 0.5 && ratio < 2
  })
}
