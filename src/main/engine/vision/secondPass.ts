import { setImmediate as nextTurn } from 'node:timers/promises'

import { holeSurroundings, type AnalysedFrame } from './analyse.js'
import { holeIndex } from './hole.js'
import { analysisFactor, type Plane } from './image.js'
import { between, measureDeviation, type Motion } from './motion.js'
import type { OpenCvBox } from './opencv.js'
import type { Chain } from './propagate.js'
import { bilinear } from './sample.js'
import type { Sources } from './window.js'

/**
 * Measures local motion again with the holes filled by what the first chains found, so that inside
 * the hole, too, motion is that of a picture. Only pairs that are not one plane change.
 */
export async function remeasure(
  opencv: OpenCvBox,
  frames: readonly AnalysedFrame[],
  found: Sources,
  signal: AbortSignal,
): Promise<AnalysedFrame[]> {
  const painted: AnalysedFrame[] = frames.map((frame, t) => ({
    ...frame,
    grey: paintGrey(frames, t, found),
  }))
  const out = frames.slice()
  for (let t = 1; t < frames.length; t++) {
    const pair = frames[t]!.fromPrevious
    if (pair === null || (pair.forward.deviation === null && pair.backward.deviation === null)) {
      continue
    }
    const earlier = painted[t - 1]!
    const later = painted[t]!
    out[t] = {
      ...frames[t]!,
      fromPrevious: {
        forward: again(opencv, earlier, later, pair.forward),
        backward: again(opencv, later, earlier, pair.backward),
      },
    }
    await nextTurn()
    signal.throwIfAborted()
  }
  return out
}

function again(opencv: OpenCvBox, from: AnalysedFrame, to: AnalysedFrame, motion: Motion): Motion {
  const box = holeSurroundings(from, to)
  if (motion.deviation === null || box === null) return motion
  const factor = analysisFactor(from.picture)
  const h = between(from.pose, to.pose)
  return { ...motion, deviation: measureDeviation(opencv, from, to, h, box, factor, true) }
}

/** A frame's grey picture with the hole's cells taken from where the chains lead. */
function paintGrey(frames: readonly AnalysedFrame[], t: number, found: Sources): Plane {
  const frame = frames[t]!
  const { hole, grey, known } = frame
  if (hole === null) return grey
  const factor = analysisFactor(frame.picture)
  const data = grey.data.slice()
  for (let i = 0; i < data.length; i++) {
    if (known[i] === 1) continue
    const x = Math.floor(((i % grey.width) + 0.5) * factor)
    const y = Math.floor((Math.floor(i / grey.width) + 0.5) * factor)
    const n = holeIndex(hole, x, y)
    if (n < 0) continue
    let sum = 0
    let total = 0
    for (const chain of [found.past[t]!, found.future[t]!]) {
      const weight = chainWeight(chain, n, t)
      if (weight === 0) continue
      const source = frames[chain.frame[n]!]!.grey
      sum +=
        weight *
        bilinear(source, (chain.x[n]! + 0.5) / factor - 0.5, (chain.y[n]! + 0.5) / factor - 0.5)
      total += weight
    }
    if (total > 0) data[i] = sum / total
  }
  return { ...grey, data }
}

function chainWeight(chain: Chain, n: number, t: number): number {
  const from = chain.frame[n]!
  return from < 0 ? 0 : Math.exp(-chain.error[n]! / 2) / (1 + Math.abs(from - t)) ** 2
}
