import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordOf, recordsOf } from '../../src/shared/document/model.js'
import type { AssetRec, MaskRec } from '../../src/shared/document/model.js'
import { newId } from '../../src/shared/ids.js'
import { TAKE_FILES } from '../../src/shared/projectPaths.js'
import { DEFAULT_STYLISE, SHIPPED_STYLES } from '../../src/shared/style.js'
import type { StyliseParams } from '../../src/shared/style.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { startSession } from './coreSession.js'
import type { CoreSession } from './coreSession.js'
import { readAll, renderClip, tools } from './mediaClips.js'

const SIZE = { width: 96, height: 64 }
const FRAMES = 6

let folder = ''
let core: CoreSession['core']
let jobs: CoreSession['jobs']
let call: CoreSession['call']
let run: CoreSession['run']
let asset: AssetRec
let clipId = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiere style '))
  // Without the packs of the app: the test is the same whatever ships.
  ;({ core, jobs, call, run } = startSession(folder, join(folder, 'packs')))
  await call('packs.install', { path: resolve('tests/fixtures/packs/tiny-style') })
  const graph = `testsrc2=s=${SIZE.width}x${SIZE.height}:r=24,format=gbrp`
  const path = join(folder, 'clip.mkv')
  await renderClip(path, graph, ['-frames:v', String(FRAMES), '-c:v', 'ffv1', '-pix_fmt', 'bgr0'])
  await call('project.create', { folder: join(folder, 'edit'), name: 'edit' })
  const { result } = await run('import', { path, place: true })
  const state = await call('project.state', {})
  const [found] = recordsOf(state!.doc, 'asset')
  asset = found as AssetRec
  clipId = result?.clipId ?? ''
})
afterAll(async () => {
  await core.close()
  await rm(folder, { recursive: true, force: true })
})

const source = (): Promise<Uint8Array[]> =>
  readAll(join(folder, 'edit', asset.path), asset.info, 'rgb24')

async function segment(
  params: Partial<StyliseParams>,
  maskId: string | null = null,
): Promise<string> {
  const id = newId('segment')
  const rest = { type: 'segment', verb: 'stylise', maskId, acceptedTakeId: null } as const
  const whole = { ...DEFAULT_STYLISE, ...params }
  await call('document.dispatch', {
    mode: 'record',
    commands: [
      { type: 'segment.add', segment: { id, clipId, from: 0, to: FRAMES, params: whole, ...rest } },
    ],
  })
  return id
}

/** Makes the take, uses it, and exports everything losslessly. */
async function exported(id: string): Promise<{ frames: Uint8Array[]; takePath: string }> {
  const { result } = await run('stylise', { segmentId: id })
  const takeId = result?.takeId ?? ''
  const accept = (use: string | null): Promise<unknown> =>
    call('document.dispatch', {
      mode: 'record',
      commands: [{ type: 'take.accept', segmentId: id, takeId: use }],
    })
  await accept(takeId)
  const out = join(folder, `${id}.mkv`)
  await run('export', { preset: 'ffv1', path: out, overwrite: false })
  const frames = await readAll(out, await probe(tools, out), 'rgb24')
  await accept(null)
  const take = recordOf((await call('project.state', {}))!.doc, 'take', takeId)
  return { frames, takePath: join(folder, 'edit', take?.path ?? '') }
}

const apart = (a: Uint8Array, b: Uint8Array): number =>
  a.reduce((sum, value, n) => sum + Math.abs(value - (b[n] ?? 0)), 0) / a.length

