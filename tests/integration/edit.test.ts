import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordsOf } from '../../src/shared/document/model.js'
import type { AssetRec, MaskRec } from '../../src/shared/document/model.js'
import type { EditOperation } from '../../src/shared/edit/operations.js'
import { parsePrompt } from '../../src/shared/edit/parse.js'
import { toEditOperation } from '../../src/shared/edit/resolve.js'
import { gradeFrame } from '../../src/shared/grade/frame.js'
import { bakeLut } from '../../src/shared/grade/bake.js'
import { LUT_SIZE } from '../../src/shared/grade/lut.js'
import { planGrade } from '../../src/shared/grade/plan.js'
import type { Subjects } from '../../src/shared/grade/plan.js'
import { newId } from '../../src/shared/ids.js'
import { TAKE_FILES, takePreview } from '../../src/shared/projectPaths.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { startSession } from './coreSession.js'
import type { CoreSession } from './coreSession.js'
import { ffmpeg, readAll, renderClip, tools } from './mediaClips.js'

const SIZE = { width: 96, height: 64 }
const FRAMES = 8
const FPS = { num: 24, den: 1 }

let folder = ''
let core: CoreSession['core']
let call: CoreSession['call']
let run: CoreSession['run']
let asset: AssetRec
let clipId = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiere edit '))
  ;({ core, call, run } = startSession(folder))
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

/** Adds an edit, makes its take, uses it, and exports everything losslessly. */
async function exported(
  prompt: string,
  maskId: string | null,
  first: readonly EditOperation[] = [],
): Promise<Uint8Array[]> {
  const id = newId('segment')
  const range = { from: 0, to: FRAMES }
  const words = parsePrompt(prompt).operations.flatMap(
    (one) => toEditOperation(one, { ...range, fps: FPS }) ?? [],
  )
  const operations = [...first, ...words]
  const params = { prompt, operations, feather: 0, seed: 7 }
  const rest = { type: 'segment', verb: 'edit', maskId, params, acceptedTakeId: null } as const
  await call('document.dispatch', {
    mode: 'record',
    commands: [{ type: 'segment.add', segment: { id, clipId, ...range, ...rest } }],
  })
  const { result } = await run('edit', { segmentId: id })
  const takeId = result?.takeId ?? ''
  await call('document.dispatch', {
    mode: 'record',
    commands: [{ type: 'take.accept', segmentId: id, takeId }],
  })
  const out = join(folder, `${id}.mkv`)
  await run('export', { preset: 'ffv1', path: out, overwrite: false })
  const frames = await readAll(out, await probe(tools, out), 'rgb24')
  await call('document.dispatch', {
    mode: 'record',
    commands: [{ type: 'take.accept', segmentId: id, takeId: null }],
  })
  return frames
}

/** What the preview shows: the same operations on the same pictures. */
async function previewed(
  prompt: string,
  mask: Uint8Array | null,
  subjects: Subjects = [],
  first: readonly EditOperation[] = [],
): Promise<Uint8Array[]> {
  const words = parsePrompt(prompt).operations.flatMap(
    (one) => toEditOperation(one, { from: 0, to: FRAMES, fps: FPS }) ?? [],
  )
  const gradeAt = planGrade([...first, ...words], subjects)
  return (await source()).map((data, frame) => {
    const out = new Uint8Array(SIZE.width * SIZE.height * 4)
    const grade = gradeAt(frame)
    if (grade === null) return data
    gradeFrame({ data, channels: 3, ...SIZE, frame, seed: 7, scale: 1, mask }, grade, out)
    return data.map((below, n) => {
      const at = Math.floor(n / 3) * 4
      const alpha = out[at + 3] ?? 0
      return Math.round(below + (((out[at + (n % 3)] ?? 0) - below) * alpha) / 255)
    })
  })
}

function worst(a: readonly Uint8Array[], b: readonly Uint8Array[]): number {
  expect(a).toHaveLength(b.length)
  let most = 0
  a.forEach((frame, n) => {
    frame.forEach((value, at) => {
      most = Math.max(most, Math.abs(value - (b[n]?.[at] ?? 0)))
    })
  })
  return most
}

