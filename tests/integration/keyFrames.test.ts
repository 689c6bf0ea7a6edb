import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { decode, encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordOf } from '../../src/shared/document/model.js'
import { newId } from '../../src/shared/ids.js'
import { TAKE_FILES } from '../../src/shared/projectPaths.js'
import type { TakeConfidence } from '../../src/shared/projectPaths.js'
import { DEFAULT_STYLISE, frameOfName, nameOfFrame } from '../../src/shared/style.js'
import type { HandPaintedFrame, StyliseParams } from '../../src/shared/style.js'
import { readTake } from '../../src/main/ffmpeg/frames.js'
import { startSession } from './coreSession.js'
import type { CoreSession } from './coreSession.js'
import { readAll, renderClip, tools } from './mediaClips.js'

const [WIDTH, HEIGHT] = [192, 112]
const FRAMES = 14
/** Pixels that the scene moves from frame to frame. */
const [STEP_X, STEP_Y] = [2, 1]

let folder = ''
let core: CoreSession['core']
let jobs: CoreSession['jobs']
let call: CoreSession['call']
let run: CoreSession['run']
let ended: CoreSession['ended']

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiere key frames '))
  // Without any pack: hand and colours need none.
  ;({ core, jobs, call, ended, run } = startSession(folder, join(folder, 'packs')))
})
afterAll(async () => {
  await core.close()
  await rm(folder, { recursive: true, force: true })
})

/** A pattern without repetition as an expression of place and frame; `seed` makes another. */
function pattern(seed: number, moving: boolean): string {
  const x = moving ? `(X-${STEP_X}*N)` : 'X'
  const y = moving ? `(Y-${STEP_Y}*N)` : 'Y'
  return `128+40*sin(${x}/${5 + seed}+${y}/9)+35*sin(${x}*${x}/900-${y}/${6 + seed})+30*cos(${y}/4+${seed}*${x}*0.07)`
}

/** A project with one clip of a grey scene. */
async function project(name: string, light: string): Promise<{ assetId: string; clipId: string }> {
  const path = join(folder, `${name}.mkv`)
  const graph = `nullsrc=s=${WIDTH}x${HEIGHT}:r=24,format=gbrp,geq=r='${light}':g='${light}':b='${light}'`
  await renderClip(path, graph, ['-frames:v', String(FRAMES), '-c:v', 'ffv1', '-pix_fmt', 'bgr0'])
  await call('project.create', { folder: join(folder, name), name })
  const { result } = await run('import', { path, place: true })
  return { assetId: result?.assetId ?? '', clipId: result?.clipId ?? '' }
}

/** Tiles that have nothing to do with the scene's light, on the scene of that frame. */
function tiles(frame: number): Uint8Array {
  const data = new Uint8Array(WIDTH * HEIGHT * 3)
  for (let y = 0, n = 0; y < HEIGHT; y++) {
    for (let x = 0; x < WIDTH; x++, n += 3) {
      const u = Math.floor((x - STEP_X * frame + 400) / 14)
      const v = Math.floor((y - STEP_Y * frame + 400) / 14)
      data.set((u + v) % 2 === 0 ? [220, 120, 40] : [30, 60, 150], n)
    }
  }
  return data
}

async function painted(
  assetId: string,
  frame: number,
  data: Uint8Array,
  channels: 3 | 4 = 3,
): Promise<HandPaintedFrame> {
  const path = join(folder, `frame ${frame}.png`)
  await writeFile(path, encode({ width: WIDTH, height: HEIGHT, data, channels, depth: 8 }))
  return (await call('style.addPainted', { assetId, frame, path })).painted
}

async function segment(clipId: string, params: Partial<StyliseParams>): Promise<string> {
  const id = newId('segment')
  const rest = { type: 'segment', verb: 'stylise', maskId: null, acceptedTakeId: null } as const
  const all = { ...DEFAULT_STYLISE, mode: 'keyframe', keyBy: 'hand', ...params } as const
  await call('document.dispatch', {
    mode: 'record',
    commands: [
      { type: 'segment.add', segment: { id, clipId, from: 0, to: FRAMES, params: all, ...rest } },
    ],
  })
  return id
}

interface Made {
  readonly frames: readonly Uint8Array[]
  readonly confidence: readonly number[]
  readonly recipe: unknown
}

