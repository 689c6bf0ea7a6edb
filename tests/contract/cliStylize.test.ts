import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFrames } from '../../src/main/ffmpeg/frames.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'
import { createColourPool } from '../../src/shared/grade/colourStats.js'

const FRAMES = 8
/** Slanting ramps of the three primaries, between these bytes. */
const ramps = (size: string, [r, g, b]: readonly [string, string, string]): string =>
  `nullsrc=s=${size}:r=24,format=gbrp,geq=r='${r}*X/W':g='${g}*(X+Y)/(W+H)':b='${b}*Y/H'`
const COLD = ramps('160x96', ['16+90', '32+140', '64+160'])
const WARM = ramps('128x96', ['60+180', '40+130', '20+60'])

describe('lumiere stylize', () => {
  let folder = ''
  let clip = ''
  const at = (name: string): string => join(folder, name)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere cli stylize '))
    clip = at('clip.mkv')
    const { ffmpeg } = await findFfmpeg()
    const make = (graph: string, ...out: string[]): Promise<unknown> =>
      promisify(execFile)(ffmpeg, ['-v', 'error', '-f', 'lavfi', '-i', graph, ...out])
    await make(COLD, '-frames:v', String(FRAMES), '-c:v', 'ffv1', '-pix_fmt', 'bgr0', clip)
    for (const name of ['warm.png', 'warm.webp']) {
      await make(WARM, '-frames:v', '1', at(name))
    }
    const pixel = { width: 1, height: 1, channels: 3, data: Uint8Array.of(136, 68, 34) } as const
    await writeFile(at('pixel.png'), encode(pixel))
    await writeFile(at('text.png'), 'This is no picture.')
    await mkdir(at('painted'))
    for (const frame of [1, 6, 7, 8]) {
      const size = { width: 160, height: 96, channels: 3 } as const
      const data = Uint8Array.from(
        { length: 160 * 96 * 3 },
        (_, n) => [200, 60, 30][n % 3]! + frame,
      )
      const folder = frame < 7 ? 'painted/' : ''
      await writeFile(at(`${folder}frame ${frame}.png`), encode({ ...size, data }))
    }
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** Exit code and the last event. */
  async function stylize(...args: string[]): Promise<{ code: number; last: unknown }> {
    const env = { ...process.env, LUMIERE_DATA: at('data') }
    const cli = [resolve('out/main/cli.js'), 'stylize', clip, ...args, '--json']
    const { code, out } = await promisify(execFile)(process.execPath, cli, { env }).then(
      ({ stdout }) => ({ code: 0, out: stdout }),
      (error: unknown) => {
        const { code: status, stdout } = error as { code: number; stdout: string }
        return { code: status, out: stdout }
      },
    )
    const last = out.trim().split('\n').at(-1) ?? ''
    return { code, last: last === '' ? {} : JSON.parse(last) }
  }

  async function meanOf(path: string, frame = 0): Promise<readonly number[]> {
    const { ffmpeg, ffprobe } = await findFfmpeg()
    const info = await probe({ ffprobe }, path)
    const pool = createColourPool()
    const range = { from: frame, to: frame + 1, layout: 'rgba' } as const
    for await (const data of readFrames(ffmpeg, { path, info }, range)) pool.add(data, null)
    return pool.stats().mean
  }

  it('writes a frame to paint over, which comes back to its place by its name', async () => {
    const env = { ...process.env, LUMIERE_DATA: at('data') }
    const frame = (n: number): Promise<number> => {
      const args = ['frame', clip, '--at', String(n), '--out', at('saved'), '--json']
      return promisify(execFile)(process.execPath, [resolve('out/main/cli.js'), ...args], {
        env,
      }).then(
        () => 0,
        (error: unknown) => (error as { code: number }).code,
      )
    }
    expect(await frame(3)).toBe(0)
    const file = at('saved/frame 3.png')
    expect(await meanOf(file)).toEqual(await meanOf(clip, 3))
    // What may have been painted over in the meantime is not replaced.
    expect(await frame(3)).toBe(1)
    expect(await frame(FRAMES)).toBe(1)
    const out = at('back.mkv')
    const { code } = await stylize('--mode', 'keyframe', '--painted', file, '--out', out)
    expect(code).toBe(0)
    expect(await meanOf(out, 3)).toEqual(await meanOf(clip, 3))
  })

  const refused: [string, string[], string][] = [
    ['text that is called a picture', ['--style', 'text.png'], 'media-unsupported'],
    ['a picture of one pixel', ['--style', 'pixel.png'], 'reference-invalid'],
    ['a picture that is not there', ['--style', 'nowhere.png'], 'file-missing'],
    ['painted frames in another mode', ['--painted', 'painted'], 'invalid-request'],
    ['nothing to paint by', ['--mode', 'keyframe'], 'reference-missing'],
    ['no painted frames', ['--painted', 'nowhere', '--mode', 'keyframe'], 'file-missing'],
    ['a name without a frame', ['--painted', 'warm.png', '--mode', 'keyframe'], 'painted-invalid'],
    ['a frame too many', ['--painted', 'frame 8.png', '--mode', 'keyframe'], 'painted-invalid'],
    [
      'a frame out of range',
      ['--painted', 'frame 7.png', '--mode', 'keyframe', '--range', '0-4'],
      'painted-missing',
    ],
    [
      'skin kept in paint',
      ['--style', 'warm.png', '--mode', 'network', '--keep-skin'],
      'invalid-request',
    ],
    [
      'zones of light in paint',
      ['--style', 'warm.png', '--mode', 'network', '--by-light'],
      'invalid-request',
    ],
    [
      'zones of light for light alone',
      ['--style', 'warm.png', '--by-light', '--luminance-only'],
      'invalid-request',
    ],
    ['one pixel to paint by', ['--style', 'pixel.png', '--mode', 'network'], 'reference-invalid'],
    ['strength 0', ['--style', 'warm.png', '--strength', '0'], 'edit-empty'],
  ]
  it.concurrent.each(refused)(
    'refuses %s, with a hint',
    async (_, [style = '', name = '', ...more], reason) => {
      // The first option, where there is one before a mode, names a file.
      const args = style === '--mode' ? [style, name] : [style, at(name), ...more]
      const { code, last } = await stylize(...args, '--out', at('never.mkv'))
      expect(code).toBe(1)
      expect(last).toMatchObject({ code: reason, hint: expect.any(String) as string })
    },
  )

  it('refuses a strength above 1', async () => {
    const args = ['--style', at('warm.png'), '--strength', '1.5', '--out', at('never.mkv')]
    expect((await stylize(...args)).code).toBe(2)
  })

  it.concurrent.each(['png', 'webp'])('gives the colours of a %s', async (kind) => {
    const [style, out] = [at(`warm.${kind}`), at(`from-${kind}.mkv`)]
    const args = ['--style', style, '--strength', '1', '--range', '2-6', '--out', out]
    const { code, last } = await stylize(...args)
    expect(code).toBe(0)
    expect(last).toMatchObject({ event: 'result', data: { frames: FRAMES, path: out } })
    const wanted = await meanOf(style)
    for (const frame of [2, 5]) {
      const mean = await meanOf(out, frame)
      mean.forEach((value, c) => expect(value).toBeCloseTo(wanted[c] as number, 1))
    }
    expect(await meanOf(out, 7)).toEqual(await meanOf(clip, 7))
  })

  it('gives shadows, midtones and highlights each their own, when told to', async () => {
    // Teal, orange, teal from dark to light: no one map can do that.
    const bent = at('bent.png')
    const data = Uint8Array.from({ length: 96 * 96 * 3 }, (_, n) => {
      const light = Math.floor(n / 3 / 96) / 95
      const [r, g, b] = Math.abs(light - 0.5) < 0.17 ? [1.3, 1, 0.6] : [0.7, 1.05, 1.1]
      return Math.round(30 + 170 * light * [r, g, b][n % 3]!)
    })
    await writeFile(bent, encode({ width: 96, height: 96, channels: 3, data }))
    const grade = async (name: string, ...more: string[]): Promise<Uint8Array> => {
      const out = at(name)
      const args = ['--style', bent, '--strength', '1', ...more, '--out', out]
      expect((await stylize(...args)).code).toBe(0)
      const { ffmpeg, ffprobe } = await findFfmpeg()
      const info = await probe({ ffprobe }, out)
      const frames = readFrames(ffmpeg, { path: out, info }, { from: 0, to: 1, layout: 'rgb24' })
      for await (const frame of frames) return frame
      throw new Error('There is no frame.')
    }
    /** How much more red than blue the middle third of the light is than the rest of it. */
    const warmth = (frame: Uint8Array): number => {
      const pixels = Array.from({ length: frame.length / 3 }, (_, n) => {
        const [r, g, b] = [frame[n * 3]!, frame[n * 3 + 1]!, frame[n * 3 + 2]!]
        return { light: 0.3 * r + 0.6 * g + 0.1 * b, warm: r - b }
      }).sort((one, other) => one.light - other.light)
      const third = Math.floor(pixels.length / 3)
      const mean = (from: number): number =>
        pixels.slice(from, from + third).reduce((sum, { warm }) => sum + warm, 0) / third
      return mean(third) - (mean(0) + mean(2 * third)) / 2
    }
    const [whole, zones] = [await grade('whole.mkv'), await grade('zones.mkv', '--by-light')]
    expect(warmth(zones) - warmth(whole)).toBeGreaterThan(15)
  })

  it.each([
    [
      'a JPEG in printing colours',
      () => Promise.resolve(resolve('tests/fixtures/pictures/cmyk.jpg')),
    ],
    [
      'a picture of 50 megapixels',
      async () => {
        const { ffmpeg } = await findFfmpeg()
        const large = ['-frames:v', '1', '-vf', 'scale=8192:6144:flags=neighbor', at('large.jpg')]
        const from = ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=256x192']
        await promisify(execFile)(ffmpeg, [...from, ...large])
        return at('large.jpg')
      },
    ],
  ])('takes %s', async (name, picture) => {
    const out = at(`by ${name}.mkv`)
    const { code } = await stylize('--style', await picture(), '--strength', '1', '--out', out)
    expect(code).toBe(0)
    const [before, after] = [await meanOf(clip), await meanOf(out)]
    const change = Math.max(...after.map((value, c) => Math.abs(value - (before[c] ?? 0))))
    expect(change).toBeGreaterThan(0.01)
  })

  it('paints in the style of a picture with a pack that can', async () => {
    const tiny = resolve('tests/fixtures/packs/tiny-style')
    const env = { ...process.env, LUMIERE_DATA: at('data') }
    const install = [resolve('out/main/cli.js'), 'packs', 'install', tiny]
    const { stdout } = await promisify(execFile)(process.execPath, install, { env })
    expect(stdout).toContain('tiny-style')
    const out = at('painted.mkv')
    const args = ['--style', at('warm.webp'), '--mode', 'network', '--range', '2-6']
    const { code, last } = await stylize(...args, '--strokes', 'broad', '--out', out)
    expect(code).toBe(0)
    expect(last).toMatchObject({ data: { frames: FRAMES, mode: 'network', strength: 0.85 } })
    const [before, painted] = [await meanOf(clip, 3), await meanOf(out, 3)]
    expect(
      Math.max(...painted.map((value, c) => Math.abs(value - (before[c] ?? 0)))),
    ).toBeGreaterThan(0.01)
    expect(await meanOf(out, 7)).toEqual(await meanOf(clip, 7))
  })

  it('carries frames painted by hand to all others, with no pack and no picture', async () => {
    const out = at('carried.mkv')
    const args = ['--mode', 'keyframe', '--painted', at('painted'), '--range', '1-7']
    const { code, last } = await stylize(...args, '--out', out)
    expect(code).toBe(0)
    expect(last).toMatchObject({ data: { frames: FRAMES, mode: 'keyframe', style: null } })
    const wanted = await meanOf(at('painted/frame 6.png'))
    for (const frame of [1, 3, 6]) {
      const mean = await meanOf(out, frame)
      mean.forEach((value, c) => expect(value).toBeCloseTo(wanted[c] as number, 1))
    }
    expect(await meanOf(out, 0)).toEqual(await meanOf(clip, 0))
  })
})
