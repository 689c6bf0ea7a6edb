/**
 * `npm run quality:style [--pack FOLDER] [--shipped | --tuning] [--keyframes] [--strength S] [--minutes N]`, or `--speed [--beside FOLDER]` for
 * seconds a frame alone, in turn with the build of another checkout: paints six clips by six references, each frame or by key frames, and
 * compares with the transfer of colours: how near the style comes, how much of the content stays,
 * how steady it is. Clips and references were held out from training and tuning; they lie in
 * ../shared/media, without which nothing is measured. Prints a table, writes a contact sheet and
 * style.json to quality-out/.
 */
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { encode } from 'fast-png'
import { match } from '../../../src/main/engine/tasks/match.js'
import { stylise } from '../../../src/main/engine/tasks/stylise.js'
import type { Picture, Size } from '../../../src/main/engine/vision/image.js'
import { resizePicture } from '../../../src/main/engine/vision/stylise/resample.js'
import { readFrames, readTake } from '../../../src/main/ffmpeg/frames.js'
import type { FrameSource } from '../../../src/main/ffmpeg/frames.js'
import { probe } from '../../../src/main/ffmpeg/probe.js'
import { listParts } from '../../../src/main/ffmpeg/takeParts.js'
import { findFfmpeg } from '../../../src/main/ffmpeg/tools.js'
import type { StylePackSource } from '../../../src/shared/contract/sources.js'
import { PACK_FILE, styleManifestSchema } from '../../../src/shared/contract/pack.js'
import { gradeFrame } from '../../../src/shared/grade/frame.js'
import { planGrade } from '../../../src/shared/grade/plan.js'
import { DEFAULT_STYLISE, SHIPPED_STYLES } from '../../../src/shared/style.js'
import { warpRatio } from '../metrics.js'
import { STYLE_CLIPS } from './clips.js'
import { edgeSsim, styleDistance } from './measures.js'
import { measureSpeed } from './speed.js'

const flags = process.argv.slice(2)
const MEDIA = '../shared/media'
const OUT = 'quality-out'
/** With key frames, one at each end. */
const FRAMES = process.argv.includes('--keyframes') ? 13 : 6
/** Pixels of the longer side that things are measured at. */
const SIDE = 432
const CELL = { width: 288, height: 162 }

/** Held out from training (`HELD_OUT_STYLES` in training/lumiere_training/style/pictures.py). */
const HELD_OUT_STYLES = [
  'gc_details_069',
  'paintings_030',
  'paintings_093',
  'paintings_166',
  'paintings_221',
  'vg_wheat_field',
]
/** What settings are chosen by (`--tuning`): paintings of the training, and other clips. */
const TUNING_STYLES = [
  'gc_details_079',
  'paintings_009',
  'paintings_133',
  'paintings_234',
  'vg_olive',
  'vg_self',
]
const isTuning = flags.includes('--tuning')
const STYLES = (isTuning ? TUNING_STYLES : HELD_OUT_STYLES).map(
  (name) => `${MEDIA}/train/style/${name}.webp`,
)
const CLIPS = isTuning ? STYLE_CLIPS.tuning : STYLE_CLIPS.heldOut

const packAt = flags.indexOf('--pack')
const keyed = flags.includes('--keyframes')
const strengthAt = flags.indexOf('--strength')
const strength = strengthAt < 0 ? DEFAULT_STYLISE.strength : Number(flags[strengthAt + 1])
const minutesAt = flags.indexOf('--minutes')
const minutes = minutesAt < 0 ? 600 : Number(flags[minutesAt + 1])
const packFolder = resolve(
  packAt < 0 ? 'resources/model-packs/lumiere-style' : (flags[packAt + 1] ?? ''),
)
const references = flags.includes('--shipped')
  ? SHIPPED_STYLES.slice(0, 6).map((name) => `resources/styles/${name}.webp`)
  : STYLES
interface Numbers {
  readonly distance: number
  readonly edges: number
  readonly warp: number
}

interface Pair {
  readonly clip: string
  readonly painted: Numbers
  readonly matched: Numbers
  readonly plain: number
}

interface Footage {
  readonly name: string
  readonly source: FrameSource
  readonly range: { readonly from: number; readonly to: number }
  readonly size: Size
  readonly before: readonly Uint8Array[]
}

