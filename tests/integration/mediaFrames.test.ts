import { execFile } from 'node:child_process'
import { copyFile, stat, truncate, writeFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'
import { openTakeWriter } from '../../src/main/ffmpeg/frameWriter.js'
import { readFrames, readTake } from '../../src/main/ffmpeg/frames.js'
import { readFramesAt } from '../../src/main/ffmpeg/framesAt.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { runningChildren } from '../../src/main/ffmpeg/children.js'
import {
  digest,
  ffmpeg,
  LOSSLESS,
  readAll,
  renderClip,
  temporaryFolder,
  tools,
} from './mediaClips.js'

const PICTURE = 'testsrc2=s=160x90:r=25:d=6'
const SINE = 'sine=f=440:r=48000:d=6'
let folder = ''

beforeAll(async () => {
  folder = await temporaryFolder()
})

const at = (name: string): string => join(folder, name)

describe('frame n is the same picture wherever reading starts', () => {
  const ntsc = 'testsrc2=s=160x90:r=30000/1001:d=6'
  const h264 = [
    '-c:v',
    'libx264',
    '-preset',
    'veryfast',
    '-g',
    '48',
    '-bf',
    '3',
    '-pix_fmt',
    'yuv420p',
  ]
  // Every third picture is dropped, then every seventh is late: no constant rate fits.
  const jumpy = `testsrc2=s=160x90:r=50:d=6,select='mod(n,3)*gt(mod(n,17),2)'`
  const cases: [name: string, graph: string, output: string[], sound?: string][] = [
    ['b-frames.mp4', PICTURE, h264],
    ['open gop.mkv', ntsc, [...h264, '-x264-params', 'open-gop=1']],
    [
      'sound first.mp4',
      `${PICTURE},setpts=PTS+0.4/TB`,
      [...h264, '-c:a', 'aac', '-vsync', '0'],
      SINE,
    ],
    ['late start.mkv', PICTURE, [...h264, '-output_ts_offset', '7.3']],
    ['stream.ts', PICTURE, [...h264, '-c:a', 'aac'], SINE],
    ['list.avi', PICTURE, ['-c:v', 'mpeg4', '-g', '60']],
    [
      'web.webm',
      ntsc,
      ['-c:v', 'libvpx-vp9', '-deadline', 'realtime', '-cpu-used', '8', '-g', '60'],
    ],
    ['jumpy.mp4', jumpy, [...h264, '-vsync', 'vfr']],
    ['jumpy.mkv', jumpy, [...h264, '-vsync', 'vfr']],
    ['fields.mp4', 'testsrc2=s=160x96:r=25:d=6', [...h264, '-flags', '+ilme+ildct', '-top', '1']],
  ]
  it.each(cases)('%s', async (name, graph, output, sound) => {
    const path = await renderClip(at(name), graph, output, sound)
    const info = await probe(tools, path)
    const all = (await readAll(path, info)).map(digest)
    expect(all).toHaveLength(info.frames)
    for (const from of [1, 24, 37, 48, 60, 99, 120, info.frames - 3]) {
      const to = Math.min(info.frames, from + 3)
      const some = await readAll(path, info, 'yuv420p', { from, to })
      expect([from, ...some.map(digest)]).toEqual([from, ...all.slice(from, to)])
    }
    // Close together they are read in one go, far apart one by one.
    for (const frames of [[3, 7, 30, 90], [info.frames - 3], [2, info.frames - 3]]) {
      const single: string[] = []
      const options = { layout: 'yuv420p' } as const
      for await (const frame of readFramesAt(tools.ffmpeg, { path, info }, frames, options)) {
        single.push(digest(frame))
      }
      expect([...frames, ...single]).toEqual([...frames, ...frames.map((frame) => all[frame])])
    }
  })

  it('agrees with a plain decode of every stored picture', async () => {
    const path = await renderClip(at('plain.mp4'), PICTURE, h264)
    const info = await probe(tools, path)
    await ffmpeg([
      '-v',
      'error',
      '-i',
      path,
      '-f',
      'framemd5',
      '-pix_fmt',
      'yuv420p',
      '-y',
      at('md5'),
    ])
    const { stdout } = await promisify(execFile)('grep', ['-vc', '^#', at('md5')])
    expect(Number(stdout)).toBe(info.frames)
    expect(info.frames).toBe(150)
  })

  it('shows a variable-rate source at the times it names', async () => {
    // Frame n of 10 a second holds the brightness 40 + n; pictures 11 to 19 are left out.
    const graph = `color=s=64x64:r=10:d=4,format=gray,geq=lum='40+N',select='lt(n,11)+gt(n,19)'`
    const path = await renderClip(at('held.mkv'), graph, ['-c:v', 'ffv1', '-vsync', 'vfr'])
    const info = await probe(tools, path)
    expect(info.notes.map((note) => note.kind)).toContain('variable-rate')
    // The rate of what is there, not the mean with the pause in it.
    expect(info).toMatchObject({ fps: { num: 10, den: 1 }, frames: 40 })
    const values = (await readAll(path, info, 'gray')).map((frame) => frame[0] ?? 0)
    values.forEach((value, n) => {
      const stored = Math.round((n * info.fps.den * 10) / info.fps.num)
      const shown = stored > 10 && stored < 20 ? 10 : stored
      expect(Math.abs(value - 40 - shown)).toBeLessThanOrEqual(1)
    })
  })
})

describe('turning', () => {
  // Four quarters of different brightness, clockwise from the top left.
  const quarters = `color=s=64x32:r=5:d=1,format=yuv420p,geq=cb=128:cr=128:lum='if(lt(Y,16),if(lt(X,32),40,90),if(lt(X,32),190,140))'`
  // What ffmpeg 4 writes for `rotate=N` turns the picture by 360 - N clockwise.
  it.each([
    [0, 64, [40, 90, 140, 190]],
    [270, 32, [190, 40, 90, 140]],
    [180, 64, [140, 190, 40, 90]],
    [90, 32, [90, 140, 190, 40]],
  ])('stored with rotate=%i', async (tag, width, expected) => {
    const stored = await renderClip(at('stored.mp4'), quarters, LOSSLESS)
    const path = at(`turn ${tag}.mp4`)
    await ffmpeg([
      '-v',
      'error',
      '-i',
      stored,
      '-c',
      'copy',
      '-metadata:s:v',
      `rotate=${tag}`,
      '-y',
      path,
    ])
    const info = await probe(tools, path)
    expect([info.width, info.height]).toEqual(width === 64 ? [64, 32] : [32, 64])
    const note = info.notes.find((each) => each.kind === 'rotated')
    expect(note?.kind === 'rotated' ? note.degrees : 0).toBe((360 - tag) % 360)
    const [frame] = await readAll(path, info, 'gray')
    const pixel = (x: number, y: number): number =>
      frame?.[Math.floor(y * info.height) * info.width + Math.floor(x * info.width)] ?? -1
    const seen = [pixel(0.2, 0.2), pixel(0.8, 0.2), pixel(0.8, 0.8), pixel(0.2, 0.8)]
    seen.forEach((value, n) => expect(Math.abs(value - (expected[n] ?? 0))).toBeLessThanOrEqual(2))
    // The same as ffmpeg's own idea of upright.
    await ffmpeg([
      '-v',
      'error',
      '-i',
      path,
      '-frames:v',
      '1',
      '-f',
      'rawvideo',
      '-pix_fmt',
      'yuv420p',
      '-y',
      at('auto'),
    ])
    const [ours] = await readAll(path, info)
    const { stdout } = await promisify(execFile)('sha1sum', [at('auto')])
    expect(stdout.slice(0, 12)).toBe(digest(ours ?? new Uint8Array()))
  })
})

describe('probe', () => {
  it('names odd sizes, missing sound, depth, fields and pixel shape', async () => {
    const odd = await renderClip(
      at('odd.mkv'),
      'testsrc2=s=160x90:r=25:d=1,scale=161:91,setsar=1',
      ['-c:v', 'ffv1', '-pix_fmt', 'yuv420p'],
    )
    const info = await probe(tools, odd)
    expect(info).toMatchObject({ width: 161, height: 91, frames: 25, audio: null })
    expect(info.notes.map((note) => note.kind)).toEqual(['odd-size', 'no-audio'])
    expect(await readAll(odd, info)).toHaveLength(25)

    const deep = await renderClip(at('deep.mp4'), PICTURE, [
      '-c:v',
      'libx264',
      '-pix_fmt',
      'yuv420p10le',
      '-t',
      '1',
      '-field_order',
      'progressive',
    ])
    expect((await probe(tools, deep)).notes).toContainEqual({ kind: 'high-bit-depth', bits: 10 })

    const clear = await renderClip(at('clear.webm'), `${PICTURE},format=yuva420p`, [
      ...['-c:v', 'libvpx-vp9', '-pix_fmt', 'yuva420p', '-auto-alt-ref', '0', '-t', '0.2'],
    ])
    expect((await probe(tools, clear)).notes).toContainEqual({ kind: 'transparent' })

    const wide = await renderClip(at('wide.mp4'), 'testsrc2=s=720x576:r=25:d=1,setsar=64/45', [
      ...LOSSLESS,
    ])
    const stretched = await probe(tools, wide)
    expect(stretched.width).toBe(1024)
    expect(stretched.notes).toContainEqual({ kind: 'anamorphic', width: 720, height: 576 })
    expect((await readAll(wide, stretched))[0]).toHaveLength((1024 * 576 * 3) / 2)
  })

  it('maps HDR to a picture that is not washed out', async () => {
    const path = await renderClip(at('hdr.mp4'), 'color=c=white:s=64x64:r=5:d=1', [
      ...[
        '-c:v',
        'libx265',
        '-pix_fmt',
        'yuv420p10le',
        '-x265-params',
        'log-level=error:colorprim=bt2020:transfer=smpte2084:colormatrix=bt2020nc',
      ],
    ])
    const info = await probe(tools, path)
    expect(info.notes).toContainEqual({ kind: 'hdr', transfer: 'smpte2084' })
    const [frame] = await readAll(path, info, 'rgb24')
    expect(frame?.[0]).toBeGreaterThan(200)
  })

  it('reads stills as one frame', async () => {
    for (const name of ['a.png', '100% %03d.jpg', 'c[1]?.webp']) {
      const path = at(name)
      const plain = await renderClip(
        at(`plain${extname(name)}`),
        'testsrc2=s=120x80:r=1:d=1,scale=120:81,setsar=1',
        ['-frames:v', '1'],
      )
      await copyFile(plain, path)
      const info = await probe(tools, path)
      expect(info).toMatchObject({ kind: 'image', frames: 1, width: 120, height: 81 })
      expect(await readAll(path, info, 'rgb24')).toHaveLength(1)
    }
  })

  it('counts the pictures of a clip cut by an edit list', async () => {
    const whole = await renderClip(at('whole.mp4'), PICTURE, [
      '-c:v',
      'libx264',
      '-g',
      '50',
      '-pix_fmt',
      'yuv420p',
    ])
    await ffmpeg(['-v', 'error', '-ss', '1.2', '-i', whole, '-c', 'copy', '-y', at('cut.mp4')])
    const info = await probe(tools, at('cut.mp4'))
    expect(await readAll(at('cut.mp4'), info)).toHaveLength(info.frames)
    await expect(
      readAll(at('cut.mp4'), info, 'gray', { to: info.frames + 1 }),
    ).rejects.toMatchObject({ code: 'media-damaged' })
  })

  it.each([
    ['missing.mp4', 'file-missing', () => Promise.resolve()],
    ['empty.mp4', 'file-empty', (path: string) => writeFile(path, '')],
    [
      'text.mp4',
      'media-unsupported',
      (path: string) => writeFile(path, 'Dear diary,\n'.repeat(400)),
    ],
    [
      'list.m3u8',
      'media-unsupported',
      (path: string) => writeFile(path, '#EXTM3U\n#EXTINF:1,\nplain.mp4\n#EXT-X-ENDLIST\n'),
    ],
    [
      'sound.m4a',
      'media-no-video',
      async (path: string) => {
        await renderClip(path, PICTURE, ['-vn', '-c:a', 'aac', '-map', '1:a'], SINE)
      },
    ],
    [
      'no index.mp4',
      'media-damaged',
      async (path: string) => {
        await renderClip(path, PICTURE, LOSSLESS)
        await truncate(path, Math.floor((await stat(path)).size / 2))
      },
    ],
    [
      'cut off.mp4',
      'media-damaged',
      async (path: string) => {
        await renderClip(path, PICTURE, [...LOSSLESS, '-movflags', '+faststart'])
        await truncate(path, Math.floor((await stat(path)).size / 2))
      },
    ],
    [
      'cut off.mkv',
      'media-damaged',
      async (path: string) => {
        await renderClip(path, PICTURE, LOSSLESS)
        await truncate(path, Math.floor((await stat(path)).size / 2))
      },
    ],
  ])('%s is %s', async (name, code, make) => {
    await make(at(name))
    await expect(probe(tools, at(name))).rejects.toMatchObject({ name: 'AppError', code })
  })

  // So little that not one picture is whole, and with the index at the end, none of that either.
  it.each([
    ['start.mp4', ['-movflags', '+faststart'], 4000],
    ['start without index.mp4', [], 4000],
    ['start.mkv', [], 2500],
  ])('of %s says that its end is missing', async (name, container, bytes) => {
    await renderClip(at(name), PICTURE, ['-c:v', 'libx264', ...container])
    await truncate(at(name), bytes)
    await expect(probe(tools, at(name))).rejects.toMatchObject({
      ...{ name: 'AppError', code: 'media-damaged' },
      message: 'The file seems cut off: its end is missing.',
      hint: expect.stringContaining('download it again') as unknown,
    })
  })
})

describe('readers and writers', () => {
  it('end with the loop and with the signal', async () => {
    const path = await renderClip(at('long.mp4'), 'testsrc2=s=320x180:r=25:d=8', LOSSLESS)
    const info = await probe(tools, path)
    for await (const frame of readFrames(
      tools.ffmpeg,
      { path, info },
      { from: 0, to: info.frames, layout: 'rgb24' },
    )) {
      expect(frame).toHaveLength(320 * 180 * 3)
      break
    }
    const controller = new AbortController()
    const reading = readAll(path, info, 'rgb24', { signal: controller.signal })
    setTimeout(() => controller.abort(), 50)
    await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
    await expect.poll(() => runningChildren()).toEqual([])
  })

  it('keep every pixel and alpha value of a take', async () => {
    const width = 37
    const height = 23
    const path = at('take 1.mkv')
    const writer = openTakeWriter(tools.ffmpeg, path, {
      width,
      height,
      fps: { num: 30000, den: 1001 },
    })
    const frames = Array.from({ length: 9 }, (_, n) =>
      Uint8Array.from(
        { length: width * height * 4 },
        (__, at) => (at * 31 + n * 77 + (at >> 5)) & 255,
      ),
    )
    for (const frame of frames) await writer.write(frame)
    await writer.finish()
    const read: string[] = []
    for await (const frame of readTake(tools.ffmpeg, path, {
      from: 2,
      to: 9,
      layout: 'rgba',
      width,
      height,
    })) {
      read.push(digest(frame))
    }
    expect(read).toEqual(frames.slice(2).map(digest))
  })

  it('leave nothing of an aborted or failed take', async () => {
    const path = at('gone.mkv')
    const options = { width: 16, height: 16, fps: { num: 25, den: 1 } }
    const writer = openTakeWriter(tools.ffmpeg, path, options)
    await writer.write(new Uint8Array(16 * 16 * 4))
    await writer.abort()
    await expect(stat(path)).rejects.toThrow()
    const nowhere = openTakeWriter(tools.ffmpeg, at('no such folder/take.mkv'), options)
    await expect(
      (async () => {
        await nowhere.write(new Uint8Array(16 * 16 * 4))
        await nowhere.finish()
      })(),
    ).rejects.toMatchObject({ name: 'AppError' })
  })

  it('reads a copy under any name', async () => {
    const path = await renderClip(at('simple.mp4'), PICTURE, LOSSLESS)
    for (const name of ["it's a %03d [clip] #1.mp4", '-dash:colon 📽️.mp4', 'ümläut 日本語.mp4']) {
      await copyFile(path, at(name))
      expect((await probe(tools, at(name))).frames).toBe(150)
    }
  })
})