async function made(segmentId: string): Promise<Made> {
  const { result } = await run('stylise', { segmentId })
  const state = await call('project.state', {})
  const take = recordOf(state!.doc, 'take', result?.takeId)
  const at = (file: string): string => join(state!.folder, take?.path ?? '', file)
  const frames: Uint8Array[] = []
  const options = { from: 0, to: FRAMES, layout: 'rgba', width: WIDTH, height: HEIGHT } as const
  for await (const one of readTake(tools.ffmpeg, at(TAKE_FILES.video), options)) frames.push(one)
  const json = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(at(file), 'utf8'))
  const { confidence } = (await json(TAKE_FILES.confidence)) as TakeConfidence
  return { frames, confidence, recipe: await json(TAKE_FILES.recipe) }
}

/** Of RGBA against RGB, `margin` pixels from the border. */
function psnr(rgba: Uint8Array, rgb: Uint8Array, margin: number): number {
  let [sum, count] = [0, 0]
  for (let y = margin; y < HEIGHT - margin; y++) {
    for (let x = margin; x < WIDTH - margin; x++) {
      const n = y * WIDTH + x
      for (let c = 0; c < 3; c++) sum += (rgba[n * 4 + c]! - rgb[n * 3 + c]!) ** 2
      count += 3
    }
  }
  return 10 * Math.log10((255 ** 2 * count) / Math.max(sum, 1e-9))
}

describe('key frames painted by hand', () => {
  it('are carried along the motion, from both sides', async () => {
    const { assetId, clipId } = await project('motion', pattern(1, true))
    const last = FRAMES - 1
    const keys = [await painted(assetId, 0, tiles(0)), await painted(assetId, last, tiles(last))]
    const { frames, confidence, recipe } = await made(await segment(clipId, { painted: keys }))
    expect(psnr(frames[0]!, tiles(0), 0)).toBeGreaterThan(120)
    expect(psnr(frames[last]!, tiles(last), 0)).toBeGreaterThan(120)
    for (let n = 1; n < last; n++) {
      expect(psnr(frames[n]!, tiles(n), 4), `frame ${n}`).toBeGreaterThan(22)
      if (n > 3) expect(psnr(frames[n]!, tiles(0), 4)).toBeLessThan(14)
    }
    expect(Math.min(...confidence)).toBeGreaterThan(0.9)
    expect(recipe).toMatchObject({
      task: 'stylise',
      params: { mode: 'keyframe', keyBy: 'hand', painted: keys },
      inputs: { digests: { 'painted 0': expect.stringMatching(/^[0-9a-f]{64}$/) as string } },
      pack: null,
    })
  })

  it('stay as they are where nothing moves, bit for bit', async () => {
    const { assetId, clipId } = await project('still', pattern(1, false))
    const { frames } = await made(
      await segment(clipId, { painted: [await painted(assetId, 5, tiles(0))] }),
    )
    for (const frame of frames) expect(psnr(frame, tiles(0), 0)).toBeGreaterThan(120)
  })

  it('never reach across a cut: there the colours follow, and nothing of the drawing', async () => {
    const cut = 7
    const { assetId, clipId } = await project(
      'cut',
      `if(lt(N,${cut}),${pattern(1, false)},${pattern(9, false)})`,
    )
    const { frames, confidence } = await made(
      await segment(clipId, { painted: [await painted(assetId, 2, tiles(0))] }),
    )
    expect(confidence.slice(0, cut).every((one) => one > 0.99)).toBe(true)
    expect(confidence.slice(cut)).toEqual(new Array(FRAMES - cut).fill(0))
    // Where the same light was filmed the same colour comes out: it is a table, no drawing.
    const { asset, root } = await theAsset(assetId)
    const source = (await readAll(join(root, asset.path), asset.info, 'rgb24'))[cut + 1]!
    const reds = new Map<number, number>()
    source.forEach((light, n) => {
      if (n % 3 !== 0) return
      const red = frames[cut + 1]![(n / 3) * 4]!
      expect(Math.abs(red - (reds.get(light) ?? red))).toBeLessThanOrEqual(1)
      reds.set(light, red)
    })
    expect(reds.size).toBeGreaterThan(50)
  })

  it('leave free what is transparent, bit for bit', async () => {
    const { assetId, clipId } = await project('free', pattern(1, false))
    const data = new Uint8Array(WIDTH * HEIGHT * 4)
    for (let n = 0; n < WIDTH * HEIGHT; n++) {
      if (n % WIDTH < 80) data.set([200, 30, 60, 255], n * 4)
    }
    const key = await painted(assetId, 0, data, 4)
    const { frames } = await made(await segment(clipId, { painted: [key], strength: 0.5 }))
    for (const frame of frames) {
      expect([...frame.subarray(40 * 4, 41 * 4)]).toEqual([200, 30, 60, 128])
      expect([...frame.subarray(150 * 4, 151 * 4)]).toEqual([0, 0, 0, 0])
    }
  })

  it('go on after a stop with the same bits', async () => {
    const { assetId, clipId } = await project('stop', pattern(1, true))
    const keys = [await painted(assetId, 3, tiles(3)), await painted(assetId, 9, tiles(9))]
    const whole = await made(await segment(clipId, { painted: keys }))
    const segmentId = await segment(clipId, { painted: keys })
    const input = { segmentId }
    const { id } = await call('jobs.start', { kind: 'stylise', input })
    while ((jobs.get(id)?.progress.done ?? 0) < 5 && jobs.get(id)?.endedAt == null) {
      await new Promise((later) => setTimeout(later, 2))
    }
    await call('jobs.cancel', { jobId: id })
    const stopped = await ended(id)
    expect(stopped.status).toBe('cancelled')
    expect(stopped.unfinished?.done).toBeGreaterThan(0)
    const { frames } = await made(segmentId)
    frames.forEach((frame, n) => expect(frame, `frame ${n}`).toEqual(whole.frames[n]))
  })

  it('go with keys in the colours of a picture', async () => {
    const { assetId, clipId } = await project('colours', pattern(1, true))
    const path = join(folder, 'warm.png')
    const data = Uint8Array.from(
      { length: 64 * 64 * 3 },
      (_, n) => [200, 120, 50][n % 3]! + ((n * 7) % 50),
    )
    await writeFile(path, encode({ width: 64, height: 64, channels: 3, data }))
    const style = await call('style.add', { path })
    const key = await painted(assetId, 6, tiles(6))
    const { frames, confidence } = await made(
      await segment(clipId, { keyBy: 'colour', keyEvery: 4, style, painted: [key] }),
    )
    expect(psnr(frames[6]!, tiles(6), 0)).toBeGreaterThan(120)
    const warmth = (frame: Uint8Array): number =>
      frame.reduce((sum, value, n) => sum + (n % 4 === 0 ? value : n % 4 === 2 ? -value : 0), 0) /
      (WIDTH * HEIGHT)
    expect(warmth(frames[0]!)).toBeGreaterThan(80)
    expect(confidence.every((one) => one > 0.8)).toBe(true)
  })

  async function theAsset(assetId: string) {
    const state = await call('project.state', {})
    const asset = recordOf(state!.doc, 'asset', assetId)
    if (asset === undefined) throw new Error('gone')
    return { asset, root: state!.folder }
  }
})

