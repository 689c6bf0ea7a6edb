/**
 * `npm run quality:removals [clip ...]`: takes real objects out of real clips, where nobody knows
 * the truth, and writes sheets for a person to judge to quality-out/removals/: the source with its
 * mask, the result as it comes, and as it was found (ADR 0017), whole and at twice the size around
 * the mask. Prints what can be measured without a truth. Needs ../shared/media.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { grownMask, lumaOf, measureSeam } from '../../src/main/core/media/proof.js'
import { boundingBox, type Size } from '../../src/main/engine/vision/image.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { readFrames } from '../../src/main/ffmpeg/frames.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'
import type { Doubtful, MaskRec, MaskShape } from '../../src/shared/document/model.js'
import { maskAt } from '../../src/shared/mask/index.js'
import { defaultGrowth } from '../../src/shared/mask/growth.js'
import { isSeamVisible, type FrameSeam } from '../../src/shared/takeProof.js'
import { MEDIA, readDrawn } from './drawn.js'
import { removeInMemory, type Removed } from './remover.js'

const OUT = 'quality-out/removals'

/** Frames of each clip at most: both ways of them are held in memory. */
const FRAMES = 40

/** Frames of a sheet. */
const SHOWN = 6

interface RemovalClip {
  readonly name: string
  readonly clip: string
  readonly from: number
  readonly keyframes: Readonly<Record<string, readonly MaskShape[]>>
  /** How much wider than the outline the mask is painted, in source pixels. */
  readonly grow: number
}

/** A bottle under a brush twice as wide as it needs to be, which is how people paint. */
const BOTTLES: RemovalClip = {
  ...{ name: 'bottles', clip: 'demo/bottles_360p16.mp4', from: 0, grow: 0 },
  keyframes: {
    '0': [
      {
        ...{ kind: 'stroke', erase: false, size: 80 },
        points: [316, 118, 316, 160, 300, 180, 300, 300, 332, 300, 332, 180, 316, 160],
      },
    ],
  },
}

const clips = await allClips()
if (clips.length === 0) console.log('There are no clips: ../shared/media is not there.')
const wanted = process.argv.slice(2)
const rows: Record<string, string>[] = []
await mkdir(OUT, { recursive: true })
for (const clip of clips) {
  if (wanted.length === 0 || wanted.includes(clip.name)) rows.push(...(await measure(clip)))
}
console.table(rows)
console.log(`Sheets: ${OUT}/`)

async function allClips(): Promise<RemovalClip[]> {
  const drawn = [...(await readDrawn()), ...(await readDrawn(true))]
  if (drawn.length === 0) return []
  return [
    BOTTLES,
    ...drawn.map(({ name, clip, frames }): RemovalClip => {
      const outlines = Object.entries(frames).map(
        ([frame, points]) => [frame, [{ kind: 'lasso', erase: false, points } as const]] as const,
      )
      const from = Math.min(...Object.keys(frames).map(Number))
      // Outlines are drawn to the edge of the object, for tracking; nobody paints that closely.
      return { name, clip, from, grow: 10, keyframes: Object.fromEntries(outlines) }
    }),
  ]
}

async function measure(one: RemovalClip): Promise<Record<string, string>[]> {
  const tools = await findFfmpeg()
  const path = join(MEDIA, one.clip)
  const info = await probe(tools, path)
  const size = { width: info.width, height: info.height }
  const last = Math.max(...Object.keys(one.keyframes).map(Number))
  const end = last > one.from ? last + 1 : info.frames
  const to = Math.min(end, one.from + FRAMES)
  const frames: Uint8Array[] = []
  const range = { from: one.from, to, layout: 'rgb24' } as const
  for await (const data of readFrames(tools.ffmpeg, { path, info }, range)) frames.push(data)
  const painted = maskOf(one)
  const masks = frames.map((_, n) => maskAt(painted, one.from + n, size, size))
  const results: Removed[] = []
  const found: Record<string, string>[] = []
  for (const doubtful of ['soft', 'found'] satisfies Doubtful[]) {
    const result = await removeInMemory({ ...size, frames, masks }, { doubtful })
    results.push(result)
    const seams = seamsOf(result, masks, size)
    found.push({
      clip: one.name,
      way: doubtful,
      frames: String(frames.length),
      hole: percent(mean(result.masks.map((mask) => mean(mask)))),
      seen: percent(mean(result.seen)),
      confidence: mean(result.confidence).toFixed(2),
      'edge seen': percent(mean(seams.map((seam) => (isSeamVisible(seam) ? 1 : 0)))),
      flicker: mean(seams.flatMap(({ flicker }) => (flicker === null ? [] : [flicker]))).toFixed(2),
      's/frame': result.secondsPerFrame.toFixed(2),
    })
  }
  await writeSheets(one.name, size, frames, masks, results)
  return found
}

