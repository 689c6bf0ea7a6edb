/**
 * `npm run quality:retime [tuning | held-out | clip ...]`: leaves out every other frame of real
 * clips, makes it again, and compares with the real one, beside ffmpeg's minterpolate, a blend and
 * the frame before. Needs ../shared/media. Sheets of the worst frame of each clip (truth, ours,
 * minterpolate, blend at 200 %) go to quality-out/retime/.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { createInterpolator } from '../../../src/main/engine/vision/between/index.js'
import { ssim } from '../metrics.js'
import { CLIPS, hasFootage, readClip } from './clips.js'
import type { Footage } from './clips.js'
import { blend, minterpolate, nearest } from './others.js'
import type { Maker } from './others.js'

const OUT = 'quality-out/retime'
/** Where both are the same PSNR has no bounds; more than this is not seen. */
const MOST_DB = 60

let seconds = 0
let refused = 0
const ours: Maker = (clip) => {
  const { frames } = clip
  const made: Uint8Array[] = []
  const interpolator = createInterpolator({ ...clip, layout: 'yuv420p' })
  for (let n = 1; n + 1 < frames.length; n += 2) {
    const [a, b] = [frames[n - 1]!, frames[n + 1]!]
    const started = performance.now()
    const picture = interpolator.between(n, a, b, 0.5)
    seconds += (performance.now() - started) / 1000
    if (picture === null) refused++
    made.push(picture ?? a)
  }
  return Promise.resolve(made)
}
const METHODS: Readonly<Record<string, Maker>> = {
  ours,
  minterpolate: minterpolate(),
  blend,
  nearest,
}

if (!hasFootage()) {
  console.log('There is nothing to measure: ../shared/media is not there.')
  process.exit(0)
}
await mkdir(OUT, { recursive: true })
const wanted = new Set(process.argv.slice(2))
const groups = { tuning: CLIPS.tuning, 'held-out': CLIPS.heldOut }
for (const [group, clips] of Object.entries(groups)) {
  const chosen = clips.filter(
    ({ name }) => wanted.size === 0 || wanted.has(group) || wanted.has(name),
  )
  if (chosen.length === 0) continue
  const rows: Record<string, string>[] = []
  const sums = new Map<string, number>()
  for (const one of chosen) {
    const row = await measure(await readClip(one), sums)
    console.log(JSON.stringify(row))
    rows.push(row)
  }
  const mean = [...sums].map(([key, sum]) => [key, (sum / chosen.length).toFixed(2)] as const)
  rows.push({ clip: 'mean', ...Object.fromEntries(mean) })
  console.log(`\n${group}: PSNR of the brightness in dB, SSIM in brackets`)
  console.table(rows)
  await writeFile(join(OUT, `${group}.json`), `${JSON.stringify(rows, null, 2)}\n`)
}
console.log(
  `456 x 256, 15 frames a clip, ${availableParallelism()} cores. Refused as another scene: ${refused}. Sheets: ${OUT}/`,
)

async function measure(clip: Footage, sums: Map<string, number>): Promise<Record<string, string>> {
  const truth = clip.frames.filter((_, n) => n % 2 === 1 && n + 1 < clip.frames.length)
  const row: Record<string, string> = { clip: clip.name }
  const results = new Map<string, Uint8Array[]>()
  seconds = 0
  for (const [method, make] of Object.entries(METHODS)) {
    const made = await make(clip)
    results.set(method, made)
    const mean = made.reduce((sum, frame, n) => sum + psnr(frame, truth[n]!, clip), 0) / made.length
    sums.set(method, (sums.get(method) ?? 0) + mean)
    const likeness = ssim(
      made.map((one) => grey(one, clip)),
      truth.map((one) => grey(one, clip)),
      clip,
    )
    row[method] = `${mean.toFixed(2)} (${likeness.toFixed(4)})`
  }
  row['s/frame'] = (seconds / truth.length).toFixed(2)
  await writeSheet(clip, truth, results)
  return row
}

function psnr(a: Uint8Array, b: Uint8Array, { width, height }: Footage): number {
  let sum = 0
  const count = width * height
  for (let i = 0; i < count; i++) sum += (a[i]! - b[i]!) ** 2
  return sum === 0 ? MOST_DB : Math.min(MOST_DB, 10 * Math.log10((255 * 255 * count) / sum))
}

/** Brightness as RGB, which is what the metrics read. */
function grey(frame: Uint8Array, { width, height }: Footage): Uint8Array {
  return Uint8Array.from({ length: width * height * 3 }, (_, i) => frame[Math.floor(i / 3)]!)
}

/** The frame at which ours is furthest from the truth, twice as large, all methods above each other. */
async function writeSheet(
  clip: Footage,
  truth: readonly Uint8Array[],
  results: ReadonlyMap<string, readonly Uint8Array[]>,
): Promise<void> {
  const own = results.get('ours') ?? []
  const levels = own.map((frame, n) => psnr(frame, truth[n]!, clip))
  const worst = levels.indexOf(Math.min(...levels))
  const pictures = [truth, own, results.get('minterpolate') ?? [], results.get('blend') ?? []]
  const { width, height } = clip
  const data = new Uint8Array(width * 4 * height * 4 * 3)
  pictures.forEach((frames, place) => {
    const rgb = colours(frames[worst]!, clip)
    const [left, top] = [(place % 2) * width * 2, Math.floor(place / 2) * height * 2]
    for (let y = 0; y < height * 2; y++) {
      for (let x = 0; x < width * 2; x++) {
        const from = ((y >> 1) * width + (x >> 1)) * 3
        data.set(rgb.subarray(from, from + 3), ((top + y) * width * 4 + left + x) * 3)
      }
    }
  })
  const sheet = { width: width * 4, height: height * 4, data, channels: 3 as const }
  await writeFile(join(OUT, `${clip.name}.png`), encode(sheet))
}

function colours(frame: Uint8Array, { width, height }: Footage): Uint8Array {
  const out = new Uint8Array(width * height * 3)
  const half = width >> 1
  const u = width * height
  const v = u + half * (height >> 1)
  const level = (value: number): number => Math.max(0, Math.min(255, Math.round(value)))
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y >> 1) * half + (x >> 1)
      const light = 1.164 * (frame[y * width + x]! - 16)
      const [b, r] = [frame[u + at]! - 128, frame[v + at]! - 128]
      const to = (y * width + x) * 3
      out[to] = level(light + 1.596 * r)
      out[to + 1] = level(light - 0.392 * b - 0.813 * r)
      out[to + 2] = level(light + 2.017 * b)
    }
  }
  return out
}
