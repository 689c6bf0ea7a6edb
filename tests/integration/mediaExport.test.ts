import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { compositeTake, exportTimeline } from '../../src/main/core/media/exportTimeline.js'
import { importMedia } from '../../src/main/core/media/importMedia.js'
import { prepareStack } from '../../src/main/core/media/prepare.js'
import { runningChildren } from '../../src/main/ffmpeg/children.js'
import { nativeLayout } from '../../src/main/ffmpeg/layout.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import type { ExportPreset } from '../../src/shared/contract/job.js'
import { stacksOf } from '../../src/shared/document/layers.js'
import type { AssetRec, ProjectDoc, TakeRec } from '../../src/shared/document/model.js'
import { takePreview } from '../../src/shared/projectPaths.js'
import {
  digest,
  ffmpeg,
  LOSSLESS,
  readAll,
  renderClip,
  temporaryFolder,
  tools,
} from './mediaClips.js'
import { timeline, writeTake } from './mediaProject.js'

let folder = ''
let project = ''
const at = (name: string): string => join(folder, name)

beforeAll(async () => {
  folder = await temporaryFolder()
  project = at('My Edit 100% 映画')
  await mkdir(project)
})

async function imported(
  name: string,
  graph: string,
  output: readonly string[],
  sound?: string,
): Promise<AssetRec> {
  const path = await renderClip(at(name), graph, output, sound)
  return importMedia({ tools, projectFolder: project, path })
}

function exported(
  doc: ProjectDoc,
  preset: ExportPreset,
  name: string,
  more: { range?: { from: number; to: number }; overwrite?: boolean; signal?: AbortSignal } = {},
): ReturnType<typeof exportTimeline> {
  const { range, overwrite = false, signal } = more
  const input = { preset, path: name, overwrite, ...(range === undefined ? {} : { range }) }
  return exportTimeline({
    tools,
    projectFolder: project,
    doc,
    input,
    resolvedPath: at(name),
    signal,
  })
}

/** Samples per channel that a plain decode of the file gives, and the exact samples of channel 1. */
async function decodedSound(path: string): Promise<Int16Array> {
  await ffmpeg([
    '-v',
    'error',
    '-i',
    path,
    '-map',
    '0:a:0',
    '-ac',
    '1',
    '-f',
    's16le',
    '-y',
    at('sound.raw'),
  ])
  const bytes = await readFile(at('sound.raw'))
  return new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2)
}

/** Length of the audio stream as the container states it, in samples. */
async function statedSamples(path: string): Promise<number> {
  const { stdout } = await promisify(execFile)(tools.ffprobe, [
    ...[
      '-v',
      'error',
      '-select_streams',
      'a:0',
      '-show_entries',
      'stream=duration_ts,sample_rate,time_base',
    ],
    ...['-of', 'json', path],
  ])
  const [stream] = (
    JSON.parse(stdout) as {
      streams: { duration_ts?: number; sample_rate: string; time_base: string }[]
    }
  ).streams
  const [num = 0, den = 1] = (stream?.time_base ?? '').split('/').map(Number)
  return Math.round(((stream?.duration_ts ?? 0) * num * Number(stream?.sample_rate)) / den)
}

function largestDifference(a: Uint8Array, b: Uint8Array, where: (at: number) => boolean): number {
  let largest = 0
  for (let n = 0; n < a.length; n++) {
    if (where(n)) largest = Math.max(largest, Math.abs((a[n] ?? 0) - (b[n] ?? 0)))
  }
  return largest
}

const NOISE = 'noise=alls=40:allf=t'