function maskOf({ name, keyframes, grow }: RemovalClip): MaskRec {
  return {
    ...{ id: 'mask_removals', type: 'mask', assetId: 'asset_removals', name },
    ...{ keyframes, between: 'interpolate', feather: 0, grow, inverted: false },
    overlay: { colour: '#ff3d71', opacity: 0.5 },
  }
}

/** The seam meter of a take, as its proof has it. */
function seamsOf({ frames }: Removed, masks: readonly Uint8Array[], size: Size): FrameSeam[] {
  const format = { layout: 'rgb24', ...size } as const
  let before: { luma: Uint8Array; inside: Uint8Array } | null = null
  const seams: FrameSeam[] = []
  frames.forEach((frame, n) => {
    const inside = grownMask(masks[n]!, size, defaultGrowth(size))
    const now = { luma: lumaOf(frame, format), inside }
    const seam = measureSeam(now, before, size)
    if (seam !== null) seams.push(seam)
    before = now
  })
  return seams
}

async function writeSheets(
  name: string,
  size: Size,
  frames: readonly Uint8Array[],
  masks: readonly Uint8Array[],
  results: readonly Removed[],
): Promise<void> {
  const shown = Array.from({ length: SHOWN }, (_, k) =>
    Math.round((k * (frames.length - 1)) / (SHOWN - 1)),
  )
  const rows = shown.map((n) => [
    outlined(frames[n]!, masks[n]!, size),
    ...results.map((result) => result.frames[n]!),
  ])
  await writeFile(join(OUT, `${name}.png`), pngOf(rows, size))
  const close = { width: Math.min(320, size.width), height: Math.min(240, size.height) }
  const twice = { width: close.width * 2, height: close.height * 2 }
  const crops = rows.map((row, k) => {
    const box = boundingBox(masks[shown[k]!]!, size, 0)
    const centre = (low: number, length: number, side: number, whole: number): number =>
      Math.round(Math.min(whole - side, Math.max(0, low + length / 2 - side / 2)))
    const left = box === null ? 0 : centre(box.x, box.width, close.width, size.width)
    const top = box === null ? 0 : centre(box.y, box.height, close.height, size.height)
    return row.map((picture) => doubled(picture, size, { left, top, ...close }))
  })
  await writeFile(join(OUT, `${name}-200.png`), pngOf(crops, twice))
}

/** A frame with the outline of its mask in white. */
function outlined(frame: Uint8Array, mask: Uint8Array, { width }: Size): Uint8Array {
  const out = frame.slice()
  mask.forEach((value, i) => {
    const beside = [mask[i + 1], mask[i + width]]
    if (beside.some((other) => other !== undefined && other > 127 !== value > 127)) {
      out.fill(255, i * 3, i * 3 + 3)
    }
  })
  return out
}

function doubled(
  picture: Uint8Array,
  size: Size,
  crop: Size & { readonly left: number; readonly top: number },
): Uint8Array {
  const width = crop.width * 2
  const out = new Uint8Array(width * crop.height * 2 * 3)
  for (let i = 0; i < out.length / 3; i++) {
    const x = crop.left + ((i % width) >> 1)
    const y = crop.top + (Math.floor(i / width) >> 1)
    const from = (y * size.width + x) * 3
    out.set(picture.subarray(from, from + 3), i * 3)
  }
  return out
}

function pngOf(rows: readonly (readonly Uint8Array[])[], size: Size): Uint8Array {
  const columns = rows[0]?.length ?? 0
  const width = size.width * columns
  const data = new Uint8Array(width * size.height * rows.length * 3)
  rows.forEach((row, r) => {
    row.forEach((picture, column) => {
      for (let y = 0; y < size.height; y++) {
        const line = picture.subarray(y * size.width * 3, (y + 1) * size.width * 3)
        data.set(line, ((r * size.height + y) * width + column * size.width) * 3)
      }
    })
  })
  return encode({ width, height: size.height * rows.length, data, channels: 3, depth: 8 })
}

function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let n = 0; n < values.length; n++) sum += values[n]!
  return sum / Math.max(1, values.length)
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`
}
