import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { stylise } from '../../src/main/engine/tasks/stylise.js'
import { readTake } from '../../src/main/ffmpeg/frames.js'
import type { FrameSource } from '../../src/main/ffmpeg/frames.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { listParts } from '../../src/main/ffmpeg/takeParts.js'
import { PACK_FILE, styleManifestSchema } from '../../src/shared/contract/pack.js'
import { DEFAULT_STYLISE } from '../../src/shared/style.js'
import { renderClip, tools } from './mediaClips.js'

const SIZE = { width: 96, height: 64 }
/** With a key on every second one, more than hold on to each other before one is painted afresh. */
const FRAMES = 20

let folder = ''
let source: FrameSource
let reference: FrameSource

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiere key chain '))
  const path = join(folder, 'clip.mkv')
  const graph = `testsrc2=s=${SIZE.width}x${SIZE.height}:r=24,format=gbrp`
  await renderClip(path, graph, ['-frames:v', String(FRAMES), '-c:v', 'ffv1', '-pix_fmt', 'bgr0'])
  const style = resolve('resources/styles/oil.webp')
  source = { path, info: await probe(tools, path) }
  reference = { path: style, info: await probe(tools, style) }
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Paints into a folder, from where it stopped; until so many frames are done. */
async function paint(outputFolder: string, until = Infinity): Promise<Uint8Array[]> {
  const packFolder = resolve('tests/fixtures/packs/tiny-style')
  const text = await readFile(join(packFolder, PACK_FILE), 'utf8')
  const pack = {
    folder: packFolder,
    manifest: styleManifestSchema.parse(JSON.parse(text)),
    slow: [],
  }
  const stop = new AbortController()
  const style = { name: 'oil', path: 'styles/lumiere-oil.png' }
  const job = stylise(
    {
      ...{ source, reference, pack, range: { from: 0, to: FRAMES }, mask: null, under: [] },
      params: { ...DEFAULT_STYLISE, mode: 'keyframe', keyBy: 'network', keyEvery: 2, style },
      ...{ painted: [], outputFolder, ffmpegPath: tools.ffmpeg },
    },
    {
      ...{ signal: stop.signal, finish: new AbortController().signal },
      report({ phase, done }) {
        if (phase === 'painting' && done >= until) stop.abort()
      },
    },
  )
  if (until === Infinity) await job
  else await expect(job).rejects.toThrow()
  const frames: Uint8Array[] = []
  for (const part of await listParts(outputFolder)) {
    const options = { from: 0, to: part.notes.length, layout: 'rgba', ...SIZE } as const
    for await (const one of readTake(tools.ffmpeg, part.path, options)) frames.push(one)
  }
  return frames
}

describe('key frames of the network, each holding on to the one before', () => {
  it('go on after a stop with the same bits', async () => {
    const whole = await paint(await mkdtemp(join(folder, 'whole-')))
    expect(whole).toHaveLength(FRAMES)
    for (const until of [7, 18]) {
      const stopped = await mkdtemp(join(folder, 'stopped-'))
      const some = await paint(stopped, until)
      expect(some.length).toBeGreaterThan(0)
      expect(some.length).toBeLessThan(FRAMES)
      const all = await paint(stopped)
      expect(all).toHaveLength(FRAMES)
      all.forEach((frame, n) => expect(frame, `frame ${n}`).toEqual(whole[n]))
    }
  })
})