describe('an accepted take in a lossless export', () => {
  const WIDTH = 161
  const HEIGHT = 119
  const centre = (n: number): { x: number; y: number } => ({ x: 60 + 3 * n, y: 40 + 2 * n })
  /** A soft disc that moves, reaches past the right and lower edges, and is soft at its rim. */
  const alphaAt = (x: number, y: number, n: number): number => {
    const far = Math.hypot(x - centre(n).x, y - centre(n).y)
    return Math.round(255 * Math.min(1, Math.max(0, (36 - far) / 4)))
  }

  it.each([
    ['yuv420p', 'tv'],
    ['yuvj420p', 'pc'],
    ['yuv422p', 'tv'],
    ['yuv444p', 'tv'],
    ['bgr0', 'tv'],
  ])('%s: nothing outside its alpha differs, as YUV and as RGB', async (format) => {
    const asset = await imported(
      `noise ${format}.mkv`,
      `testsrc2=s=160x120:r=25:d=1,scale=161:119,setsar=1,${NOISE}`,
      [
        ...['-c:v', 'ffv1', '-pix_fmt', format.replace('yuvj', 'yuv')],
        ...(format.startsWith('yuvj') ? ['-color_range', 'pc'] : []),
      ],
    )
    expect(asset.info.width).toBe(WIDTH)
    const range = { from: 5, to: 20 }
    const take = await writeTake(project, asset, range, (x, y, n) => {
      const alpha = alphaAt(x, y, n)
      return alpha === 0 ? [0, 0, 0, 0] : [250, 10 * n, 30, alpha]
    })
    const doc = timeline(asset.info, [{ asset, start: 0, length: 25, take }])
    const result = await exported(doc, 'ffv1', `out ${format}.mkv`)
    expect(result).toMatchObject({ frames: 25, path: at(`out ${format}.mkv`) })

    const out = await probe(tools, result.path)
    expect(out).toMatchObject({ frames: 25, fps: asset.info.fps, width: WIDTH, height: HEIGHT })
    const layout = nativeLayout(asset.info)
    expect(nativeLayout(out)).toBe(layout)
    expect(out.colour).toEqual(asset.info.colour)
    const source = join(project, asset.path)
    const planes = [
      await readAll(source, asset.info, layout),
      await readAll(result.path, out, layout),
    ] as const
    const rgb = [
      await readAll(source, asset.info, 'rgb24'),
      await readAll(result.path, out, 'rgb24'),
    ] as const
    let inside = 0
    for (let n = 0; n < 25; n++) {
      const [before, after] = [rgb[0][n] ?? new Uint8Array(), rgb[1][n] ?? new Uint8Array()]
      const shown = n >= range.from && n < range.to
      const outside = (byte: number): boolean => {
        const pixel = Math.floor(byte / 3)
        return !shown || alphaAt(pixel % WIDTH, Math.floor(pixel / WIDTH), n - range.from) === 0
      }
      expect([n, largestDifference(before, after, outside)]).toEqual([n, 0])
      inside = Math.max(
        inside,
        largestDifference(before, after, (byte) => !outside(byte)),
      )
      if (!shown) expect(digest(planes[1][n] ?? after)).toBe(digest(planes[0][n] ?? before))
      const luma = (byte: number): boolean =>
        byte < WIDTH * HEIGHT && outside((byte % (WIDTH * HEIGHT)) * 3)
      if (layout !== 'rgb24') {
        const [was, is] = [planes[0][n] ?? before, planes[1][n] ?? after]
        expect([n, largestDifference(was, is, luma)]).toEqual([n, 0])
      }
    }
    expect(inside).toBeGreaterThan(100)
    // In the middle the take's own colour shows.
    const { x, y } = centre(5)
    const pixel = (y * WIDTH + x) * 3
    const [red = 0, green = 0, blue = 0] = rgb[1][10]?.subarray(pixel, pixel + 3) ?? []
    expect(
      Math.max(Math.abs(red - 250), Math.abs(green - 50), Math.abs(blue - 30)),
    ).toBeLessThanOrEqual(3)
  })

  it('lies over an earlier one in the export and in the preview alike', async () => {
    const asset = await imported('grey.mkv', 'color=gray:s=160x96:r=25:d=1', LOSSLESS)
    const band = (left: number, right: number, colour: readonly [number, number, number]) =>
      ((x) => [...colour, x >= left && x < right ? 255 : 0]) as Parameters<typeof writeTake>[3]
    const lower = await writeTake(project, asset, { from: 2, to: 20 }, band(0, 96, [200, 0, 0]), 1)
    const upper = await writeTake(
      project,
      asset,
      { from: 8, to: 25 },
      band(48, 160, [0, 0, 200]),
      2,
    )
    const format = { fps: asset.info.fps, width: 160, height: 96 }
    // Whichever record comes first.
    const placed = { asset, start: 0, length: 25, take: upper, above: [lower] }
    const doc = timeline(format, [placed])
    const [stack] = stacksOf(doc, 'clip_v0')
    expect(stack).toMatchObject({ from: 8, to: 20 })
    if (stack === undefined) return
    await prepareStack({ tools, projectFolder: project, asset, stack })
    const { path } = await exported(doc, 'ffv1', 'stacked.mkv')

    const previewPath = join(project, takePreview(stack.id))
    const [preview] = await readAll(previewPath, await probe(tools, previewPath), 'rgb24')
    const frame = (await readAll(path, await probe(tools, path), 'rgb24'))[stack.from]
    const colours = (picture: Uint8Array | undefined): string[] =>
      [20, 72, 120].map((x) => {
        const [red = 0, green = 0, blue = 0] = picture?.subarray((48 * 160 + x) * 3) ?? []
        return red > green + 60 ? 'red' : blue > green + 60 ? 'blue' : 'grey'
      })
    expect(colours(frame)).toEqual(['red', 'blue', 'blue'])
    expect(colours(preview)).toEqual(colours(frame))
  })

  it('is the same from the command line without a project', async () => {
    const asset = await imported('cli.mp4', `testsrc2=s=96x64:r=25:d=1,${NOISE}`, LOSSLESS)
    const take: TakeRec = await writeTake(project, asset, { from: 3, to: 9 }, (x) =>
      x > 30 && x < 70 ? [9, 200, 9, 255] : [0, 0, 0, 0],
    )
    const doc = timeline(asset.info, [{ asset, start: 0, length: 25, take }])
    const first = await exported(doc, 'ffv1', 'cli a.mkv')
    const second = await compositeTake({
      ...{ tools, source: { path: join(project, asset.path), info: asset.info } },
      take: { path: join(project, take.path, 'take.mkv'), from: 3, to: 9 },
      ...{ out: at('cli b.mkv'), preset: 'ffv1', overwrite: false },
    })
    const info = await probe(tools, first.path)
    const frames = (await readAll(first.path, info)).map(digest)
    expect((await readAll(second.path, await probe(tools, second.path))).map(digest)).toEqual(
      frames,
    )
  })
})

