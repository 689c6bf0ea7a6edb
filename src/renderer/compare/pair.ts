import { isImagined } from '../../shared/document/made.js'
import { recordOf, recordsOf } from '../../shared/document/model.js'
import type { AssetRec, Id, MadeBy, ProjectDoc } from '../../shared/document/model.js'
import { assetCache } from '../../shared/projectPaths.js'
import type { Rational } from '../../shared/rational.js'
import { convertFrame, toNumber } from '../../shared/rational.js'
import type { WantedPicture } from '../player/pictures.js'

/** A clip that no camera took. */
export type Made = AssetRec & { readonly made: MadeBy }

/** Which two clips are looked at together, and the frame of their own playhead. */
export interface ChosenPair {
  readonly left: Id
  readonly right: Id
  readonly frame: number
}

/** Two clips on one playhead, which counts frames of `fps` up to `length`. */
export interface Pair {
  readonly left: Made
  readonly right: Made
  readonly fps: Rational
  readonly length: number
}

export type Side = 'left' | 'right'

/**
 * What was made in this project, newest first; what an older version made without a time comes last.
 * Records do not tell: a saved project holds them by their ids.
 */
export function madeClips(doc: ProjectDoc): readonly Made[] {
  const time = ({ made }: Made): number => (made.createdAt ? Date.parse(made.createdAt) : 0)
  return recordsOf(doc, 'asset')
    .filter(isImagined)
    .toReversed()
    .sort((a, b) => time(b) - time(a))
}

/** The two clips with their common time; null where one of them is gone. */
export function pairOf(doc: ProjectDoc | null, chosen: ChosenPair | null): Pair | null {
  if (doc === null || chosen === null) return null
  const left = recordOf(doc, 'asset', chosen.left)
  const right = recordOf(doc, 'asset', chosen.right)
  if (left === undefined || right === undefined) return null
  if (!isImagined(left) || !isImagined(right)) return null
  // By the faster one every frame of both can be stepped to.
  const fps = toNumber(left.info.fps) > toNumber(right.info.fps) ? left.info.fps : right.info.fps
  const frames = ({ info }: Made): number => convertFrame(info.frames, info.fps, fps)
  return { left, right, fps, length: Math.max(1, frames(left), frames(right)) }
}

/** What one side shows at a frame of the pair; the shorter clip waits on its last frame. */
export function pairPicture(pair: Pair, side: Side, frame: number): WantedPicture {
  const { id, info } = pair[side]
  const own = convertFrame(frame, pair.fps, info.fps)
  const { fps, width, height } = info
  const path = assetCache(id).proxy
  return { path, fps, width, height, frame: Math.max(0, Math.min(info.frames - 1, own)) }
}

/**
 * What a clip is compared with to begin with: the one in hand where that was made too, else the
 * newest other one.
 */
export function partnerOf(doc: ProjectDoc, id: Id, inHand: Id | undefined): Made | undefined {
  const others = madeClips(doc).filter((one) => one.id !== id)
  return others.find((one) => one.id === inHand) ?? others[0]
}