async function measureAll(): Promise<void> {
  const { ffmpeg, ffprobe } = await findFfmpeg()
  const manifest = styleManifestSchema.parse(
    JSON.parse(await readFile(join(packFolder, PACK_FILE), 'utf8')),
  )
  const pack = { folder: packFolder, manifest, slow: [] }
  const open = async (path: string): Promise<FrameSource> => ({
    path,
    info: await probe({ ffprobe }, path),
  })
  await mkdir(OUT, { recursive: true })
  const pictures = await Promise.all(references.map(open))
  if (flags.includes('--speed')) {
    const [clip] = CLIPS[0]
    const besideAt = flags.indexOf('--beside')
    const beside = besideAt < 0 ? [] : flags.slice(besideAt + 1, besideAt + 2)
    await measureSpeed({ ffmpeg, ffprobe }, pack, pictures[0]!, `${MEDIA}/${clip}.mp4`, beside)
    return
  }
  const looks = await Promise.all(pictures.map((one) => pictureOf(ffmpeg, one)))
  const footage = await Promise.all(
    CLIPS.map(async ([name, from]) =>
      readClip(ffmpeg, await open(`${MEDIA}/${name}.mp4`), name.split('/').at(-1) ?? name, from),
    ),
  )
  const sheet = [
    [blank(), ...looks.map(cell)],
    ...footage.map(({ size, before }) => [
      cell({ ...size, data: before[0]! }),
      ...references.map(blank),
    ]),
  ]
  const pairs: Pair[] = []
  let cpu = 0
  // Diagonals: when time runs out, every clip and every reference has had its turn.
  const turns = references.flatMap((_, k) =>
    CLIPS.map((_unused, c) => [c, (c + k) % references.length] as const),
  )
  const end = performance.now() + minutes * 60_000
  for (const [c, r] of turns) {
    if (performance.now() > end) break
    const clip = footage[c]!
    const reference = pictures[r]!
    const look = resizePicture(looks[r]!, clip.size)
    const measure = async (frames: readonly Uint8Array[]): Promise<Numbers> => ({
      distance: styleDistance({ ...clip.size, data: frames[0]! }, look),
      edges: edgeSsim(clip.before, frames, clip.size),
      warp: await warpRatio(
        frames,
        clip.before,
        clip.before.map(() => new Uint8Array(clip.size.width * clip.size.height).fill(1)),
        clip.size,
      ),
    })
    const started = process.cpuUsage()
    const after = await paint(ffmpeg, pack, clip, reference)
    const { user, system } = process.cpuUsage(started)
    cpu += (user + system) / 1e6
    const pair = {
      clip: clip.name,
      painted: await measure(after),
      matched: await measure(await matchColours(ffmpeg, clip, reference)),
      plain: styleDistance({ ...clip.size, data: clip.before[0]! }, look),
    }
    pairs.push(pair)
    // By key frames, the one that is farthest from both.
    sheet[c + 1]![r + 1] = cell({ ...clip.size, data: after[keyed ? FRAMES >> 1 : 0]! })
    console.log(
      `${clip.name} by ${references[r]!.split('/').at(-1)}:`,
      Object.entries(pair.painted)
        .map(([key, value]) => `${key} ${(value as number).toFixed(3)}`)
        .join(', '),
    )
  }
  console.table(
    footage.flatMap(({ name }) => {
      const mine = pairs.filter(({ clip }) => clip === name).map(({ painted }) => painted)
      if (mine.length === 0) return []
      return {
        clip: name,
        pairs: mine.length,
        'edge SSIM': mean(mine.map(({ edges }) => edges)).toFixed(3),
        least: Math.min(...mine.map(({ edges }) => edges)).toFixed(3),
        'Ewarp ratio': mean(mine.map(({ warp }) => warp)).toFixed(2),
        most: Math.max(...mine.map(({ warp }) => warp)).toFixed(2),
        'style distance': mean(mine.map(({ distance }) => distance)).toFixed(3),
      }
    }),
  )
  const of = (kind: 'painted' | 'matched', key: keyof Numbers): number =>
    Number(mean(pairs.map((one) => one[kind][key])).toFixed(3))
  const summary = {
    pairs: `${pairs.length} of ${turns.length}`,
    'style distance: network': of('painted', 'distance'),
    'style distance: colour transfer': of('matched', 'distance'),
    'style distance: untouched': Number(mean(pairs.map(({ plain }) => plain)).toFixed(3)),
    'edge SSIM: network': of('painted', 'edges'),
    'edge SSIM: colour transfer': of('matched', 'edges'),
    'Ewarp against the source: network': of('painted', 'warp'),
    'Ewarp against the source: colour transfer': of('matched', 'warp'),
    'processor seconds a frame, all of it': Number((cpu / pairs.length / FRAMES).toFixed(2)),
  }
  console.table(summary)
  const kind = flags.includes('--shipped') ? 'style-shipped' : isTuning ? 'style-tuning' : 'style'
  const name = keyed ? `${kind}-keyframes` : kind
  await writeFile(join(OUT, `${name}.json`), `${JSON.stringify(summary, null, 2)}\n`)
  await writeFile(join(OUT, `${name}.png`), montage(sheet))
  console.log(`Contact sheet: ${OUT}/${name}.png`)
}