describe('frames, sound and format of each preset', () => {
  it.each([
    ['mp4', 'out.mp4', 30000, 1001, 44_100],
    ['prores', 'out.mov', 25, 1, 48_000],
    ['ffv1', 'out.mkv', 24000, 1001, 44_100],
    ['mp4', 'out 16.mp4', 16, 1, 48_000],
  ] as const)('%s %s at %i/%i with %i Hz', async (preset, name, num, den, rate) => {
    // A tone of one known phase: sample n is round(8000 sin(n/20)), which names every sample.
    const tone = `aevalsrc='8000/32768*sin(n/20)|8000/32768*sin(n/20)':s=${rate}:d=4`
    const asset = await imported(
      `tone ${name}.mkv`,
      `testsrc2=s=161x91:r=${num}/${den}:d=4`,
      [
        ...[
          '-c:v',
          'ffv1',
          '-c:a',
          'pcm_s16le',
          '-color_primaries',
          'bt709',
          '-color_trc',
          'bt709',
          '-colorspace',
          'bt709',
        ],
      ],
      tone,
    )
    const doc = timeline(asset.info, [{ asset, start: 0, length: asset.info.frames }])
    const range = { from: 17, to: 50 }
    const result = await exported(doc, preset, name, { range })
    const samples = Math.round((33 * den * rate) / num)
    const info = await probe(tools, result.path)
    expect(info).toMatchObject({ frames: 33, fps: { num, den } })
    expect(await readAll(result.path, info)).toHaveLength(33)
    const sound = await decodedSound(result.path)
    if (preset === 'mp4') {
      expect(await statedSamples(result.path)).toBe(samples)
      // A decoder that ignores the stated length gives whole AAC frames.
      expect(sound.length - samples).toBeGreaterThanOrEqual(0)
      expect(sound.length - samples).toBeLessThan(1024)
    } else {
      expect(sound).toHaveLength(samples)
    }
    const first = Math.round((17 * den * rate) / num)
    const tolerance = preset === 'mp4' ? 500 : 1
    let worst = 0
    for (let n = 100; n < samples - 100; n++) {
      worst = Math.max(worst, Math.abs((sound[n] ?? 0) - 8000 * Math.sin((first + n) / 20)))
    }
    expect(worst).toBeLessThanOrEqual(tolerance)
    const { stdout } = await promisify(execFile)(tools.ffprobe, [
      '-v',
      'error',
      '-select_streams',
      'v:0',
      '-show_streams',
      result.path,
    ])
    for (const tag of [
      'color_space=bt709',
      'color_transfer=bt709',
      'color_primaries=bt709',
      // QuickTime has no place for it: ProRes is always of the small range.
      ...(preset === 'prores' ? [] : ['color_range=tv']),
    ]) {
      expect(stdout).toContain(tag)
    }
    if (preset === 'mp4')
      expect([info.width, info.height, info.pixelFormat]).toEqual([160, 90, 'yuv420p'])
    if (preset === 'prores')
      expect([info.videoCodec, info.pixelFormat]).toEqual(['prores', 'yuv422p10le'])
  })

  it('starts picture and sound of a file together that begins anywhere', async () => {
    // White picture and beep from second 1 to second 1.2, by the picture's own clock.
    const flash = `color=s=64x64:r=25:d=3,format=gray,geq=lum='if(between(N,25,29),235,16)'`
    const beep = `aevalsrc='if(between(t,1,1.2),0.5*sin(2*PI*1000*t),0)':s=48000:d=3`
    for (const [name, offset, codec] of [
      ['late.mkv', ['-output_ts_offset', '4.2'], 'pcm_s16le'],
      ['late.ts', [], 'aac'],
      ['plain.mp4', [], 'aac'],
    ] as const) {
      const video = name.endsWith('.mkv') ? ['-c:v', 'ffv1'] : ['-c:v', 'libx264', '-bf', '2']
      const asset = await imported(
        name,
        flash,
        [...video, '-pix_fmt', 'yuv420p', '-c:a', codec, ...offset],
        beep,
      )
      const doc = timeline(asset.info, [{ asset, start: 0, length: 75 }])
      const result = await exported(doc, 'ffv1', `sync ${name}.mkv`, {
        range: { from: 10, to: 60 },
      })
      const info = await probe(tools, result.path)
      const bright = (await readAll(result.path, info, 'gray')).map(
        (frame) => (frame[0] ?? 0) > 128,
      )
      expect([name, bright.indexOf(true), bright.lastIndexOf(true)]).toEqual([name, 15, 19])
      const sound = await decodedSound(result.path)
      const loud = sound.findIndex((value) => Math.abs(value) > 2000)
      expect([name, Math.abs(loud - 15 * 1920) < 60]).toEqual([name, true])
    }
  })

  it('writes a folder of numbered PNGs', async () => {
    const asset = await imported('png.mp4', 'testsrc2=s=64x48:r=25:d=1', LOSSLESS)
    const doc = timeline(asset.info, [{ asset, start: 0, length: 25 }])
    const result = await exported(doc, 'png', 'frames 50%d', { range: { from: 5, to: 12 } })
    const names = await readdir(result.path)
    expect(names).toEqual(Array.from({ length: 7 }, (_, n) => `frame_00000${n + 1}.png`))
    const picture = join(result.path, 'frame_000003.png')
    const info = await probe(tools, picture)
    const [frame] = await readAll(picture, info, 'rgb24')
    const [source] = await readAll(join(project, asset.path), asset.info, 'rgb24', {
      from: 7,
      to: 8,
    })
    expect(digest(frame ?? new Uint8Array())).toBe(digest(source ?? new Uint8Array()))
    // Again and shorter: old frames of it go, what else is there stays.
    await writeFile(join(result.path, 'notes.txt'), 'mine')
    await expect(exported(doc, 'png', 'frames 50%d')).rejects.toMatchObject({ code: 'file-exists' })
    await exported(doc, 'png', 'frames 50%d', { range: { from: 0, to: 2 }, overwrite: true })
    expect(await readdir(result.path)).toEqual([
      'frame_000001.png',
      'frame_000002.png',
      'notes.txt',
    ])
  })
})