describe('an edit in words', () => {
  it('exports what the preview shows, within one level', async () => {
    const prompt = 'warmer, gradually darker, a strong vignette, grain and fog'
    const [made, shown] = [await exported(prompt, null), await previewed(prompt, null)]
    expect(worst(made, shown)).toBeLessThanOrEqual(1)
    expect(worst(made, await source())).toBeGreaterThan(50)
  })

  it.each([
    'teal in the shadows, orange in the highlights, fade in from white over 0.1 seconds',
    'everything except the red black and white, then fade to black',
  ])('exports “%s” as its preview shows it, within one level', async (prompt) => {
    const [made, shown] = [await exported(prompt, null), await previewed(prompt, null)]
    expect(worst(made, shown)).toBeLessThanOrEqual(1)
    expect(worst(made, await source())).toBeGreaterThan(50)
  })

  it('ends a fade in black, and begins one in white, to the last bit of the export', async () => {
    const out = await exported('fade to black', null)
    expect(Math.max(...(out.at(-1) ?? [255]))).toBe(0)
    expect(Math.max(...(out[0] ?? [0]))).toBeGreaterThan(200)
    const opening = await exported('dissolvenza dal bianco nei primi 0,2 secondi', null)
    expect(Math.min(...(opening[0] ?? [0]))).toBe(255)
    expect(worst(opening.slice(-2), (await source()).slice(-2))).toBe(0)
  })

  it('changes nothing outside of its mask, not by one bit', async () => {
    const mask: MaskRec = {
      ...{ id: newId('mask'), type: 'mask', assetId: asset.id, name: 'mask' },
      keyframes: {
        0: [{ kind: 'rectangle', erase: false, x: 20, y: 10, width: 30, height: 20 }],
      },
      ...{ between: 'hold', feather: 0, grow: 0, inverted: false },
      overlay: { colour: '#ff3366', opacity: 0.5 },
    }
    await call('document.dispatch', { mode: 'record', commands: [{ type: 'mask.add', mask }] })
    const made = await exported('black and white', mask.id)
    const before = await source()
    made.forEach((frame, n) => {
      for (let y = 0; y < SIZE.height; y++) {
        for (let x = 0; x < SIZE.width; x++) {
          const at = (y * SIZE.width + x) * 3
          const [r = 0, g = 0, b = 0] = frame.subarray(at, at + 3)
          if (x >= 20 && x < 50 && y >= 10 && y < 30) {
            expect(Math.max(r, g, b) - Math.min(r, g, b)).toBeLessThanOrEqual(1)
          } else expect([r, g, b]).toEqual([...(before[n]?.subarray(at, at + 3) ?? [])])
        }
      }
    })
  })

  it('paints a subject as it was measured, the same in preview and take', async () => {
    const mask: MaskRec = {
      ...{ id: newId('mask'), type: 'mask', assetId: asset.id, name: 'mask' },
      keyframes: { 0: [{ kind: 'rectangle', erase: false, x: 0, y: 0, width: 96, height: 64 }] },
      ...{ between: 'hold', feather: 0, grow: 0, inverted: false },
      overlay: { colour: '#ff3366', opacity: 0.5 },
    }
    await call('document.dispatch', { mode: 'record', commands: [{ type: 'mask.add', mask }] })
    const prompt = 'make the bar black'
    const made = await exported(prompt, mask.id)
    const state = await call('project.state', {})
    const segment = recordsOf(state!.doc, 'segment').find((one) => one.maskId === mask.id)
    const { subjects } = await call('edit.subjects', { segmentId: segment?.id ?? '' })
    expect(subjects).toHaveLength(1)
    expect(subjects[0]?.lightness).toBeGreaterThan(0)
    const whole = new Uint8Array(SIZE.width * SIZE.height).fill(255)
    const shown = await previewed(prompt, whole, subjects)
    expect(worst(made, shown)).toBeLessThanOrEqual(1)
    // Without what was measured it would look otherwise.
    expect(worst(made, await previewed(prompt, whole))).toBeGreaterThan(20)
  })

  it('leaves a preview, and a recipe that says how to make the take again', async () => {
    const state = await call('project.state', {})
    const take = recordsOf(state!.doc, 'take').at(-1)
    const path = join(folder, 'edit', take?.path ?? '', TAKE_FILES.recipe)
    await access(join(folder, 'edit', takePreview(take?.id ?? '')))
    const recipe = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
    expect(recipe).toMatchObject({
      task: 'edit',
      params: { prompt: expect.any(String) as string, seed: 7 },
      result: { frames: FRAMES, untouched: 0 },
    })
  })

  it('matches a picture by light, the same in preview and take, and its recipe says so', async () => {
    const path = join(folder, 'teal and orange.png')
    // Teal where it is dark and where it is light, orange in between.
    const data = Uint8Array.from({ length: 64 * 64 * 3 }, (_, n) => {
      const light = Math.floor(n / 3 / 64) / 63
      const [r, g, b] = Math.abs(light - 0.5) < 0.17 ? [1.3, 1, 0.6] : [0.7, 1.05, 1.1]
      return Math.round(30 + 170 * light * [r, g, b][n % 3]!)
    })
    await writeFile(path, encode({ width: 64, height: 64, channels: 3, data }))
    const range = { assetId: asset.id, from: 0, to: FRAMES, maskId: null }
    const measured = await call('edit.matchPicture', { ...range, path, luminanceOnly: false })
    expect(measured.map.zones).toHaveLength(3)
    const plain = await call('edit.matchPicture', { ...range, path, luminanceOnly: true })
    expect(plain.map.zones).toBeUndefined()
    const match = (byLight: boolean): readonly EditOperation[] => [
      ...([
        { kind: 'match', keys: [{ frame: 0, value: 1 }], keepSkin: false, byLight, ...measured },
      ] as const),
    ]
    const made = await exported('warmer', null, match(true))
    expect(worst(made, await previewed('warmer', null, [], match(true)))).toBeLessThanOrEqual(1)
    expect(worst(made, await previewed('warmer', null, [], match(false)))).toBeGreaterThan(5)
    const state = await call('project.state', {})
    const take = recordsOf(state!.doc, 'take').at(-1)
    const recipe = join(folder, 'edit', take?.path ?? '', TAKE_FILES.recipe)
    expect(JSON.parse(await readFile(recipe, 'utf8'))).toMatchObject({
      params: {
        operations: [{ kind: 'match', byLight: true, map: { zones: measured.map.zones } }, {}],
      },
    })
  })

  it('says why it cannot run', async () => {
    const forecast = await call('jobs.forecast', {
      kind: 'edit',
      input: { segmentId: 'segment_none' },
    })
    expect(forecast.problems[0]?.code).toBe('not-found')
  })
})

