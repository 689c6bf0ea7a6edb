import { join } from 'node:path'
import { probe } from '../../../src/main/ffmpeg/probe.js'
import { readFrames } from '../../../src/main/ffmpeg/frames.js'
import { findFfmpeg } from '../../../src/main/ffmpeg/tools.js'
import { analysisFactor, analysisSize, type Size } from '../../../src/main/engine/vision/image.js'
import { rasteriseShapes } from '../../../src/shared/mask/index.js'
import { MEDIA, readDrawn } from '../drawn.js'

export interface RealCase extends Size {
  readonly name: string
  readonly tuned: boolean
  /** At the tracker's working size, from the first drawn frame to the last. */
  readonly frames: readonly Uint8Array[]
  readonly drawn: ReadonlyMap<number, Uint8Array>
}

/** Real clips with hand-drawn masks; null where the clips are not there. */
export async function loadRealCases(): Promise<readonly RealCase[] | null> {
  const all = await readDrawn()
  if (all.length === 0) return null
  const tools = await findFfmpeg()
  const cases: RealCase[] = []
  for (const drawn of all) {
    const path = join(MEDIA, drawn.clip)
    const info = await probe(tools, path)
    const size = analysisSize(info, analysisFactor(info))
    const keys = Object.keys(drawn.frames).map(Number)
    const frames: Uint8Array[] = []
    const range = { from: Math.min(...keys), to: Math.max(...keys) + 1 }
    for await (const data of readFrames(
      tools.ffmpeg,
      { path, info },
      { ...range, ...size, layout: 'rgb24' },
    )) {
      frames.push(data)
    }
    const masks = Object.entries(drawn.frames).map(([key, points]) => {
      const shape = { kind: 'lasso', erase: false, points } as const
      return [Number(key) - range.from, rasteriseShapes([shape], drawn, size)] as const
    })
    cases.push({
      name: drawn.name,
      tuned: drawn.tuned,
      ...size,
      frames,
      drawn: new Map(masks),
    })
  }
  return cases
}
