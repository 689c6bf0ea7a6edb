import { access, readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import { probe } from '../../../src/main/ffmpeg/probe.js'
import { readFrames } from '../../../src/main/ffmpeg/frames.js'
import { findFfmpeg } from '../../../src/main/ffmpeg/tools.js'
import { analysisFactor, analysisSize, type Size } from '../../../src/main/engine/vision/image.js'
import { rasteriseShapes } from '../../../src/shared/mask/index.js'

const MEDIA = resolve('../shared/media')
const MASKS = resolve('tests/quality/masks')

const drawnSchema = z.object({
  clip: z.string(),
  width: z.number(),
  height: z.number(),
  object: z.string(),
  /** Whether the method was adjusted while looking at this clip. */
  tuned: z.boolean(),
  /** Hand-drawn outlines in source pixels, by source frame. */
  frames: z.record(z.string(), z.array(z.number())),
})

export interface RealCase extends Size {
  readonly name: string
  readonly tuned: boolean
  /** At the tracker's working size, from the first drawn frame to the last. */
  readonly frames: readonly Uint8Array[]
  readonly drawn: ReadonlyMap<number, Uint8Array>
}

/** Real clips with hand-drawn masks; null where the clips are not there. */
export async function loadRealCases(): Promise<readonly RealCase[] | null> {
  try {
    await access(MEDIA)
  } catch {
    return null
  }
  const tools = await findFfmpeg()
  const cases: RealCase[] = []
  for (const file of (await readdir(MASKS)).sort()) {
    const drawn = drawnSchema.parse(JSON.parse(await readFile(join(MASKS, file), 'utf8')))
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
      name: file.replace('.json', ''),
      tuned: drawn.tuned,
      ...size,
      frames,
      drawn: new Map(masks),
    })
  }
  return cases
}
