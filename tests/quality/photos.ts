import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { readFrames } from '../../src/main/ffmpeg/frames.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'
import type { Size } from '../../src/main/engine/vision/image.js'

/** Size at which photographs are completed: their middle, in source pixels. */
export const PHOTO: Size = { width: 448, height: 288 }

/** Chosen before tuning; `heldOut` by a seeded shuffle of what is large enough, before it was looked at. */
export const PHOTOS = {
  tuning: [
    'endless-sky/mountain24-spfld',
    'elementary/Barn_Grafitti',
    'npm-themes/products-03',
    'elementary/Martian_Terrain',
    'endless-sky/mfield1',
    'gcompris/explore_world_animals_004',
    'endless-sky/station4',
    'elementary/bamboo_forest_france',
    'mdn/leopard',
    'endless-sky/badlands3',
    'plasma/9_2560x1600',
    'endless-sky/mfield0',
  ],
  heldOut: [
    'gcompris/explore_monuments_033',
    'endless-sky/water10-harro',
    'endless-sky/sea3',
    'endless-sky/space1',
    'endless-sky/snow10',
    'endless-sky/myrabella3',
    'endless-sky/myrabella7',
    'gcompris/explore_world_animals_008',
    'endless-sky/valley3',
    'endless-sky/snow10-sfiera',
    'gcompris/explore_world_music_007',
    'endless-sky/lava6',
  ],
} as const

const FOLDER = '../shared/media/train/photo'

/** Whether the photographs are there: they are not part of the repository. */
export function hasPhotos(): boolean {
  return existsSync(FOLDER)
}

/** The middle of a photograph, three bytes per pixel. */
export async function readPhoto(name: string): Promise<Uint8Array> {
  const tools = await findFfmpeg()
  const path = join(FOLDER, `${name}.webp`)
  const info = await probe(tools, path)
  const left = (info.width - PHOTO.width) >> 1
  const top = (info.height - PHOTO.height) >> 1
  for await (const data of readFrames(
    tools.ffmpeg,
    { path, info },
    { from: 0, to: 1, layout: 'rgb24' },
  )) {
    const out = new Uint8Array(PHOTO.width * PHOTO.height * 3)
    for (let y = 0; y < PHOTO.height; y++) {
      const from = ((top + y) * info.width + left) * 3
      out.set(data.subarray(from, from + PHOTO.width * 3), y * PHOTO.width * 3)
    }
    return out
  }
  throw new Error(`${name} shows nothing`)
}

/** Holes of three kinds in turn: a standing object, a blob, a slanted strip. 0/1 per pixel. */
export function photoHole(kind: number): Uint8Array {
  const { width, height } = PHOTO
  const inside: readonly ((x: number, y: number) => boolean)[] = [
    (x, y) => ((x - 200) / 34) ** 2 + ((y - 160) / 88) ** 2 < 1,
    (x, y) => ((x - 250) / 62) ** 2 + ((y - 130) / 48) ** 2 < 1,
    (x, y) => Math.abs(y - 150 + (x - 220) / 4) < 13 && x > 90 && x < 360,
  ]
  return Uint8Array.from({ length: width * height }, (_value, i) =>
    inside[kind % 3]!(i % width, Math.floor(i / width)) ? 1 : 0,
  )
}
