import { AppError } from '../contract/errors.js'
import type { ColourMap } from '../edit/operations.js'
import type { ColourStats } from './colourStats.js'
import type { Triple } from './oklab.js'
import { transform } from './symmetric.js'
import { noisy, transport } from './transport.js'
import { zonesOf } from './toneZones.js'

/** A difference in colour grows at most this much: more would show noise and steps of 8 bits. */
const MOST = 3
/** ... and keeps at least this share, so that a flat reference does not wipe the picture out. */
const LEAST = 0.25
/** Pixels below which there is nothing to measure. */
const PIXELS = 64
/** Spread in OKLab below which a picture is one colour. */
const SPREAD = 0.006

/**
 * The affine map that gives colours spread like those of `source` the mean and the covariance of
 * `reference`, moving them as little as possible:
 *
 *     x' = T (x - mean_s) + mean_r,   T = S^-1/2 (S^1/2 R S^1/2)^1/2 S^-1/2
 *
 * with the covariances S and R (see {@link transport}). Here in OKLab, with the eigenvalues of T
 * kept within bounds.
 *
 * @param luminanceOnly maps lightness alone and leaves chroma
 * @throws AppError `reference-invalid`, `mask-empty`
 */
export function matchColours(
  source: ColourStats,
  reference: ColourStats,
  luminanceOnly: boolean,
): ColourMap {
  check(source, reference)
  const matrix = luminanceOnly
    ? lightnessGain(source, reference)
    : transport(source.covariance, reference.covariance, bounded)
  const [L, a, b] = transform(matrix, source.mean)
  const [toL, toA, toB] = reference.mean
  const offset = luminanceOnly ? [toL - L, 0, 0] : [toL - L, toA - a, toB - b]
  return { matrix, offset }
}

/**
 * As {@link matchColours}, with what shadows, midtones and highlights need beyond it, each on their
 * own: {@link applyMap} leaves that out unless it is asked for.
 */
export function matchWithZones(source: ColourStats, reference: ColourStats): ColourMap {
  const map = matchColours(source, reference, false)
  const moved = source.cells.slice()
  const colour: Triple = [0, 0, 0]
  for (let at = 0; at < moved.length; at += 4) {
    for (let c = 0; c < 3; c++) colour[c] = moved[at + 1 + c] as number
    applyMap(colour, map)
    moved.set(colour, at + 1)
  }
  const zones = zonesOf(moved, reference.cells, {
    chroma: [4, 5, 7, 8].map((n) => map.matrix[n] as number),
    most: MOST,
  })
  return zones.length === 0 ? map : { ...map, zones }
}

function check(source: ColourStats, reference: ColourStats): void {
  if (source.weight < 1) {
    throw new AppError('mask-empty', 'The mask is empty: there are no colours to match.', {
      hint: 'Paint over what should change, or match the whole frame.',
    })
  }
  if (reference.weight < PIXELS) {
    throw new AppError('reference-invalid', 'The reference picture has too few visible pixels.', {
      hint: `Choose a picture of at least ${PIXELS} pixels that is not transparent.`,
    })
  }
  const [first = 0, , , , second = 0, , , , third = 0] = reference.covariance
  if (Math.sqrt(Math.max(0, first + second + third)) < SPREAD) {
    throw new AppError('reference-invalid', 'The reference picture is all one colour.', {
      hint: 'Choose a picture with light and shade; to paint in one colour, use an edit in words.',
    })
  }
}

const bounded = (gain: number): number => Math.min(MOST, Math.max(LEAST, gain))

function lightnessGain(source: ColourStats, reference: ColourStats): number[] {
  const [of = 0] = noisy(source.covariance)
  const [to = 0] = noisy(reference.covariance)
  return [bounded(Math.sqrt(to / of)), 0, 0, 0, 1, 0, 0, 0, 1]
}

/** Lightness beyond these is pressed together softly, unless it was there before. */
const SHOULDER = 0.9
const TOE = 0.1

/** Puts an OKLab colour through the map, in place. */
export function applyMap(lab: Triple, { matrix, offset }: ColourMap): void {
  const L = lab[0]
  const moved = transform(matrix, lab)
  for (let c = 0; c < 3; c++) lab[c] = (moved[c] as number) + (offset[c] as number)
  const high = Math.min(1, Math.max(SHOULDER, L))
  const low = Math.max(0, Math.min(TOE, L))
  if (lab[0] > high) lab[0] = high + soften(lab[0] - high, 1 - high)
  else if (lab[0] < low) lab[0] = low - soften(low - lab[0], low)
}

/** What is over, fitted into the room that is left. */
function soften(over: number, room: number): number {
  return room === 0 ? 0 : (room * over) / (over + room)
}