describe('a painted frame', () => {
  let assetId = ''
  let clipId = ''
  beforeAll(async () => {
    ;({ assetId, clipId } = await project('bad', pattern(1, false)))
  })

  const refused = async (frame: number, path: string) => {
    const reply = await core.call('style.addPainted', { assetId, frame, path })
    if (reply.ok) throw new Error('accepted')
    expect(reply.error.hint).toBeDefined()
    return reply.error
  }

  it('is scaled when it has the clip’s shape and another size, and says so', async () => {
    const path = join(folder, 'large.png')
    const size = { width: WIDTH * 2, height: HEIGHT * 2 }
    const data = new Uint8Array(size.width * size.height * 3).fill(90)
    await writeFile(path, encode({ ...size, data, channels: 3, depth: 8 }))
    const { scaledFrom } = await call('style.addPainted', { assetId, frame: 1, path })
    expect(scaledFrom).toEqual(size)
  })

  it('is refused with another shape', async () => {
    const path = join(folder, 'square.png')
    const data = new Uint8Array(64 * 64 * 3)
    await writeFile(path, encode({ width: 64, height: 64, data, channels: 3, depth: 8 }))
    const { code, message } = await refused(1, path)
    expect(code).toBe('painted-invalid')
    expect(message).toContain('64x64')
  })

  it('is refused on a frame that the clip does not have', async () => {
    const { code, message } = await refused(FRAMES, join(folder, 'large.png'))
    expect(code).toBe('painted-invalid')
    expect(message).toContain(`no frame ${FRAMES}`)
  })

  it('is refused when it cannot be read', async () => {
    const path = join(folder, 'text 3.png')
    await writeFile(path, 'This is no picture.')
    expect((await refused(3, path)).message).toContain('painted frame')
    expect((await refused(3, join(folder, 'nowhere.png'))).code).toBe('file-missing')
  })

  it('must lie in the range, where nothing else paints', async () => {
    const key = await painted(assetId, 2, tiles(0))
    const problems = async (params: Partial<StyliseParams>): Promise<readonly string[]> => {
      const input = { segmentId: await segment(clipId, params) }
      const forecast = await call('jobs.forecast', { kind: 'stylise', input })
      return forecast.problems.map(({ code }) => code)
    }
    expect(await problems({ painted: [key] })).toEqual([])
    expect(await problems({ painted: [] })).toEqual(['painted-missing'])
    expect(await problems({ keyBy: 'network', painted: [key] })).toEqual([
      'reference-missing',
      'pack-missing',
    ])
  })
})