describe('a clip in the style of a picture', () => {
  it('becomes a take with a recipe that names picture and pack', async () => {
    const style = await call('style.add', { shipped: 'oil' })
    expect(style).toEqual({ name: 'oil', path: 'styles/lumiere-oil.png' })
    expect(await call('style.add', { shipped: 'oil' })).toEqual(style)
    const { frames, takePath } = await exported(await segment({ style }))
    const before = await source()
    expect(frames).toHaveLength(FRAMES)
    frames.forEach((frame, n) => expect(apart(frame, before[n]!)).toBeGreaterThan(5))
    const text = await readFile(join(takePath, TAKE_FILES.recipe), 'utf8')
    expect(JSON.parse(text)).toMatchObject({
      task: 'stylise',
      params: { style, strokes: 'medium' },
      pack: { id: 'tiny-style' },
      inputs: { digests: { reference: expect.stringMatching(/^[0-9a-f]{64}$/) as string } },
      result: { frames: FRAMES, untouched: 0 },
      painted: SIZE,
    })
  })

  it('touches nothing outside a mask, and keeps colours when asked', async () => {
    const style = await call('style.add', { shipped: 'watercolour' })
    const mask: MaskRec = {
      id: newId('mask'),
      type: 'mask',
      assetId: asset.id,
      name: 'Left half',
      keyframes: { '0': [{ kind: 'rectangle', erase: false, x: 0, y: 0, width: 40, height: 64 }] },
      between: 'hold',
      feather: 0,
      grow: 0,
      inverted: false,
      overlay: { colour: '#ff3d71', opacity: 0.5 },
    }
    await call('document.dispatch', { mode: 'record', commands: [{ type: 'mask.add', mask }] })
    const id = await segment({ style, keepColours: true, feather: 0 }, mask.id)
    const { frames } = await exported(id)
    const before = await source()
    let outside = 0
    let tint = 0
    let inside = 0
    frames.forEach((frame, f) => {
      const old = before[f]!
      for (let n = 0; n < SIZE.width * SIZE.height; n++) {
        const at = n * 3
        const steps = [0, 1, 2].map((c) => (frame[at + c] ?? 0) - (old[at + c] ?? 0))
        if (n % SIZE.width >= 40) outside = Math.max(outside, ...steps.map(Math.abs))
        const clipped = [0, 1, 2].some((c) => frame[at + c] === 0 || frame[at + c] === 255)
        if (n % SIZE.width < 40 && !clipped) {
          inside = Math.max(inside, ...steps.map(Math.abs))
          tint = Math.max(tint, Math.max(...steps) - Math.min(...steps))
        }
      }
    })
    expect(outside).toBe(0)
    expect(inside).toBeGreaterThan(5)
    expect(tint).toBeLessThanOrEqual(1)
  })

  it('forecasts why it cannot run', async () => {
    const problems = async (segmentId: string): Promise<readonly string[]> =>
      (await call('jobs.forecast', { kind: 'stylise', input: { segmentId } })).problems.map(
        ({ code }) => code,
      )
    expect(await problems(await segment({}))).toEqual(['reference-missing'])
    const style = await call('style.add', { shipped: 'chalk' })
    expect(await problems(await segment({ style }))).toEqual([])
    expect(await problems(await segment({ style, strength: 0 }))).toEqual(['edit-empty'])
  })

  it('stops within a second, leaves nothing to be seen, and can be run again', async () => {
    const style = await call('style.add', { shipped: 'mosaic' })
    const segmentId = await segment({ style, strokes: 'fine' })
    const { id } = await call('jobs.start', { kind: 'stylise', input: { segmentId } })
    while (jobs.get(id)?.status === 'queued') await new Promise((later) => setTimeout(later, 5))
    const asked = performance.now()
    await call('jobs.cancel', { jobId: id })
    while (jobs.get(id)?.status === 'running') await new Promise((later) => setTimeout(later, 5))
    expect(jobs.get(id)?.status).toBe('cancelled')
    expect(performance.now() - asked).toBeLessThan(1000)
    const takes = await readdir(join(folder, 'edit', 'takes', segmentId)).catch(() => [])
    expect(takes.filter((name) => !name.startsWith('.'))).toEqual([])
    const { frames } = await exported(segmentId)
    expect(frames).toHaveLength(FRAMES)
  })
})

