import { mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { importMedia } from '../../src/main/core/media/importMedia.js'
import {
  isPrepared,
  isPreviewPrepared,
  prepareAsset,
  preparePreview,
  writeTakeThumb,
} from '../../src/main/core/media/prepare.js'
import type { MediaProgress } from '../../src/main/core/media/progress.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { assetCache, takePreview } from '../../src/shared/projectPaths.js'
import type { FilmstripIndex } from '../../src/shared/projectPaths.js'
import { ffmpeg, LOSSLESS, readAll, renderClip, temporaryFolder, tools } from './mediaClips.js'
import { writeTake } from './mediaProject.js'

let folder = ''
let project = ''
const at = (name: string): string => join(folder, name)

beforeAll(async () => {
  folder = await temporaryFolder()
  project = at('My Edit 100% 映画')
  await mkdir(project)
})

/** Brightness grows by 2 a frame, so that a frame names itself even after lossy coding. */
const counting = (size: string, rate: string, seconds: number): string =>
  `color=s=${size}:r=${rate}:d=${seconds},format=yuv420p,geq=lum='20+2*N':cb=128:cr=128`

describe('import', () => {
  it('copies under the original name, made safe and unique', async () => {
    const source = await renderClip(at('clip.mp4'), 'testsrc2=s=96x64:r=25:d=1', LOSSLESS)
    const name = 'Fête: "été" 100% 東京 🎬.mp4'
    const first = await importMedia({ tools, projectFolder: project, path: source, name })
    const second = await importMedia({ tools, projectFolder: project, path: source, name })
    expect(first.path).toBe('media/Fête_ _été_ 100_ 東京 🎬.mp4')
    expect(second.path).toBe('media/Fête_ _été_ 100_ 東京 🎬 (2).mp4')
    expect(first.name).toBe(name)
    expect(first.bytes).toBe((await stat(source)).size)
    expect(await readFile(join(project, first.path))).toEqual(await readFile(source))
    expect(await readAll(join(project, second.path), second.info)).toHaveLength(25)
  })

  it('leaves nothing behind when the file is cut off, whatever the index says', async () => {
    const target = at('empty project')
    await mkdir(target)
    const path = await renderClip(at('cut.mp4'), 'testsrc2=s=96x64:r=25:d=4', [
      ...LOSSLESS,
      ...['-movflags', '+faststart'],
    ])
    await truncate(path, Math.floor((await stat(path)).size * 0.6))
    const error: unknown = await importMedia({ tools, projectFolder: target, path }).catch(
      (e: unknown) => e,
    )
    expect(error).toMatchObject({
      code: 'media-damaged',
      hint: expect.stringContaining('again') as unknown,
    })
    const filled = await renderClip(at('zeros.mp4'), 'testsrc2=s=96x64:r=25:d=4', [
      ...['-c:v', 'mpeg4', '-movflags', '+faststart'],
    ])
    const bytes = await readFile(filled)
    await writeFile(filled, bytes.fill(0, Math.floor(bytes.length * 0.4)))
    await expect(importMedia({ tools, projectFolder: target, path: filled })).rejects.toMatchObject(
      {
        code: 'media-damaged',
      },
    )
    expect(await readdir(target)).toEqual([])
  })

  it('leaves nothing behind when it is cancelled while copying', async () => {
    const target = at('cancelled project')
    await mkdir(target)
    const path = await renderClip(
      at('big.mkv'),
      'testsrc2=s=640x360:r=25:d=4,noise=alls=60:allf=t',
      [...['-c:v', 'ffv1', '-g', '1']],
    )
    const controller = new AbortController()
    const onProgress = ({ phase, done }: MediaProgress): void => {
      if (phase === 'copying' && done > 0) controller.abort()
    }
    const importing = importMedia({
      ...{ tools, projectFolder: target, path, onProgress, signal: controller.signal },
    })
    await expect(importing).rejects.toMatchObject({ code: 'cancelled' })
    expect(await readdir(join(target, 'media'))).toEqual([])
  })

  it('removes what a killed process had left', async () => {
    const media = join(project, 'media')
    await mkdir(media, { recursive: true })
    await writeFile(join(media, '.lumiere-999999999-0123abcd.part.mp4'), 'half')
    await writeFile(join(media, `.lumiere-${process.ppid}-0123abcd.part.mp4`), 'running')
    const path = await renderClip(at('small.mp4'), 'testsrc2=s=64x64:r=25:d=1', LOSSLESS)
    await importMedia({ tools, projectFolder: project, path })
    const left = (await readdir(media)).filter((name) => name.startsWith('.'))
    expect(left).toEqual([`.lumiere-${process.ppid}-0123abcd.part.mp4`])
  })
})

describe('prepare', () => {
  it('makes a proxy whose frame n is source frame n, in GOPs of 15 without B-frames', async () => {
    const path = await renderClip(
      at('counting.mp4'),
      counting('322x202', '30000/1001', 3),
      [...LOSSLESS, '-c:a', 'aac'],
      'sine=f=300:r=44100:d=3',
    )
    const asset = await importMedia({ tools, projectFolder: project, path })
    expect(await isPrepared(project, asset)).toBe(false)
    const seen: MediaProgress[] = []
    await prepareAsset({
      tools,
      projectFolder: project,
      asset,
      onProgress: (one) => seen.push(one),
    })
    expect(await isPrepared(project, asset)).toBe(true)
    expect([...new Set(seen.map((one) => one.phase))]).toEqual(['proxy', 'thumbnails', 'waveform'])
    expect(seen.filter((one) => one.phase === 'proxy').at(-1)).toMatchObject({
      done: 90,
      total: 90,
    })

    const proxy = join(project, assetCache(asset.id).proxy)
    const info = await probe(tools, proxy)
    expect(info).toMatchObject({
      width: 322,
      height: 202,
      frames: 90,
      fps: { num: 30000, den: 1001 },
    })
    expect(info.audio).toMatchObject({
      sampleRate: 48_000,
      samples: Math.round((90 * 1001 * 48_000) / 30000),
    })
    const brightness = (await readAll(proxy, info, 'gray')).map((frame) => frame[100] ?? 0)
    brightness.forEach((value, n) => expect(Math.abs(value - 20 - 2 * n)).toBeLessThanOrEqual(1))
    await ffmpeg([
      '-v',
      'error',
      '-skip_frame',
      'nokey',
      '-i',
      proxy,
      '-vsync',
      '0',
      '-f',
      'framecrc',
      '-y',
      at('keys'),
    ])
    const keys = (await readFile(at('keys'), 'utf8'))
      .split('\n')
      .filter((line) => line.startsWith('0,'))
    expect(keys).toHaveLength(6)
    // The index lies before the pictures.
    const bytes = (await readFile(proxy)).toString('latin1')
    expect(bytes.indexOf('moov')).toBeLessThan(bytes.indexOf('mdat'))

    const strip = JSON.parse(
      await readFile(join(project, assetCache(asset.id).filmstripIndex), 'utf8'),
    ) as FilmstripIndex
    expect(strip).toEqual({ columns: 10, count: 90, frameStep: 1, width: 108, height: 68 })
    const sheet = join(project, assetCache(asset.id).filmstrip)
    const picture = await probe(tools, sheet)
    expect(picture).toMatchObject({ width: 1080, height: 9 * 68 })
    const [pixels] = await readAll(sheet, picture, 'gray')
    const cell = (k: number): number =>
      pixels?.[(Math.floor(k / 10) * 68 + 34) * 1080 + (k % 10) * 108 + 54] ?? 0
    expect(cell(80) - cell(10)).toBeGreaterThan(120)

    const waveform = new Int8Array(await readFile(join(project, assetCache(asset.id).waveform)))
    expect(waveform).toHaveLength(2 * 301)
    expect(waveform[200]).toBeLessThan(-10)
    expect(waveform[201]).toBeGreaterThan(10)
  })

  it('holds a long clip to 120 thumbnails, taken from key frames', async () => {
    const path = await renderClip(
      at('long.mp4'),
      counting('64x36', '25', 80).replace('2*N', 'mod(N,15)+N/20'),
      LOSSLESS,
    )
    const asset = await importMedia({ tools, projectFolder: project, path })
    await prepareAsset({ tools, projectFolder: project, asset })
    const cache = assetCache(asset.id)
    const strip = JSON.parse(
      await readFile(join(project, cache.filmstripIndex), 'utf8'),
    ) as FilmstripIndex
    expect(strip).toMatchObject({ frameStep: 30, count: 67, columns: 10 })
    const sheet = join(project, cache.filmstrip)
    const picture = await probe(tools, sheet)
    const [pixels] = await readAll(sheet, picture, 'gray')
    for (const k of [0, 1, 33, 66]) {
      const x = (k % 10) * strip.width + strip.width / 2
      const value = pixels?.[(Math.floor(k / 10) * strip.height + 34) * picture.width + x] ?? 0
      // JPEG is full range: 16..235 is stretched to 0..255.
      const expected = ((20 + (k * 30) / 20 - 16) * 255) / 219
      expect(Math.abs(value - expected)).toBeLessThanOrEqual(3)
    }
  })

  it('scales to 720 lines and even sides, and takes stills and silence', async () => {
    const tall = await renderClip(at('tall.mp4'), 'testsrc2=s=810x1442:r=10:d=0.5', LOSSLESS)
    const still = await renderClip(
      at('still.png'),
      'testsrc2=s=300x200:r=1:d=1,scale=301:201,setsar=1',
      [...['-frames:v', '1']],
    )
    for (const [path, width, height, frames] of [
      [tall, 404, 720, 5],
      [still, 300, 202, 1],
    ] as const) {
      const asset = await importMedia({ tools, projectFolder: project, path })
      await prepareAsset({ tools, projectFolder: project, asset })
      expect(await isPrepared(project, asset)).toBe(true)
      const info = await probe(tools, join(project, assetCache(asset.id).proxy))
      expect([info.frames, info.height, info.audio]).toEqual([frames, height, null])
      expect(Math.abs(info.width - width)).toBeLessThanOrEqual(2)
    }
  })

  it('leaves no partial proxy when cancelled, and goes on where files are missing', async () => {
    const path = await renderClip(at('cancel.mp4'), 'testsrc2=s=640x360:r=25:d=6', LOSSLESS)
    const asset = await importMedia({ tools, projectFolder: project, path })
    const controller = new AbortController()
    const preparing = prepareAsset({
      ...{ tools, projectFolder: project, asset, signal: controller.signal },
      onProgress: ({ done }) => {
        if (done === 10) controller.abort()
      },
    })
    const started = performance.now()
    await expect(preparing).rejects.toMatchObject({ code: 'cancelled' })
    expect(performance.now() - started).toBeLessThan(5000)
    expect(await readdir(join(project, assetCache(asset.id).folder))).toEqual([])
    await prepareAsset({ tools, projectFolder: project, asset })
    const phases = new Set<string>()
    await prepareAsset({
      tools,
      projectFolder: project,
      asset,
      onProgress: ({ phase }) => phases.add(phase),
    })
    expect([...phases]).toEqual([])
  })

  it('lays a take over the source for the preview and its thumbnail', async () => {
    const path = await renderClip(at('grey.mp4'), 'color=c=gray:s=200x100:r=25:d=2', LOSSLESS)
    const asset = await importMedia({ tools, projectFolder: project, path })
    const take = await writeTake(project, asset, { from: 10, to: 30 }, (x, y) =>
      x >= 60 && x < 140 && y >= 20 && y < 80 ? [255, 0, 0, 255] : [0, 0, 0, 0],
    )
    const work = { tools, projectFolder: project, asset, take }
    await preparePreview(work)
    await writeTakeThumb(work)
    expect(await isPreviewPrepared(project, take)).toBe(true)
    for (const [file, frames] of [
      [takePreview(take.id), 20],
      [`${take.path}/thumb.jpg`, 1],
    ] as const) {
      const info = await probe(tools, join(project, file))
      expect(info).toMatchObject({ width: 200, height: 100, frames })
      const [picture = new Uint8Array()] = await readAll(join(project, file), info, 'rgb24')
      const pixel = (x: number, y: number): number[] => [
        ...picture.subarray((y * 200 + x) * 3, (y * 200 + x) * 3 + 3),
      ]
      const [red = 0, green = 0] = pixel(100, 50)
      expect(red).toBeGreaterThan(240)
      expect(green).toBeLessThan(20)
      pixel(20, 50).forEach((value) => expect(Math.abs(value - 128)).toBeLessThan(6))
    }
  })
})
