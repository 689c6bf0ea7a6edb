import { chainColour, fitColour, SAME_COLOUR, type ColourMap } from './colour.js'
import { fitAround, surroundingsOf, type Surroundings } from './surroundings.js'
import { denseFlow } from './flow.js'
import { listHole, type Hole } from './hole.js'
import {
  between,
  compose,
  cornerShift,
  IDENTITY,
  invert,
  ransacHomography,
  type Homography,
} from './homography.js'
import {
  analysisFactor,
  blur,
  luma,
  shrinkMask,
  shrinkPicture,
  type Picture,
  type Plane,
  type Size,
} from './image.js'
import type { OpenCvBox } from './opencv.js'
import { pullPush } from './pullPush.js'
import { simplest } from './plainMotion.js'
import { registrationPyramid, type RegistrationLevel } from './registration/level.js'
import { register, type Registration } from './registration/register.js'

/** A frame of a shot with its hole. */
export interface ShotInput {
  readonly picture: Picture
  /** 0/1 per pixel: what has to be replaced, already grown by its margin. */
  readonly mask: Uint8Array
}

/** How a frame relates to its shot: all that following it has found out, in plain numbers. */
export interface Placement {
  /** Place in the shot. */
  readonly index: number
  /** This frame's cells -> the cells of the shot's first frame. */
  readonly pose: Homography
  /** As `pose`, but by the surroundings of the hole alone: with parallax they move on their own. */
  readonly near: Homography
  /** This frame's colours -> the shot's reference colours. */
  readonly colour: ColourMap
  /** Share 0..1 of the textured surroundings that the pose explains. */
  readonly aligned: number
}

/** Everything known of one frame before filling: picture, hole, and how it relates to the shot. */
export interface AnalysedFrame extends Placement {
  readonly picture: Picture
  /** 0/1 per source pixel: what has to be replaced. */
  readonly mask: Uint8Array
  readonly hole: Hole | null
  /** Blurred luma on the analysis grid with the hole filled. */
  readonly grey: Plane
  /** 1 per cell outside the (slightly grown) hole. */
  readonly known: Uint8Array
  /** The picture on the analysis grid. */
  readonly small: Picture
  readonly pyramid: readonly RegistrationLevel[]
  /** What lies around the hole; null without one. */
  readonly around: Surroundings | null
}

/** Width in source pixels of the known ring on which predictions are judged. */
export const RING = 6

/** Follows one shot frame by frame: pose, colour and local motion, without drift. */
export interface ShotTracker {
  add(picture: Picture, mask: Uint8Array): AnalysedFrame
  /** What the next frame is placed by; null before the first. */
  state(): TrackerState | null
}

/** All that is carried from frame to frame. */
export interface TrackerState {
  readonly previous: AnalysedFrame
  /** The frame further back that others are registered against. */
  readonly anchor: AnalysedFrame
  readonly velocity: Homography
}

/** @param state of another tracker of the same shot, which this one then goes on for */
export function createShotTracker(
  opencv: OpenCvBox,
  state: TrackerState | null = null,
): ShotTracker {
  let previous = state?.previous ?? null
  let anchor = state?.anchor ?? null
  let velocity = state?.velocity ?? IDENTITY
  return {
    state: () => (previous === null || anchor === null ? null : { previous, anchor, velocity }),
    add(picture, mask) {
      const prepared = prepare(picture, mask)
      if (previous === null || anchor === null) {
        previous = {
          ...prepared,
          index: 0,
          pose: IDENTITY,
          near: IDENTITY,
          colour: SAME_COLOUR,
          aligned: 1,
        }
        anchor = previous
        return previous
      }
      const factor = analysisFactor(picture)
      const step = plainer(prepared, previous, registerStep(opencv, prepared, previous, velocity))
      let pose = compose(previous.pose, step.h)
      let aligned = step.aligned
      let reference = previous
      // Registering against a frame further back stops small errors from adding up.
      const guess = between(pose, anchor.pose)
      let placed =
        anchor === previous ? step : register(prepared.pyramid, anchor.pyramid, guess, false)
      if (anchor !== previous) placed = plainer(prepared, anchor, placed, guess)
      const agrees =
        placed.aligned >= step.aligned - 0.1 &&
        placed.overlap > 0.45 &&
        cornerShift(compose(invert(guess), placed.h), prepared.grey.width, prepared.grey.height) < 4
      if (agrees) {
        const still =
          cornerShift(placed.h, prepared.grey.width, prepared.grey.height) * factor < 0.12 ||
          simplest(prepared.pyramid[0]!, anchor.pyramid[0]!, [IDENTITY, placed.h]) === IDENTITY
        // A camera at rest stays exactly at rest: no resampling, no shimmer.
        if (still) placed = { ...placed, h: IDENTITY }
        pose = compose(anchor.pose, placed.h)
        aligned = placed.aligned
        reference = anchor
      }
      velocity = between(pose, previous.pose)
      const colour = chainColour(
        fitColour(
          prepared.small,
          reference.small,
          prepared.known,
          reference.known,
          between(pose, reference.pose),
        ),
        reference.colour,
      )
      const near = compose(
        previous.near,
        nearStep(prepared, previous, between(pose, previous.pose)),
      )
      const index = previous.index + 1
      const frame: AnalysedFrame = { ...prepared, index, pose, near, colour, aligned }
      if (!agrees || placed.overlap < 0.6) anchor = frame
      previous = frame
      return frame
    },
  }
}

