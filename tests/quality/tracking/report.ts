/**
 * `npm run quality:tracking [case ...]`: follows masks through synthetic movers with exact truth and
 * through real clips with hand-drawn masks (../shared/media; skipped where it is not there), prints
 * one table and how reliable confidence is, and writes sheets (truth above, ours below) to quality-out/.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { encode } from 'fast-png'
import type { Size } from '../../../src/main/engine/vision/image.js'
import { defaultGrowth } from '../../../src/shared/mask/growth.js'
import { MOVER_NAMES, renderMover } from './movers.js'
import { loadRealCases } from './real.js'
import { followAll, type Followed, type TrackCase } from './run.js'
import { reliability, type Judged } from './reliability.js'
import { scoreMask, type Score } from './score.js'

const SIZE = { width: 432, height: 240 }
const FRAMES = 40
const OUT = 'quality-out'
const HELD = 0.8

/** Movers by which confidence was calibrated, beside the drawn clips marked as tuned on. */
const CALIBRATED_ON: readonly string[] = ['translation', 'rotation', 'occlusion', 'similar']

const wanted = process.argv.slice(2)
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name)
const rows: Record<string, string | number>[] = []
const judged: Judged[] = []
await mkdir(OUT, { recursive: true })
for (const name of MOVER_NAMES.filter(isWanted)) {
  const clip = renderMover(name, SIZE, FRAMES)
  const kind = CALIBRATED_ON.includes(name) ? 'exact, tuned on' : 'exact'
  await measure(name, kind, { ...clip, truth: new Map(clip.masks.entries()) })
}
const real = await loadRealCases()
if (real === null) console.log('Real clips skipped: ../shared/media is not there.')
for (const { name, tuned, drawn, ...clip } of (real ?? []).filter((one) => isWanted(one.name))) {
  await measure(name, tuned ? 'drawn, tuned on' : 'drawn', { ...clip, truth: drawn })
}
console.table(rows)
console.table(reliability(judged))
console.log(
  `${availableParallelism()} cores; corrections: how often truth had to be painted again to hold an IoU of ${HELD}. Sheets: ${OUT}/`,
)
await writeFile(join(OUT, 'tracking.json'), `${JSON.stringify(rows, null, 2)}\n`)

async function measure(name: string, truth: string, clip: TrackCase): Promise<void> {
  const growth = defaultGrowth(clip)
  const score = (mask: Uint8Array, at: number): Score =>
    scoreMask(mask, clip.truth.get(at)!, clip, growth)
  const once = await followAll(clip, () => false)
  const scores = [...clip.truth.keys()]
    .filter((at) => at > 0)
    .map((at) => score(once.masks[at]!, at))
  const helped = await followAll(
    clip,
    (mask, at) => clip.truth.has(at) && score(mask, at).iou < HELD,
  )
  for (const at of [...clip.truth.keys()].filter((one) => one > 0)) {
    const { iou } = score(once.masks[at]!, at)
    judged.push({ iou, confidence: once.confidence[at]!, tuned: truth.includes('tuned') })
  }
  rows.push({
    case: name,
    truth,
    frames: clip.frames.length,
    IoU: mean(scores.map(({ iou }) => iou)),
    least: Math.min(...scores.map(({ iou }) => iou)).toFixed(3),
    F: mean(scores.map(({ boundary }) => boundary)),
    recall: mean(scores.map(({ recall }) => recall)),
    confidence: mean(once.confidence),
    corrections: helped.corrections,
    's/frame (CPU)': once.secondsPerFrame.toFixed(3),
  })
  await writeSheet(name, clip, once)
}

function mean(values: readonly number[]): string {
  return (values.reduce((sum, one) => sum + one, 0) / Math.max(1, values.length)).toFixed(3)
}

async function writeSheet(name: string, clip: TrackCase, { masks }: Followed): Promise<void> {
  const known = [...clip.truth.keys()]
  const times = [1, 2, 3, 4].map((part) => known[Math.floor(((known.length - 1) * part) / 4)]!)
  const width = clip.width * times.length
  const data = new Uint8Array(width * clip.height * 2 * 3)
  times.forEach((t, column) => {
    ;[clip.truth.get(t)!, masks[t]!].forEach((mask, row) => {
      for (let at = 0; at < mask.length; at++) {
        const x = column * clip.width + (at % clip.width)
        const y = row * clip.height + Math.floor(at / clip.width)
        const tint = isEdge(mask, at, clip) ? 255 : mask[at]! >= 128 ? 40 : 0
        for (let c = 0; c < 3; c++) {
          const value = clip.frames[t]![at * 3 + c]! + (c === 2 ? -tint : tint)
          data[(y * width + x) * 3 + c] = Math.min(255, Math.max(0, value))
        }
      }
    })
  })
  const png = encode({ width, height: clip.height * 2, data, channels: 3, depth: 8 })
  await writeFile(join(OUT, `tracking-${name}.png`), png)
}

function isEdge(mask: Uint8Array, at: number, { width }: Size): boolean {
  const outside = (i: number): boolean => (mask[i] ?? 0) < 128
  return (
    !outside(at) &&
    (outside(at - 1) || outside(at + 1) || outside(at - width) || outside(at + width))
  )
}
