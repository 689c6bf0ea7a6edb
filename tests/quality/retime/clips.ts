import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { readFrames } from '../../../src/main/ffmpeg/frames.js'
import { probe } from '../../../src/main/ffmpeg/probe.js'
import { findFfmpeg } from '../../../src/main/ffmpeg/tools.js'

/** Frames `[from, from + FRAMES)` of a clip: the odd ones are left out and made again from the even ones. */
interface Clip {
  readonly name: string
  readonly from: number
}

/**
 * Chosen before the first tuning run. Constants are changed by looking at `tuning` only; `heldOut`
 * is measured when a change is finished, and reported as it comes out.
 */
export const CLIPS: { readonly tuning: readonly Clip[]; readonly heldOut: readonly Clip[] } = {
  tuning: [
    { name: 'bee', from: 66 },
    { name: 'mdn_flower', from: 20 },
    { name: 'udacity_highway', from: 30 },
    { name: 'sam2_blocks', from: 60 },
    { name: 'cisco_cactusflower', from: 100 },
    { name: 'openshot_seattle', from: 200 },
    { name: 'moviepy_chaplin', from: 60 },
    { name: 'opencv_vtest', from: 100 },
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
    { name: 'openshot_motorway', from: 200 },
    { name: 'sam2_cups', from: 100 },
  ],
}

/** Fifteen frames to make, between sixteen that are kept. */
export const FRAMES = 31

const FOLDER = '../shared/media/train/video'

/** Whether the footage is there: it is not part of the repository. */
export function hasFootage(): boolean {
  return existsSync(FOLDER)
}

/** Planar 8-bit 4:2:0 frames. */
export interface Footage {
  readonly name: string
  readonly width: number
  readonly height: number
  readonly frames: readonly Uint8Array[]
}

export async function readClip({ name, from }: Clip, count = FRAMES): Promise<Footage> {
  const tools = await findFfmpeg()
  const path = join(FOLDER, `${name}.mp4`)
  const info = await probe(tools, path)
  const frames: Uint8Array[] = []
  const range = { from, to: Math.min(info.frames, from + count) }
  const read = readFrames(tools.ffmpeg, { path, info }, { ...range, layout: 'yuv420p' })
  for await (const frame of read) frames.push(frame)
  return { name, width: info.width, height: info.height, frames }
}