describe('bad input', () => {
  const segmentOf = (prompt: string) => ({
    ...({ id: newId('segment'), type: 'segment', verb: 'edit', clipId } as const),
    ...{ from: 0, to: FRAMES, maskId: null, acceptedTakeId: null },
    params: { prompt, operations: [], feather: 4, seed: 0 },
  })
  const add = (prompt: string) => {
    const segment = segmentOf(prompt)
    const commands = [{ type: 'segment.add' as const, segment }]
    return { segment, reply: core.call('document.dispatch', { mode: 'record', commands }) }
  }

  it('is no prompt: it changes nothing, and the job says what to write', async () => {
    const { segment, reply } = add('')
    expect((await reply).ok).toBe(true)
    const input = { segmentId: segment.id }
    const { problems } = await call('jobs.forecast', { kind: 'edit', input })
    expect(problems[0]).toMatchObject({
      code: 'edit-empty',
      hint: expect.any(String) as string,
    })
  })

  it('is a prompt of more than 10,000 characters, while 10,000 are taken', async () => {
    expect((await add('warmer, '.repeat(1250)).reply).ok).toBe(true)
    expect(await add(`${'warmer, '.repeat(1250)}!`).reply).toMatchObject({
      ok: false,
      error: { code: 'invalid-request' },
    })
  })

  const match = (path: string) =>
    core.call('edit.matchPicture', {
      ...{ assetId: asset.id, from: 0, to: FRAMES, maskId: null, luminanceOnly: false },
      path,
    })

  it.each([
    ['text that is called a picture', 'text.png', 'media-unsupported'],
    ['a picture of one pixel', 'pixel.png', 'reference-invalid'],
    ['a picture that is not there', 'nowhere.png', 'file-missing'],
  ])('is %s, to match: refused with a hint', async (_, name, code) => {
    const path = join(folder, name)
    const pixel = encode({ width: 1, height: 1, channels: 3, data: Uint8Array.of(1, 2, 3) })
    if (name === 'text.png') await writeFile(path, 'This is no picture.')
    if (name === 'pixel.png') await writeFile(path, pixel)
    expect(await match(path)).toMatchObject({
      ok: false,
      error: { code, hint: expect.any(String) as string },
    })
  })

  it('is not a JPEG in printing colours, nor one of 50 megapixels: both are matched', async () => {
    const large = join(folder, 'large.jpg')
    await renderClip(large, 'testsrc2=s=256x192', [
      ...['-frames:v', '1', '-vf', 'scale=8192:6144:flags=neighbor'],
    ])
    for (const path of [resolve('tests/fixtures/pictures/cmyk.jpg'), large]) {
      expect(await match(path), path).toMatchObject({ ok: true })
    }
  })
})