describe('the timeline', () => {
  it('shows clips in order, black and silence in gaps, other rates by the nearest earlier frame', async () => {
    const numbered = (rate: number): string =>
      `color=s=64x48:r=${rate}:d=2,format=yuv420p,geq=lum='40+N':cb=128:cr=128`
    const a = await imported(
      'a.mp4',
      numbered(30),
      [...LOSSLESS, '-c:a', 'pcm_s16le', '-f', 'mov'],
      'sine=f=500:r=48000:d=2',
    )
    const b = await imported('b.mp4', numbered(12), LOSSLESS)
    const fps = { num: 24, den: 1 }
    const doc = timeline({ fps, width: 64, height: 48 }, [
      { asset: a, start: 4, length: 16, in: 6 },
      { asset: b, start: 26, length: 10, in: 3 },
    ])
    const result = await exported(doc, 'ffv1', 'timeline.mkv')
    const info = await probe(tools, result.path)
    expect(info.frames).toBe(36)
    const seen = (await readAll(result.path, info, 'gray')).map((frame) => frame[64 * 20 + 20] ?? 0)
    const expected = Array.from({ length: 36 }, (_, n) =>
      n >= 4 && n < 20
        ? 40 + 6 + Math.floor(((n - 4) * 30) / 24)
        : n >= 26
          ? 40 + 3 + Math.floor(((n - 26) * 12) / 24)
          : 16,
    )
    expect(seen).toEqual(expected)
    const sound = await decodedSound(result.path)
    expect(sound).toHaveLength(72_000)
    const loud = (from: number, to: number): number =>
      Math.max(...sound.subarray(from, to).map(Math.abs))
    expect([loud(0, 7990), loud(40_010, 72_000)]).toEqual([0, 0])
    expect(loud(8010, 39_990)).toBeGreaterThan(2000)
  })

  it('fits a clip of another shape into the frame with black bars', async () => {
    const wide = await imported('wide.mp4', 'color=c=white:s=128x64:r=25:d=1', LOSSLESS)
    const main = await imported('main.mp4', 'color=c=gray:s=96x96:r=25:d=1', LOSSLESS)
    const doc = timeline({ fps: { num: 25, den: 1 }, width: 96, height: 96 }, [
      { asset: main, start: 0, length: 5 },
      { asset: wide, start: 5, length: 5 },
    ])
    const result = await exported(doc, 'ffv1', 'bars.mkv')
    const info = await probe(tools, result.path)
    const frame = (await readAll(result.path, info, 'rgb24'))[7] ?? new Uint8Array()
    const row = (y: number): number => frame[(y * 96 + 48) * 3] ?? -1
    expect([row(0), row(22), row(25), row(70), row(73), row(95)]).toEqual([0, 0, 255, 255, 0, 0])
  })

  it('holds a still for its length', async () => {
    const still = await imported('still.png', 'testsrc2=s=80x60:r=1:d=1', ['-frames:v', '1'])
    const doc = timeline({ fps: { num: 10, den: 1 }, width: 80, height: 60 }, [
      { asset: still, start: 0, length: 20 },
    ])
    const result = await exported(doc, 'mp4', 'still.mp4')
    expect(await probe(tools, result.path)).toMatchObject({ frames: 20, audio: null })
  })
})

