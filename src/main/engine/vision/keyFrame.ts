import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Doubtful } from '../../../shared/document/model.js'
import type { AnalysedFrame } from './analyse.js'
import { composeHole, type Candidate } from './compose.js'
import { completeRegion } from './completion/completeRegion.js'
import type { Hole } from './hole.js'
import type { Picture } from './image.js'

/** A picture with its hole finished. */
export interface KeyFrame {
  readonly picture: Picture
  /** How plausible what was invented in it looks, 0..1; 1 where nothing was. */
  readonly plausibility: number
}

/** A frame with its hole finished: seen pixels borrowed, the rest invented from the surroundings. */
export async function fillKeyFrame(
  frame: AnalysedFrame,
  candidates: readonly Candidate[],
  doubtful: Doubtful,
  random: () => number,
  signal: AbortSignal,
): Promise<KeyFrame> {
  await nextTurn()
  signal.throwIfAborted()
  const { hole } = frame
  if (hole === null) return { picture: frame.picture, plausibility: 1 }
  const { colours, shown } = composeHole(frame, hole, candidates, doubtful)
  const borrowed = paintHole(frame, colours)
  return invent(borrowed, hole, shown, random, signal)
}

/** Share below which a borrowed pixel is no ground to build on. */
const FIRM = 0.8

/** Invents the hole's pixels that nothing predicts (shown 0) in a copy of the picture. */
async function invent(
  picture: Picture,
  hole: Hole,
  shown: Float32Array,
  random: () => number,
  signal: AbortSignal,
): Promise<KeyFrame> {
  const { box } = hole
  // Room to copy from: as much again on every side, within reason.
  const reach = Math.round(Math.min(240, Math.max(40, box.width, box.height)))
  const left = Math.max(0, box.x - reach)
  const top = Math.max(0, box.y - Math.min(reach, 120))
  const width = Math.min(picture.width, box.x + box.width + reach) - left
  const height = Math.min(picture.height, box.y + box.height + Math.min(reach, 120)) - top
  const data = new Float32Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    const from = ((top + y) * picture.width + left) * 3
    for (let i = 0; i < width * 3; i++) data[y * width * 3 + i] = picture.data[from + i]!
  }
  const target = new Uint8Array(width * height)
  const blocked = new Uint8Array(width * height)
  const place = (n: number): number => {
    const x = hole.pixels[n]! % picture.width
    return ((hole.pixels[n]! - x) / picture.width - top) * width + x - left
  }
  let wanted = 0
  let doubtful = 0
  for (let n = 0; n < hole.pixels.length; n++) {
    if (hole.inside[n] === 0) continue
    if (shown[n] === 0) {
      target[place(n)] = 1
      wanted++
    } else if (shown[n]! < FIRM) {
      blocked[place(n)] = 1
      doubtful++
    }
  }
  // Amid guesses, invented detail would be a guess on a guess: the smooth fill stays.
  if (wanted === 0 || doubtful > wanted / 2) return { picture, plausibility: 1 }
  const size = { width, height }
  const plausibility = await completeRegion(data, target, blocked, size, random, signal)
  const out = picture.data.slice()
  for (let n = 0; n < hole.pixels.length; n++) {
    const at = place(n)
    if (target[at] === 0) continue
    for (let c = 0; c < 3; c++) {
      out[hole.pixels[n]! * 3 + c] = Math.min(255, Math.max(0, Math.round(data[at * 3 + c]!)))
    }
  }
  return { picture: { ...picture, data: out }, plausibility: plausibility ?? 1 }
}

/** A copy of a frame's picture with the pixels inside its hole replaced. */
export function paintHole(frame: AnalysedFrame, colours: Float32Array): Picture {
  const { hole, picture } = frame
  if (hole === null) return picture
  const data = picture.data.slice()
  for (let n = 0; n < hole.pixels.length; n++) {
    if (hole.inside[n] === 0) continue
    for (let c = 0; c < 3; c++) {
      data[hole.pixels[n]! * 3 + c] = Math.min(255, Math.max(0, Math.round(colours[n * 3 + c]!)))
    }
  }
  return { ...picture, data }
}
