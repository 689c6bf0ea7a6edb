/**
 * `npm run quality:colours [-- --tuning]`: gives six clips the colours of ten pictures, with one map
 * for all light and by light, and compares: how near the colours come, as a whole and in each third
 * of the light, how much of the content stays, how steady it is, how even the tables are. Clips and
 * pictures were chosen before the zones were tuned (`--tuning`: those that they were tuned on); they
 * lie in ../shared/media, without which nothing is measured. Writes a sheet to quality-out/, of the
 * pairs in which the two differ most: clip, picture, one map, by light.
 */
import { existsSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { encode } from 'fast-png'
import { match } from '../../../src/main/engine/tasks/match.js'
import { readFrames } from '../../../src/main/ffmpeg/frames.js'
import type { FrameSource } from '../../../src/main/ffmpeg/frames.js'
import { probe } from '../../../src/main/ffmpeg/probe.js'
import { findFfmpeg } from '../../../src/main/ffmpeg/tools.js'
import type { Size } from '../../../src/main/engine/vision/image.js'
import type { EditOperation } from '../../../src/shared/edit/operations.js'
import { gradeFrame } from '../../../src/shared/grade/frame.js'
import { planGrade } from '../../../src/shared/grade/plan.js'
import type { FrameGrade } from '../../../src/shared/grade/plan.js'
import { warpRatio } from '../metrics.js'
import { STYLE_CLIPS } from './clips.js'
import { edgeSsim } from './measures.js'
import { evenness, labOf, spreadDistance, thirdsApart } from './spread.js'

const MEDIA = '../shared/media'
const OUT = 'quality-out'
const FRAMES = 3
/** Pixels of the longer side that things are measured at. */
const SIDE = 320
/** Pairs on the sheet. */
const SHOWN = 10

const HELD_OUT = {
  clips: STYLE_CLIPS.heldOut,
  pictures: [
    ...['gc_details_069', 'paintings_030', 'paintings_093', 'paintings_166'],
    ...['paintings_221', 'vg_wheat_field'],
  ],
  photos: ['Wild_Night', 'Horseshoe_Bend_Sunset', 'Snow_Forest'],
  graded: 'The_Coast',
} as const
const TUNING = {
  clips: STYLE_CLIPS.tuning,
  pictures: [
    ...['gc_details_079', 'paintings_009', 'paintings_133', 'paintings_234'],
    ...['vg_olive', 'vg_self'],
  ],
  photos: ['Sunset_by_the_Pier', 'Cold_Evening', 'Urban_Dream'],
  graded: 'Broto',
} as const
const isTuning = process.argv.includes('--tuning')
const { clips, pictures, photos, graded } = isTuning ? TUNING : HELD_OUT

type Kind = 'painting' | 'photo' | 'teal and orange'

interface Picture {
  readonly name: string
  readonly kind: Kind
  readonly source: FrameSource
  readonly size: Size
  readonly data: Uint8Array
}

interface Numbers {
  readonly spread: number
  readonly thirds: number
  readonly edges: number
  readonly warp: number
  readonly greys: number
  readonly all: number
  readonly rising: number
}

const WAYS = ['untouched', 'one map', 'by light'] as const
type Pair = Record<(typeof WAYS)[number], Numbers> & {
  readonly clip: string
  readonly picture: Picture
  /** Of bytes between the two ways, on the first frame. */
  readonly apart: number
  readonly shown: readonly (Size & { readonly data: Uint8Array })[]
}

const { ffmpeg, ffprobe } = await findFfmpeg()
const context = {
  ...{ signal: new AbortController().signal, finish: new AbortController().signal },
  report: () => undefined,
}

if (existsSync(MEDIA)) await measureAll()
else console.log(`Nothing is measured: ${MEDIA} is not there.`)

async function measureAll(): Promise<void> {
  await mkdir(OUT, { recursive: true })
  const references = [
    ...(await Promise.all(pictures.map((name) => open(`style/${name}`, 'painting')))),
    ...(await Promise.all(photos.map((name) => open(`photo/elementary/${name}`, 'photo')))),
    await tealAndOrange(await open(`photo/elementary/${graded}`, 'teal and orange')),
  ]
  const pairs: Pair[] = []
  for (const [name, from] of clips) {
    const path = `${MEDIA}/${name}.mp4`
    const source = { path, info: await probe({ ffprobe }, path) }
    const size = fitted(source.info)
    const range = { from, to: from + FRAMES }
    const before = await collect(source, { ...range, ...size })
    for (const picture of references) {
      pairs.push(await measure({ name, source, range, size, before }, picture))
    }
    console.log(`${name}: done.`)
  }
  table('all pairs', pairs)
  for (const kind of ['painting', 'photo', 'teal and orange'] as const) {
    table(
      kind,
      pairs.filter(({ picture }) => picture.kind === kind),
    )
  }
  const nearer = (key: 'spread' | 'thirds'): number =>
    pairs.filter((one) => one['by light'][key] < one['one map'][key]).length
  console.log(
    `By light is nearer in ${nearer('spread')} of ${pairs.length} pairs as a whole, in ${nearer('thirds')} by thirds.`,
  )
  const most = pairs.sort((a, b) => b.apart - a.apart).slice(0, SHOWN)
  for (const { clip, picture, apart, ...ways } of most) {
    const pair = `${clip} by ${picture.name}`
    const { 'one map': one, 'by light': zones } = ways
    console.log(
      `${pair}: ${apart.toFixed(1)} levels apart; spread ${one.spread.toFixed(2)}, ${zones.spread.toFixed(2)}`,
    )
  }
  const file = `${OUT}/colours${isTuning ? '-tuning' : ''}.png`
  await writeFile(file, sheet(most.map(({ shown }) => shown)))
  console.log(`Sheet: ${file}`)
}

interface Footage {
  readonly name: string
  readonly source: FrameSource
  readonly range: { readonly from: number; readonly to: number }
  readonly size: Size
  readonly before: readonly Uint8Array[]
}

async function measure(clip: Footage, picture: Picture): Promise<Pair> {
  const { source, range, size, before, name } = clip
  const task = { source, range, mask: null, reference: picture.source, luminanceOnly: false }
  const { map } = await match({ ...task, ffmpegPath: ffmpeg }, context)
  const look = labOf([picture.data])
  const numbers = async (grade: FrameGrade | null): Promise<[Numbers, readonly Uint8Array[]]> => {
    const after = grade === null ? before : before.map((data) => through(grade, data, size))
    const colours = labOf(after)
    const all = before.map(() => new Uint8Array(size.width * size.height).fill(1))
    const even = grade?.lut == null ? { greys: 1, all: 1, rising: true } : evenness(grade.lut)
    const measured = {
      spread: spreadDistance(colours, look),
      thirds: thirdsApart(colours, look),
      edges: edgeSsim(before, after, size),
      warp: grade === null ? 1 : await warpRatio(after, before, all, size),
      ...even,
      rising: Number(even.rising),
    }
    return [measured, after]
  }
  const gradeOf = (byLight: boolean): FrameGrade | null => {
    const keys = [{ frame: 0, value: 1 }]
    const operation: EditOperation = {
      ...{ kind: 'match', keys, map, keepSkin: false, byLight, reference: '' },
    }
    return planGrade([operation])(0)
  }
  const [untouched] = await numbers(null)
  const [one, whole] = await numbers(gradeOf(false))
  const [zones, local] = await numbers(gradeOf(true))
  const first = [before[0]!, whole[0]!, local[0]!]
  const apart = first[1]!.reduce((sum, value, n) => sum + Math.abs(value - first[2]![n]!), 0)
  const cells = first.map((data) => ({ ...size, data }))
  return {
    ...{ clip: name, picture, apart: apart / first[0]!.length },
    ...{ untouched, 'one map': one, 'by light': zones },
    shown: [cells[0]!, { ...picture.size, data: picture.data }, cells[1]!, cells[2]!],
  }
}

function table(title: string, pairs: readonly Pair[]): void {
  const row = (way: (typeof WAYS)[number]): Record<string, number | string> => {
    const mean = (key: keyof Numbers): number =>
      pairs.reduce((sum, one) => sum + one[way][key], 0) / pairs.length
    const least = Math.min(...pairs.map((one) => one[way].edges))
    return {
      way,
      'colours apart': mean('spread').toFixed(2),
      'thirds of the light apart': mean('thirds').toFixed(2),
      'edge SSIM': `${mean('edges').toFixed(3)} (${least.toFixed(2)})`,
      'Ewarp ratio': mean('warp').toFixed(2),
      'greys pulled apart': `${mean('greys').toFixed(2)} (${Math.max(...pairs.map((one) => one[way].greys)).toFixed(2)})`,
      'all, but a hundredth': mean('all').toFixed(2),
      rising: `${pairs.filter((one) => one[way].rising === 1).length} of ${pairs.length}`,
    }
  }
  console.log(title)
  console.table(WAYS.map(row))
}

function through(grade: FrameGrade, data: Uint8Array, size: Size): Uint8Array {
  const rgba = new Uint8Array(size.width * size.height * 4)
  const input = { data, channels: 3, ...size, frame: 0, seed: 0, scale: 1, mask: null } as const
  gradeFrame(input, grade, rgba)
  // Where nothing changes, nothing is stored.
  return data.map((value, n) => {
    const at = Math.floor(n / 3) * 4
    return rgba[at + 3] === 0 ? value : rgba[at + (n % 3)]!
  })
}

async function open(name: string, kind: Kind): Promise<Picture> {
  const path = `${MEDIA}/train/${name}.webp`
  const source = { path, info: await probe({ ffprobe }, path) }
  const size = fitted(source.info)
  const [data] = await collect(source, { from: 0, to: 1, ...size })
  return { name: name.split('/').at(-1) ?? name, kind, source, size, data: data! }
}

/** A photo graded as films are: what a picture with other shadows than lights looks like. */
async function tealAndOrange(photo: Picture): Promise<Picture> {
  const keys = [{ frame: 0, value: 1 }]
  const data = through(planGrade([{ kind: 'teal-orange', keys }])(0)!, photo.data, photo.size)
  const path = `${OUT}/teal-orange.png`
  await writeFile(path, encode({ ...photo.size, data, channels: 3, depth: 8 }))
  return { ...photo, data, source: { path, info: await probe({ ffprobe }, path) } }
}

async function collect(
  source: FrameSource,
  options: Size & { readonly from: number; readonly to: number },
): Promise<Uint8Array[]> {
  const all: Uint8Array[] = []
  for await (const frame of readFrames(ffmpeg, source, { ...options, layout: 'rgb24' })) {
    all.push(frame)
  }
  return all
}

function fitted({ width, height }: Size): Size {
  const scale = Math.min(1, SIDE / Math.max(width, height))
  return { width: Math.round(width * scale), height: Math.round(height * scale) }
}

function sheet(rows: readonly (readonly (Size & { readonly data: Uint8Array })[])[]): Uint8Array {
  const heights = rows.map((row) => Math.max(...row.map(({ height }) => height)))
  const size = { width: SIDE * 4, height: heights.reduce((sum, one) => sum + one, 0) }
  const data = new Uint8Array(size.width * size.height * 3).fill(20)
  let top = 0
  rows.forEach((row, r) => {
    row.forEach((cell, c) => {
      for (let y = 0; y < cell.height; y++) {
        const line = cell.data.subarray(y * cell.width * 3, (y + 1) * cell.width * 3)
        data.set(line, ((top + y) * size.width + c * SIDE) * 3)
      }
    })
    top += heights[r]!
  })
  return encode({ ...size, data, channels: 3, depth: 8 })
}
