/**
 * `npm run quality:completion [tuning | held-out | wide]`: fills holes in photographs, where nothing shows
 * what is behind, beside simpler methods; prints one table and writes contact sheets (hole, smooth
 * fill, Telea, Navier-Stokes, ours, truth) to quality-out/completion/. Needs ../shared/media.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { completeRegion } from '../../src/main/engine/vision/completion/completeRegion.js'
import { createRandom } from '../../src/main/engine/vision/random.js'
import { navierStokes, smoothFill, telea } from './baselines.js'
import { crispness, unlikeness } from './likeness.js'
import { psnr } from './metrics.js'
import { hasPhotos, PHOTO, photoHole, PHOTOS, readPhoto } from './photos.js'

const OUT = 'quality-out/completion'
const METHODS = ['smooth fill', 'Telea', 'Navier-Stokes', 'ours'] as const

if (hasPhotos()) await report()
else console.log('There are no photographs: ../shared/media is not there.')

async function report(): Promise<void> {
  await mkdir(OUT, { recursive: true })
  const rows: Record<string, string>[] = []
  for (const set of ['tuning', 'heldOut', 'wide'] as const) {
    const asked = process.argv.slice(2)
    if (asked.length > 0 && !asked.includes(set === 'heldOut' ? 'held-out' : set)) continue
    const sums = METHODS.map(() => ({ psnr: 0, unlike: 0, crisp: 0, seconds: 0, best: 0 }))
    for (const [index, name] of PHOTOS[set].entries()) {
      const wide = set === 'wide'
      const truth = await readPhoto(name, wide)
      const hole = photoHole(index, wide)
      const results = await fillAll(truth, hole)
      const unlike = results.map(({ picture }) => unlikeness(picture, truth, hole, PHOTO))
      results.forEach(({ picture, seconds }, k) => {
        const sum = sums[k]!
        sum.psnr += psnr([picture], [truth], [hole])
        sum.unlike += unlike[k]!
        sum.crisp += crispness(picture, truth, hole, PHOTO)
        sum.seconds += seconds
        if (unlike[k] === Math.min(...unlike)) sum.best++
      })
      const shown = [blanked(truth, hole), ...results.map(({ picture }) => picture), truth]
      await writeSheet(join(OUT, `${set}-${name.replace('/', '-')}.png`), shown)
    }
    const count = PHOTOS[set].length
    sums.forEach((sum, k) => {
      rows.push({
        set,
        method: METHODS[k]!,
        'hole dB': (sum.psnr / count).toFixed(2),
        unlikeness: (sum.unlike / count).toFixed(3),
        'most alike on': `${sum.best} of ${count}`,
        crispness: (sum.crisp / count).toFixed(2),
        seconds: (sum.seconds / count).toFixed(2),
      })
    })
  }
  console.table(rows)
  console.log(`${PHOTO.width} x ${PHOTO.height}; sheets: ${OUT}/`)
}

async function fillAll(
  truth: Uint8Array,
  hole: Uint8Array,
): Promise<{ picture: Uint8Array; seconds: number }[]> {
  const input = blanked(truth, hole)
  const results: { picture: Uint8Array; seconds: number }[] = []
  for (const method of [smoothFill, telea, navierStokes]) {
    const started = performance.now()
    const [picture] = await method([input], [hole], PHOTO)
    results.push({ picture: picture!, seconds: (performance.now() - started) / 1000 })
  }
  const started = performance.now()
  const data = Float32Array.from(input)
  const nothing = new Uint8Array(hole.length)
  const signal = new AbortController().signal
  await completeRegion(data, hole, nothing, PHOTO, createRandom(1), signal)
  const picture = Uint8Array.from(data, (value) => Math.min(255, Math.max(0, Math.round(value))))
  return [...results, { picture, seconds: (performance.now() - started) / 1000 }]
}

/** The photograph with its hole grey: nothing of the truth is given away. */
function blanked(truth: Uint8Array, hole: Uint8Array): Uint8Array {
  const out = truth.slice()
  hole.forEach((inside, i) => {
    if (inside === 1) out.fill(128, i * 3, i * 3 + 3)
  })
  return out
}

async function writeSheet(path: string, pictures: readonly Uint8Array[]): Promise<void> {
  const width = PHOTO.width * pictures.length
  const data = new Uint8Array(width * PHOTO.height * 3)
  pictures.forEach((picture, column) => {
    for (let y = 0; y < PHOTO.height; y++) {
      const from = y * PHOTO.width * 3
      data.set(
        picture.subarray(from, from + PHOTO.width * 3),
        (y * width + column * PHOTO.width) * 3,
      )
    }
  })
  await writeFile(path, encode({ width, height: PHOTO.height, data, channels: 3, depth: 8 }))
}