describe('a frame saved to be painted over', () => {
  let assetId = ''
  let clipId = ''
  beforeAll(async () => {
    ;({ assetId, clipId } = await project('saved', pattern(1, true)))
  })

  const pixels = async (path: string): Promise<Uint8Array> => {
    const png = decode(await readFile(path))
    expect([png.width, png.height, png.channels]).toEqual([WIDTH, HEIGHT, 3])
    return Uint8Array.from(png.data)
  }
  const source = async (): Promise<readonly Uint8Array[]> => {
    const state = await call('project.state', {})
    const asset = recordOf(state!.doc, 'asset', assetId)
    return readAll(join(state!.folder, asset?.path ?? ''), asset!.info, 'rgb24')
  }
  /** The largest difference of a sample. */
  const largest = (a: Uint8Array, b: Uint8Array | undefined): number =>
    a.reduce((most, value, n) => Math.max(most, Math.abs(value - (b?.[n] ?? NaN))), 0)
  const save = (frame: number, path: string, overwrite = false) =>
    call('clip.saveFrame', { clipId, frame, path, overwrite })

  it('is the frame of the film, and comes back to its place by its name', async () => {
    const out = join(folder, 'saved', nameOfFrame(9))
    expect(await save(9, out)).toEqual({ path: out })
    expect(largest(await pixels(out), (await source())[9])).toBe(0)
    const frame = frameOfName(nameOfFrame(9)) ?? -1
    const added = await call('style.addPainted', { assetId, frame, path: out })
    expect(added).toMatchObject({ painted: { frame: 9 }, scaledFrom: null })
  })

  it('shows the takes in use', async () => {
    const segmentId = await segment(clipId, {
      painted: [await painted(assetId, 4, tiles(4))],
      strength: 1,
    })
    const { result } = await run('stylise', { segmentId })
    const before = await save(4, 'before')
    expect(largest(await pixels(before.path), (await source())[4])).toBe(0)
    await call('document.dispatch', {
      mode: 'record',
      commands: [{ type: 'take.accept', segmentId, takeId: result?.takeId ?? '' }],
    })
    expect(largest(await pixels((await save(4, 'after')).path), tiles(4))).toBe(0)
  })

  it('goes into the exports folder under a plain name, never above it, and replaces nothing', async () => {
    const { folder: root } = (await call('project.state', {}))!
    const { path } = await save(1, 'frame 1')
    expect(path).toBe(join(root, 'exports', 'frame 1.png'))
    const first = await pixels(path)
    const refused = async (input: Parameters<typeof save>): Promise<string> => {
      const [frame, name] = input
      const reply = await core.call('clip.saveFrame', {
        clipId,
        frame,
        path: name,
        overwrite: false,
      })
      return reply.ok ? 'written' : reply.error.code
    }
    expect(await refused([1, 'frame 1'])).toBe('file-exists')
    expect(await refused([1, '../frame 1.png'])).toBe('invalid-request')
    expect(await refused([FRAMES, 'none.png'])).toBe('invalid-request')
    expect(await save(2, 'frame 1', true)).toEqual({ path })
    expect(largest(await pixels(path), first)).toBeGreaterThan(0)
  })
})