describe('style pictures', () => {
  it('ship with the app, all of them', async () => {
    for (const shipped of SHIPPED_STYLES) {
      expect((await call('style.add', { shipped })).path).toBe(`styles/lumiere-${shipped}.png`)
    }
    expect(await call('style.list', {})).toEqual([])
  })

  it('of a person are copied small, and keep their names apart', async () => {
    const path = join(folder, 'My poster.png')
    const size = { width: 2000, height: 40 }
    const data = new Uint8Array(2000 * 40 * 3).fill(90)
    await writeFile(path, encode({ ...size, channels: 3, data }))
    const first = await call('style.add', { path })
    const second = await call('style.add', { path })
    expect([first.name, second.name]).toEqual(['My poster', 'My poster (2)'])
    const info = await probe(tools, join(folder, 'edit', first.path))
    expect([info.width, info.height]).toEqual([1024, 20])
    expect((await call('style.list', {})).map(({ name }) => name)).toEqual([
      'My poster',
      'My poster (2)',
    ])
  })

  const large = ['-vf', 'scale=8192:6144:flags=neighbor']
  it.each([
    ['a JPEG of 50 megapixels', 'testsrc2=s=256x192', ['-frames:v', '1', ...large], 'big.jpg'],
    ['a grey picture', 'testsrc2=s=64x48,format=gray', ['-frames:v', '1'], 'grey.png'],
    ['a WebP picture', 'testsrc2=s=64x48', ['-frames:v', '1'], 'small.webp'],
  ])('of a person may be %s', async (_, graph, args, name) => {
    const path = join(folder, name)
    await renderClip(path, graph, args)
    const { path: copy } = await call('style.add', { path })
    const info = await probe(tools, join(folder, 'edit', copy))
    expect(Math.max(info.width, info.height)).toBeLessThanOrEqual(1024)
  })

  it('may be a JPEG in printing colours', async () => {
    const path = join(folder, 'cmyk.jpg')
    await writeFile(path, await readFile(resolve('tests/fixtures/pictures/cmyk.jpg')))
    const { path: copy } = await call('style.add', { path })
    const info = await probe(tools, join(folder, 'edit', copy))
    const [pixels] = await readAll(join(folder, 'edit', copy), info, 'rgb24')
    // The left half was saved red, the right half blue.
    const at = (x: number): number[] => [
      ...pixels!.subarray((8 * info.width + x) * 3).subarray(0, 3),
    ]
    const [r, , b] = at(8)
    const [r2, , b2] = at(info.width - 8)
    expect((r ?? 0) - (b ?? 0)).toBeGreaterThan(80)
    expect((b2 ?? 0) - (r2 ?? 0)).toBeGreaterThan(80)
  })

  it.each([
    ['text that is called a picture', 'text.png', 'media-unsupported'],
    ['one pixel', 'pixel.png', 'reference-invalid'],
    ['a picture cut off', 'cut.png', 'media-unsupported'],
    ['nothing', 'nowhere.png', 'file-missing'],
  ])('are refused by name and with a hint: %s', async (_, name, code) => {
    const path = join(folder, name)
    if (name === 'text.png') await writeFile(path, 'This is no picture.')
    const pixel = encode({ width: 1, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3) })
    if (name === 'pixel.png') await writeFile(path, pixel)
    if (name === 'cut.png') {
      const noise = Uint8Array.from({ length: 300 * 200 * 3 }, (_unused, n) => (n * 7919) % 251)
      const whole = encode({ width: 300, height: 200, channels: 3, data: noise })
      await writeFile(path, whole.subarray(0, 60))
    }
    const reply = await core.call('style.add', { path })
    expect(reply).toMatchObject({
      ok: false,
      error: { code, hint: expect.any(String) as string },
    })
    if (!reply.ok && code !== 'file-missing') expect(reply.error.message).toContain('style picture')
  })
})