async function readClip(
  ffmpeg: string,
  source: FrameSource,
  name: string,
  wanted: number,
): Promise<Footage> {
  const { width, height, frames } = source.info
  const from = Math.min(wanted, frames - FRAMES)
  const range = { from, to: from + FRAMES }
  const scale = Math.min(1, SIDE / Math.max(width, height))
  const size = { width: Math.round(width * scale), height: Math.round(height * scale) }
  const before = await collect(readFrames(ffmpeg, source, { ...range, layout: 'rgb24', ...size }))
  return { name, source, range, size, before }
}

const context = {
  ...{ signal: new AbortController().signal, finish: new AbortController().signal },
  report: () => undefined,
}

if (!existsSync(MEDIA)) {
  console.log(`Nothing is measured: ${MEDIA} is not there.`)
} else if (!existsSync(join(packFolder, PACK_FILE))) {
  console.log(`Nothing is measured: there is no style pack in ${packFolder}. Give one with --pack.`)
} else {
  await measureAll()
}

/** Through the engine's own task, at the clip's full size and the default settings. */
async function paint(
  ffmpeg: string,
  pack: StylePackSource,
  { source, range, size }: Footage,
  reference: FrameSource,
): Promise<Uint8Array[]> {
  const folder = await mkdtemp(join(tmpdir(), 'lumiere-style-'))
  try {
    await stylise(
      {
        ...{ source, range, mask: null, pack, reference, under: [], painted: [] },
        params: {
          ...{ ...DEFAULT_STYLISE, style: { name: '', path: 'styles/x.png' } },
          strength,
          ...(keyed ? { mode: 'keyframe', keyEvery: FRAMES - 1 } : {}),
        },
        ...{ outputFolder: folder, ffmpegPath: ffmpeg },
      },
      context,
    )
    const after: Uint8Array[] = []
    for (const part of await listParts(folder)) {
      const options = { from: 0, to: part.notes.length, layout: 'rgba', ...size } as const
      for await (const data of readTake(ffmpeg, part.path, options)) after.push(rgb(data))
    }
    return after
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** What there was before: the colours of the picture, at full strength. */
async function matchColours(
  ffmpegPath: string,
  { source, range, size, before }: Footage,
  reference: FrameSource,
): Promise<Uint8Array[]> {
  const task = { source, range, mask: null, reference, luminanceOnly: false, ffmpegPath }
  const { map } = await match(task, context)
  const keys = [{ frame: 0, value: 1 }]
  const grade = planGrade([{ kind: 'match', keys, map, keepSkin: false, reference: '' }])(0)
  return before.map((data, frame) => {
    const out = new Uint8Array(size.width * size.height * 4)
    if (grade !== null) {
      const picture = { data, channels: 3, ...size, frame, seed: 0, scale: 1, mask: null } as const
      gradeFrame(picture, grade, out)
    }
    return rgb(out)
  })
}

async function collect(frames: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const all: Uint8Array[] = []
  for await (const frame of frames) all.push(frame)
  return all
}

async function pictureOf(ffmpeg: string, source: FrameSource): Promise<Picture> {
  const { width, height } = source.info
  const options = { from: 0, to: 1, layout: 'rgb24' } as const
  const [data] = await collect(readFrames(ffmpeg, source, options))
  return { width, height, data: data! }
}

function rgb(rgba: Uint8Array): Uint8Array {
  const out = new Uint8Array((rgba.length / 4) * 3)
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    out[to] = rgba[from]!
    out[to + 1] = rgba[from + 1]!
    out[to + 2] = rgba[from + 2]!
  }
  return out
}

function blank(): Picture {
  return { ...CELL, data: new Uint8Array(CELL.width * CELL.height * 3).fill(20) }
}

/** A picture whole inside a cell of the sheet. */
function cell(picture: Picture): Picture {
  const scale = Math.min(CELL.width / picture.width, CELL.height / picture.height)
  const small = resizePicture(picture, {
    width: Math.round(picture.width * scale),
    height: Math.round(picture.height * scale),
  })
  const out = blank()
  const left = (CELL.width - small.width) >> 1
  const top = (CELL.height - small.height) >> 1
  for (let y = 0; y < small.height; y++) {
    const row = small.data.subarray(y * small.width * 3, (y + 1) * small.width * 3)
    out.data.set(row, ((y + top) * CELL.width + left) * 3)
  }
  return out
}

function montage(rows: readonly (readonly Picture[])[]): Uint8Array {
  const columns = Math.max(...rows.map((row) => row.length))
  const width = columns * CELL.width
  const height = rows.length * CELL.height
  const data = new Uint8Array(width * height * 3)
  rows.forEach((row, r) => {
    row.forEach((picture, c) => {
      for (let y = 0; y < CELL.height; y++) {
        const line = picture.data.subarray(y * CELL.width * 3, (y + 1) * CELL.width * 3)
        data.set(line, ((r * CELL.height + y) * width + c * CELL.width) * 3)
      }
    })
  })
  return encode({ width, height, data, channels: 3, depth: 8 })
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length)
}
