import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { readFrames } from '../../src/main/ffmpeg/frames.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'
import type { QualityCase } from './pans.js'
import { renderTexture } from './texture.js'

/** A real clip over which a foreign object is drawn, so that the truth behind it is known. */
interface FootageClip {
  readonly name: string
  /** First source frame used. */
  readonly from: number
}

/**
 * Chosen before the first tuning run. The method's constants are only ever changed by looking at
 * `tuning`; `heldOut` is measured when a change is finished, and reported as it comes out.
 */
export const FOOTAGE: {
  readonly tuning: readonly FootageClip[]
  readonly heldOut: readonly FootageClip[]
} = {
  tuning: [
    { name: 'bee', from: 66 },
    { name: 'mdn_flower', from: 20 },
    { name: 'udacity_highway', from: 30 },
    { name: 'sam2_blocks', from: 60 },
    { name: 'cisco_cactusflower', from: 100 },
    { name: 'openshot_seattle', from: 200 },
  ],
  heldOut: [
    { name: 'imageio_cockatoo', from: 120 },
    { name: 'cisco_redtree', from: 5 },
    { name: 'openshot_marathon', from: 40 },
    { name: 'sam2_bedroom', from: 60 },
    { name: 'kivy_city', from: 60 },
    { name: 'vision_basketball', from: 150 },
    { name: 'mdn_bug', from: 60 },
    { name: 'intel_persons', from: 300 },
    { name: 'sb_city_aerial', from: 100 },
    { name: 'vide_ocean', from: 80 },
  ],
}

const FOLDER = '../shared/media/train/video'

/** Whether the footage is there: it is not part of the repository. */
export function hasFootage(): boolean {
  return existsSync(FOLDER)
}

/** Reads `count` frames of a clip and draws a drifting textured ellipse over them. */
export async function readFootage(
  { name, from }: FootageClip,
  count: number,
): Promise<QualityCase> {
  const tools = await findFfmpeg()
  const path = join(FOLDER, `${name}.mp4`)
  const info = await probe(tools, path)
  const size = { width: info.width, height: info.height }
  const to = Math.min(info.frames, from + count)
  const object = renderTexture(size.width, size.height, 99)
  const frames: Uint8Array[] = []
  const truth: Uint8Array[] = []
  const masks: Uint8Array[] = []
  const read = readFrames(tools.ffmpeg, { path, info }, { from, to, layout: 'rgb24' })
  for await (const clean of read) {
    const t = truth.length
    const centreX = size.width * (0.5 + 0.16 * Math.sin(t / 8))
    const centreY = size.height * (0.55 + 0.03 * Math.sin(t / 5))
    const mask = new Uint8Array(size.width * size.height)
    const dirty = clean.slice()
    for (let i = 0; i < mask.length; i++) {
      const x = (i % size.width) - centreX
      const y = Math.floor(i / size.width) - centreY
      if (Math.hypot(x / (size.width * 0.08), y / (size.height * 0.22)) > 1) continue
      mask[i] = 255
      for (let c = 0; c < 3; c++) dirty[i * 3 + c] = object.data[i * 3 + c]!
    }
    truth.push(clean)
    frames.push(dirty)
    masks.push(mask)
  }
  return { ...size, name, pan: false, frames, truth, masks }
}