/** One frame's step around its hole; where nothing is hidden, the whole picture's. */
function nearStep({ around }: Prepared, previous: AnalysedFrame, step: Homography): Homography {
  return around === null ? step : fitAround(around, previous.pyramid, step, step)
}

/** A frame whose place in the shot is known already. */
export function placeFrame(
  picture: Picture,
  mask: Uint8Array,
  placement: Placement,
): AnalysedFrame {
  return { ...prepare(picture, mask), ...placement }
}

export function placementOf({ index, pose, near, colour, aligned }: AnalysedFrame): Placement {
  return { index, pose, near, colour, aligned }
}

type Prepared = Omit<AnalysedFrame, keyof Placement>

function prepare(picture: Picture, mask: Uint8Array): Prepared {
  const factor = analysisFactor(picture)
  const small = shrinkPicture(picture, factor)
  // The ring on which predictions are judged must be as unknown to the motion as the hole is.
  const hole = holeOf(mask, picture)
  const wide = listHole(shrinkMask(mask, picture, factor), small, 1 + Math.ceil(RING / factor))
  const known = new Uint8Array(small.width * small.height).fill(1)
  if (wide !== null) for (const pixel of wide.pixels) known[pixel] = 0
  const grey = blur(fillGrey(luma(small), known))
  return {
    picture,
    mask,
    hole,
    small,
    known,
    grey,
    pyramid: registrationPyramid(grey, known),
    around: surroundingsOf(grey, known),
  }
}

const holes = new WeakMap<Uint8Array, Hole>()

/** A mask that is held over many frames is listed once. */
function holeOf(mask: Uint8Array, size: Size): Hole | null {
  const known = holes.get(mask)
  if (known !== undefined) return known
  const hole = listHole(mask, size, RING)
  if (hole !== null) holes.set(mask, hole)
  return hole
}

/** Pull-push over the hole, so that its contents do not drag the motion around it. */
function fillGrey(plane: Plane, known: Uint8Array): Plane {
  if (!known.includes(0)) return plane
  const data = plane.data.slice()
  for (let i = 0; i < data.length; i++) if (known[i] === 0) data[i] = 0
  pullPush(data, Float32Array.from(known), plane, 1, 8)
  return { ...plane, data }
}

/** Distance in cells at the corners below which two maps say the same. */
const SAME = 0.4

/** Gives way to rest, to a known course or to a shift, where these explain the picture as well. */
function plainer(
  frame: Prepared,
  reference: AnalysedFrame,
  found: Registration,
  course?: Homography,
): Registration {
  const shift = register(frame.pyramid, reference.pyramid, IDENTITY, false, 'shift')
  const maps = [IDENTITY, shift.h, ...(course === undefined ? [] : [course]), found.h]
  const h = simplest(frame.pyramid[0]!, reference.pyramid[0]!, maps)
  const { width, height } = frame.grey
  // What is nearly the same is not worth losing the finer fit for.
  if (cornerShift(compose(invert(h), found.h), width, height) < SAME) return found
  return h === shift.h ? shift : { ...found, h }
}

function registerStep(
  opencv: OpenCvBox,
  frame: Prepared,
  previous: AnalysedFrame,
  velocity: Homography,
): Registration {
  const steady = register(frame.pyramid, previous.pyramid, velocity, false)
  if (steady.aligned > 0.85) return steady
  const searched = register(frame.pyramid, previous.pyramid, velocity, true)
  const direct = searched.aligned > steady.aligned ? searched : steady
  if (direct.aligned > 0.75) return direct
  const flow = denseFlow(opencv, frame.grey, previous.grey)
  const agreed = ransacHomography(opencv, flow, frame.known)
  if (agreed === null) return direct
  const refined = register(frame.pyramid, previous.pyramid, agreed, false)
  return refined.aligned > direct.aligned + 0.02 ? refined : direct
}
