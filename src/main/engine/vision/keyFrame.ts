import { setImmediate as nextTurn } from 'node:timers/promises'

import type { AnalysedFrame } from './analyse.js'
import { composeHole, type Candidate } from './compose.js'
import type { Picture } from './image.js'

/** A frame with its hole finished: seen pixels borrowed, the rest invented. */
export async function fillKeyFrame(
  frame: AnalysedFrame,
  time: number,
  hypotheses: readonly (readonly Candidate[])[],
  signal: AbortSignal,
): Promise<Picture> {
  await nextTurn()
  signal.throwIfAborted()
  if (frame.hole === null) return frame.picture
  const { colours } = composeHole(frame, frame.hole, time, hypotheses)
  return paintHole(frame, colours)
}

/** A copy of a frame's picture with the pixels inside its hole replaced. */
export function paintHole(frame: AnalysedFrame, colours: Float32Array): Picture {
  const data = frame.picture.data.slice()
  const hole = frame.hole
  if (hole === null) return frame.picture
  for (let n = 0; n < hole.pixels.length; n++) {
    if (hole.inside[n] === 0) continue
    for (let c = 0; c < 3; c++) {
      const value = colours[n * 3 + c]! + 0.5
      data[hole.pixels[n]! * 3 + c] = value < 0 ? 0 : value > 255 ? 255 : value
    }
  }
  return { ...frame.picture, data }
}
