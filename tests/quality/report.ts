/**
 * `npm run quality [case ...]`: measures removal on clips with known truth beside simpler methods,
 * prints one table and writes contact sheets (truth, ours, smooth fill) to quality-out/. `rendered`,
 * `tuning` and `held-out` stand for all cases of that kind; real clips need ../shared/media. With `--found` what nothing
 * vouches for is shown as it was found (ADR 0017), which misses bars that are set for the default. With `--placed` two
 * more columns: the hole's PSNR and warp error if everything in it lay where the truth has it.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { navierStokes, smoothFill, telea, temporalMedian } from './baselines.js'
import { psnr, ssim, straightened, warpRatio } from './metrics.js'
import { FOOTAGE, hasFootage, readFootage } from './footage.js'
import { CASE_NAMES, renderCase, type QualityCase } from './pans.js'
import { removeInMemory } from './remover.js'

const SIZE = { width: 480, height: 270 }
const FRAMES = 40
const OUT = 'quality-out'

const groups: Readonly<Record<string, readonly string[]>> = {
  rendered: CASE_NAMES,
  tuning: FOOTAGE.tuning.map(({ name }) => name),
  'held-out': FOOTAGE.heldOut.map(({ name }) => name),
}
const FOUND = '--found'
const PLACED = '--placed'
const placed = process.argv.includes(PLACED)
const doubtful = process.argv.includes(FOUND) ? 'found' : 'soft'
const named = process.argv.slice(2).filter((name) => name !== FOUND && name !== PLACED)
const wanted = named.flatMap((name) => groups[name] ?? [name])
const all = [...CASE_NAMES, ...(hasFootage() ? Object.values(groups).slice(1).flat() : [])]
if (!hasFootage()) console.log('Real clips are left out: ../shared/media is not there.')
const rows: Record<string, string>[] = []
const misses: string[] = []
await mkdir(OUT, { recursive: true })
for (const name of wanted.length > 0 ? wanted : all) rows.push(await measure(name))

console.table(rows)
console.log(
  `Rendered at ${SIZE.width} x ${SIZE.height}, ${FRAMES} frames, ${availableParallelism()} cores; PSNR in dB inside the hole. Sheets: ${OUT}/`,
)
await writeFile(join(OUT, 'report.json'), `${JSON.stringify(rows, null, 2)}\n`)
for (const miss of misses) console.log(`MISSED: ${miss}`)
process.exitCode = misses.length === 0 ? 0 : 1

async function openCase(name: string): Promise<QualityCase> {
  const footage = [...FOOTAGE.tuning, ...FOOTAGE.heldOut].find((one) => one.name === name)
  return footage === undefined ? renderCase(name, SIZE, FRAMES) : readFootage(footage, FRAMES)
}

async function measure(name: string): Promise<Record<string, string>> {
  const clip = await openCase(name)
  const ours = await removeInMemory(clip, { doubtful })
  const { masks } = ours
  const others = {
    telea: await telea(clip.frames, masks, clip),
    'navier-stokes': await navierStokes(clip.frames, masks, clip),
    smooth: await smoothFill(clip.frames, masks, clip),
    median: await temporalMedian(clip.frames, masks, clip),
  }
  const hole = psnr(ours.frames, clip.truth, masks)
  const figures = Object.fromEntries(
    Object.entries(others).map(([key, frames]) => [key, psnr(frames, clip.truth, masks)]),
  ) as Record<keyof typeof others, number>
  judge(clip, hole, figures)
  const straight = placed ? await straightened(ours.frames, clip.truth, masks, clip) : null
  await writeSheet(clip, [clip.frames, clip.truth, ours.frames, others.smooth])
  return {
    case: name,
    ours: hole.toFixed(2),
    ...Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, value.toFixed(2)])),
    whole: psnr(ours.frames, clip.truth).toFixed(2),
    ssim: ssim(ours.frames, clip.truth, clip).toFixed(4),
    Ewarp: (await warpRatio(ours.frames, clip.truth, masks, clip)).toFixed(2),
    ...(straight !== null && {
      placed: psnr(straight, clip.truth, masks).toFixed(2),
      'Ewarp placed': (await warpRatio(straight, clip.truth, masks, clip)).toFixed(2),
    }),
    seen: mean(ours.seen).toFixed(3),
    confidence: mean(ours.confidence).toFixed(3),
    's/frame': ours.secondsPerFrame.toFixed(3),
  }
}

function judge(
  { name, pan }: QualityCase,
  hole: number,
  { telea, smooth }: { readonly telea: number; readonly smooth: number },
): void {
  if (pan && hole < 30) misses.push(`${name}: ${hole.toFixed(2)} dB in the hole, wanted 30`)
  if (pan && hole < telea + 8)
    misses.push(`${name}: only ${(hole - telea).toFixed(2)} dB over Telea`)
  if (hole < smooth - 0.7)
    misses.push(`${name}: ${(smooth - hole).toFixed(2)} dB below the smooth fill`)
}

/** Frames from the whole clip side by side, one row per version. */
async function writeSheet(
  { name, ...size }: QualityCase,
  versions: readonly (readonly Uint8Array[])[],
): Promise<void> {
  const times = [0, 0.25, 0.5, 0.75, 1].map((share) =>
    Math.round(share * (versions[0]!.length - 1)),
  )
  const width = size.width * times.length
  const height = size.height * versions.length
  const data = new Uint8Array(width * height * 3)
  versions.forEach((frames, row) => {
    times.forEach((t, column) => {
      for (let y = 0; y < size.height; y++) {
        const from = y * size.width * 3
        const to = ((row * size.height + y) * width + column * size.width) * 3
        data.set(frames[t]!.subarray(from, from + size.width * 3), to)
      }
    })
  })
  await writeFile(join(OUT, `${name}.png`), encode({ width, height, data, channels: 3, depth: 8 }))
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length)
}
