import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { readFrames } from '../../src/main/ffmpeg/frames.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'
import type { Size } from '../../src/main/engine/vision/image.js'

/** Size at which photographs are completed. */
export const PHOTO: Size = { width: 448, height: 288 }

/**
 * Chosen before tuning; `heldOut` by a seeded shuffle of what is large enough, before it was looked
 * at, and `wide`, whole scenes with holes as large as people leave, when the colours expected in a
 * hole (ADR 0021) were settled.
 */
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
  wide: [
    'endless-sky/myrabella6',
    'endless-sky/myrabella4',
    'endless-sky/hills5-sfiera',
    'endless-sky/nasa5',
    'endless-sky/canyon3',
    'lomiri/analogpattern_by_Peter_Nerlich',
    'endless-sky/lava0',
    'elementary/ice_mountains',
    'gcompris/explore_monuments_020',
    'elementary/Carmine_De_Fazio',
    'elementary/Temple',
    'elementary/2',
    'gcompris/explore_monuments_046',
    'elementary/photo-1452953008873-ae5837174535',
    'elementary/Jairo_Alzate',
    'gcompris/explore_monuments_030',
  ],
} as const

const FOLDER = '../shared/media/train/photo'

/** Whether the photographs are there: they are not part of the repository. */
export function hasPhotos(): boolean {
  return existsSync(FOLDER)
}

/** The middle of a photograph in its own pixels, or the whole scaled down; three bytes per pixel. */
export async function readPhoto(name: string, whole: boolean): Promise<Uint8Array> {
  const tools = await findFfmpeg()
  const path = join(FOLDER, `${name}.webp`)
  const info = await probe(tools, path)
  const scale = whole ? Math.max(PHOTO.width / info.width, PHOTO.height / info.height) : 1
  const width = Math.round(info.width * scale)
  const height = Math.round(info.height * scale)
  const left = (width - PHOTO.width) >> 1
  const top = (height - PHOTO.height) >> 1
  for await (const data of readFrames(
    tools.ffmpeg,
    { path, info },
    { from: 0, to: 1, layout: 'rgb24', width, height },
  )) {
    const out = new Uint8Array(PHOTO.width * PHOTO.height * 3)
    for (let y = 0; y < PHOTO.height; y++) {
      const from = ((top + y) * width + left) * 3
      out.set(data.subarray(from, from + PHOTO.width * 3), y * PHOTO.width * 3)
    }
    return out
  }
  throw new Error(`${name} shows nothing`)
}

/** An eighth of the picture: a standing thing, a lying one, a person. */
const WIDE: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => ((x - 224) / 58) ** 2 + ((y - 160) / 98) ** 2 < 1,
  (x, y) => ((x - 230) / 100) ** 2 + ((y - 165) / 62) ** 2 < 1,
  (x, y) => (Math.abs(x - 215) < 48 && y > 70 && y < 235) || Math.hypot(x - 215, y - 60) < 30,
]

/** Holes of three kinds in turn: a standing object, a blob, a slanted strip. 0/1 per pixel. */
export function photoHole(kind: number, wide: boolean): Uint8Array {
  const { width, height } = PHOTO
  const inside: readonly ((x: number, y: number) => boolean)[] = [
    (x, y) => ((x - 200) / 34) ** 2 + ((y - 160) / 88) ** 2 < 1,
    (x, y) => ((x - 250) / 62) ** 2 + ((y - 130) / 48) ** 2 < 1,
    (x, y) => Math.abs(y - 150 + (x - 220) / 4) < 13 && x > 90 && x < 360,
  ]
  return Uint8Array.from({ length: width * height }, (_value, i) =>
    (wide ? WIDE : inside)[kind % 3]!(i % width, Math.floor(i / width)) ? 1 : 0,
  )
}