describe('the target', () => {
  it('is never replaced without asking, and nothing partial is left', async () => {
    const asset = await imported('target.mp4', 'testsrc2=s=320x180:r=25:d=4', LOSSLESS, undefined)
    const doc = timeline(asset.info, [{ asset, start: 0, length: 100 }])
    const targets = at('exports')
    await mkdir(targets)
    await writeFile(at('exports/kept.mp4'), 'precious')
    await expect(exported(doc, 'mp4', 'exports/kept.mp4')).rejects.toMatchObject({
      code: 'file-exists',
    })
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 150)
    const cancelled = exported(doc, 'mp4', 'exports/kept.mp4', {
      overwrite: true,
      signal: controller.signal,
    })
    await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' })
    expect(await readdir(targets)).toEqual(['kept.mp4'])
    expect(await readFile(at('exports/kept.mp4'), 'utf8')).toBe('precious')
    await expect.poll(() => runningChildren()).toEqual([])
    await exported(doc, 'mp4', 'exports/kept.mp4', { overwrite: true })
    expect((await stat(at('exports/kept.mp4'))).size).toBeGreaterThan(10_000)
    expect(await readdir(targets)).toEqual(['kept.mp4'])
  })

  it('says which file of the project is missing', async () => {
    const asset = await imported('there.mp4', 'testsrc2=s=64x64:r=25:d=1', LOSSLESS)
    const gone = { ...asset, path: 'media/gone.mp4' }
    const doc = timeline(asset.info, [{ asset: gone, start: 0, length: 20 }])
    await expect(exported(doc, 'mp4', 'never.mp4')).rejects.toMatchObject({ code: 'file-missing' })
    expect(await readdir(folder)).not.toContain('never.mp4')
  })
})