describe('the colour table', () => {
  it('gives the pictures that ffmpeg makes of it, within one level', async () => {
    const step = {
      kind: 'temperature',
      value: 0.7,
      only: null,
      to: null,
      match: null,
      tones: null,
      except: [],
      subject: null,
    } as const
    const lut = bakeLut([step, { ...step, kind: 'contrast', value: 0.6 }])
    const rows: string[] = [`LUT_3D_SIZE ${LUT_SIZE}`]
    // A .cube file lists red fastest.
    for (let b = 0; b < LUT_SIZE; b++) {
      for (let g = 0; g < LUT_SIZE; g++) {
        for (let r = 0; r < LUT_SIZE; r++) {
          const at = ((r * LUT_SIZE + g) * LUT_SIZE + b) * 3
          rows.push([...lut.subarray(at, at + 3)].map((value) => value.toFixed(6)).join(' '))
        }
      }
    }
    const cwd = await mkdtemp(join(tmpdir(), 'lut'))
    try {
      await writeFile(join(cwd, 'x.cube'), `${rows.join('\n')}\n`)
      const out = join(cwd, 'out.mkv')
      const filter = `format=rgb24,lut3d=file=${join(cwd, 'x.cube')}:interp=tetrahedral`
      await ffmpeg([
        ...['-v', 'error', '-i', join(folder, 'clip.mkv'), '-vf', filter],
        ...['-c:v', 'ffv1', '-pix_fmt', 'bgr0', '-y', out],
      ])
      const theirs = await readAll(out, await probe(tools, out), 'rgb24')
      const ours = (await source()).map((data, frame) => {
        const rgba = new Uint8Array(SIZE.width * SIZE.height * 4)
        const spatial = { vignette: 0, bloom: 0, grain: 0, fog: 0 }
        const input = { data, channels: 3, ...SIZE, frame, seed: 0, scale: 1, mask: null } as const
        gradeFrame(input, { lut, spatial, fades: [] }, rgba)
        return data.map((value, n) =>
          rgba[Math.floor(n / 3) * 4 + 3] === 0
            ? value
            : (rgba[Math.floor(n / 3) * 4 + (n % 3)] ?? 0),
        )
      })
      expect(worst(ours, theirs)).toBeLessThanOrEqual(1)
    } finally {
      await rm(cwd, { recursive: true, force: true })
    }
  })
})
