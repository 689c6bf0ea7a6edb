import { access, mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Core } from '../../src/main/core/core.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import type { Input } from '../../src/shared/contract/api.js'
import type { EventMessage } from '../../src/shared/contract/events.js'
import type { Job, JobKind } from '../../src/shared/contract/job.js'
import { recordOf, recordsOf } from '../../src/shared/document/model.js'
import type {
  AssetRec,
  ProjectDoc,
  RepaintParams,
  TakeRec,
} from '../../src/shared/document/model.js'
import { newId } from '../../src/shared/ids.js'
import { defaultGrowth } from '../../src/shared/mask/growth.js'
import { TAKE_FILES } from '../../src/shared/projectPaths.js'
import type { TakeConfidence } from '../../src/shared/projectPaths.js'
import { callCore, startCore } from '../fixtures/host.js'
import { readAll, renderClip, tools } from './mediaClips.js'

/**
 * Replace and Regenerate through core, the engine process and ffmpeg, with a pack of random
 * weights: what comes out is noise, the way it takes is the real one.
 */
const SIZE = { width: 96, height: 64 }
const FRAMES = 48
const PAINTED = { x: 30, y: 20, width: 24, height: 20 }
const PARAMS: RepaintParams = {
  ...{ prompt: 'a red ball', seed: 4, steps: 3, guidance: null, strength: 1, feather: 3 },
}

let folder = ''
let core: Core
let project = ''
let asset: AssetRec
let clipId = ''
let maskId = ''
let source: Uint8Array[] = []
const jobs = new Map<string, Job>()
const heard: Job[] = []

const start = <K extends JobKind>(kind: K, input: Job<K>['input']): Promise<Job> =>
  callCore(core, 'jobs.start', { kind, input } as Input<'jobs.start'>)

async function ended(id: string): Promise<Job> {
  for (;;) {
    const job = jobs.get(id)
    if (job !== undefined && job.endedAt !== null) return job
    await new Promise((later) => setTimeout(later, 10))
  }
}

async function run<K extends JobKind>(kind: K, input: Job<K>['input']): Promise<Job<K>> {
  const job = await ended((await start(kind, input)).id)
  if (job.status !== 'succeeded') throw new Error(`${kind}: ${JSON.stringify(job.error)}`)
  return job as Job<K>
}

async function doc(): Promise<ProjectDoc> {
  const state = await callCore(core, 'project.state', {})
  if (state === null) throw new Error('There is no project.')
  return state.doc
}

type Commands = Input<'document.dispatch'>['commands']
const dispatch = (commands: Commands): Promise<unknown> =>
  callCore(core, 'document.dispatch', { mode: 'record', commands })

async function addSegment(
  verb: 'replace' | 'regenerate',
  range: { from: number; to: number },
  options: { mask?: boolean; params?: Partial<RepaintParams> } = {},
): Promise<string> {
  const id = newId('segment')
  const params = { ...PARAMS, ...options.params }
  const common = { id, type: 'segment', clipId, ...range, params, acceptedTakeId: null } as const
  const masked = options.mask ?? verb === 'replace'
  await dispatch([
    {
      type: 'segment.add',
      segment:
        verb === 'replace'
          ? { ...common, verb, maskId }
          : { ...common, verb, maskId: masked ? maskId : null },
    },
  ])
  return id
}

/** The film as it is exported while this take is used, without loss. */
async function exported(segmentId: string, takeId: string): Promise<Uint8Array[]> {
  await dispatch([{ type: 'take.accept', segmentId, takeId }])
  const path = join(folder, `${takeId}.mkv`)
  await run('export', { preset: 'ffv1', path, overwrite: false })
  await dispatch([{ type: 'take.accept', segmentId, takeId: null }])
  return readAll(path, await probe(tools, path), 'rgb24')
}

async function takeOf(takeId: string | undefined): Promise<TakeRec> {
  const take = recordOf(await doc(), 'take', takeId)
  if (take === undefined) throw new Error('There is no take.')
  return take
}

async function recipeOf(take: TakeRec): Promise<Record<string, unknown>> {
  const text = await readFile(join(project, take.path, TAKE_FILES.recipe), 'utf8')
  return JSON.parse(text) as Record<string, unknown>
}

function difference(a: Uint8Array, b: Uint8Array): number {
  let sum = 0
  for (let n = 0; n < a.length; n++) sum += Math.abs(a[n]! - b[n]!)
  return sum / a.length
}

/** Steps of green from each pixel to the next one in its row. */
function edges(picture: Uint8Array): Float64Array {
  return Float64Array.from({ length: SIZE.width * SIZE.height }, (_, n) =>
    n % SIZE.width === 0 ? 0 : picture[n * 3 + 1]! - picture[n * 3 - 2]!,
  )
}

/** Correlation. */
function likeness(a: Float64Array, b: Float64Array): number {
  const along = (x: Float64Array, y: Float64Array): number =>
    x.reduce((sum, value, n) => sum + value * y[n]!, 0)
  return along(a, b) / Math.sqrt(along(a, a) * along(b, b))
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiere repaint '))
  project = join(folder, 'project')
  core = startCore(folder)
  core.on(({ event, payload }: EventMessage) => {
    if (event !== 'job') return
    jobs.set((payload as Job).id, payload as Job)
    heard.push(payload as Job)
  })
  await callCore(core, 'project.create', { folder: project, name: 'repaint' })
  const path = join(folder, 'clip.mkv')
  const graph = `testsrc2=s=${SIZE.width}x${SIZE.height}:r=24,gblur=1.5,format=gbrp`
  await renderClip(path, graph, ['-frames:v', String(FRAMES), '-c:v', 'ffv1', '-pix_fmt', 'bgr0'])
  const { result } = await run('import', { path, place: true })
  clipId = result?.clipId ?? ''
  asset = recordsOf(await doc(), 'asset')[0]!
  source = await readAll(join(project, asset.path), asset.info, 'rgb24')
  maskId = newId('mask')
  const mask = {
    ...({ id: maskId, type: 'mask', assetId: asset.id, name: 'mask', between: 'hold' } as const),
    ...{ feather: 0, grow: 0, inverted: false, overlay: { colour: '#ff3d71', opacity: 0.5 } },
    keyframes: { '0': [{ kind: 'rectangle', erase: false, ...PAINTED } as const] },
  }
  await dispatch([{ type: 'mask.add', mask }])
})
afterAll(async () => {
  await core.close()
  await rm(folder, { recursive: true, force: true })
})

describe('replace', () => {
  const RANGE = { from: 10, to: 34 }

  it('says what is missing: a model, words, paint', async () => {
    const segmentId = await addSegment('replace', RANGE, { params: { prompt: ' ' } })
    await dispatch([{ type: 'mask.setKeyframe', id: maskId, frame: 0, shapes: [] }])
    const { problems } = await callCore(core, 'jobs.forecast', {
      kind: 'replace',
      input: { segmentId },
    })
    expect(problems.map(({ code }) => code)).toEqual(['prompt-empty', 'mask-empty', 'pack-missing'])
    await callCore(core, 'document.undo', {})
    await callCore(core, 'document.undo', {})
    await callCore(core, 'packs.install', { path: resolve('tests/fixtures/packs/tiny') })
  })

  it('changes only what is painted, bit for bit, and can prove it', async () => {
    const segmentId = await addSegment('replace', RANGE)
    const forecast = await callCore(core, 'jobs.forecast', {
      kind: 'replace',
      input: { segmentId },
    })
    expect(forecast.problems).toEqual([])
    expect(forecast.seconds).toBeGreaterThan(0)
    const { result } = await run('replace', { segmentId })
    const take = await takeOf(result?.takeId)
    expect(take).toMatchObject({ segmentId, ...RANGE })

    const frames = await exported(segmentId, take.id)
    expect(frames).toHaveLength(FRAMES)
    // The rim that goes with the painted region.
    const grow = defaultGrowth(SIZE)
    frames.forEach((frame, at) => {
      let outside = 0
      let inside = 0
      for (let n = 0; n < frame.length; n++) {
        const change = Math.abs(frame[n]! - source[at]![n]!)
        const x = Math.floor(n / 3) % SIZE.width
        const y = Math.floor(n / 3 / SIZE.width)
        const within =
          x >= PAINTED.x - grow &&
          x < PAINTED.x + PAINTED.width + grow &&
          y >= PAINTED.y - grow &&
          y < PAINTED.y + PAINTED.height + grow
        if (within) inside += change
        else outside = Math.max(outside, change)
      }
      expect(outside).toBe(0)
      if (at >= RANGE.from && at < RANGE.to) expect(inside).toBeGreaterThan(1000)
      else expect(inside).toBe(0)
    })

    const factsOf = async (): Promise<TakeConfidence> =>
      JSON.parse(
        await readFile(join(project, take.path, TAKE_FILES.confidence), 'utf8'),
      ) as TakeConfidence
    // Measured as it was made; a check of every frame finds the same.
    const measured = await factsOf()
    expect(measured.proof?.outside).toMatchObject({ max: 0, frames: 24 })
    expect(measured.proof?.seam.every((one) => one !== null)).toBe(true)
    await run('proof', { takeId: take.id })
    const facts = await factsOf()
    expect(facts.proof).toEqual(measured.proof)
    expect(facts.confidence).toEqual([])
    expect(await recipeOf(take)).toMatchObject({
      ...{ task: 'replace', prompt: 'a red ball', range: RANGE, strength: 1 },
      sampling: { seed: 4, steps: 3, guidance: 2, solver: 'euler' },
      pack: { id: 'tiny' },
      result: { frames: 24, untouched: 0, steps: 3, canvas: { width: 34, height: 32 } },
    })
    const sheets = heard.flatMap(({ kind, progress }) =>
      kind === 'replace' && progress.preview?.sheet ? [progress.preview.sheet] : [],
    )
    expect(sheets[0]).toMatchObject({ width: 34, height: 32 })
    await expect(access(join(project, take.path, 'preview.png'))).rejects.toThrow()
  })

  it('makes the same of the same seed, and something else of another', async () => {
    const segmentId = await addSegment('replace', { from: 0, to: 6 })
    let takeId = ''
    const again = async (seed: number): Promise<Uint8Array[]> => {
      await dispatch([{ type: 'segment.update', id: segmentId, changes: { params: { seed } } }])
      const { result } = await run('replace', { segmentId })
      takeId = result!.takeId
      return exported(segmentId, takeId)
    }
    const first = await again(4)
    expect(await again(4)).toEqual(first)
    expect(await again(5)).not.toEqual(first)
    // With a pack that enlarges (from here on) it is another enlargement of the same picture.
    await callCore(core, 'packs.install', { path: resolve('tests/fixtures/packs/tiny-upscale') })
    const enlarged = await again(4)
    expect(enlarged).not.toEqual(first)
    expect(difference(enlarged[3]!, first[3]!)).toBeLessThan(2)
    expect(await recipeOf(await takeOf(takeId))).toMatchObject({
      upscale: { id: 'tiny-upscale' },
      result: { enlarged: { provider: expect.any(String) as string } },
    })
  })
})

describe('regenerate', () => {
  const RANGE = { from: 14, to: 34 }

  it('joins on to what is before and after, with no larger step than inside', async () => {
    const segmentId = await addSegment('regenerate', RANGE, { params: { strength: 0.7 } })
    const { result } = await run('regenerate', { segmentId })
    const frames = await exported(segmentId, result!.takeId)
    frames.forEach((frame, at) => {
      const changed = difference(frame, source[at]!)
      if (at < RANGE.from || at >= RANGE.to) expect(changed).toBe(0)
      else expect(changed).toBeGreaterThan(0)
    })
    const middle = difference(frames[24]!, source[24]!)
    expect(middle).toBeGreaterThan(5)
    const steps = frames.slice(1).map((frame, n) => difference(frame, frames[n]!))
    const inside = Math.max(...steps.slice(RANGE.from, RANGE.to - 1))
    expect(steps[RANGE.from - 1]).toBeLessThanOrEqual(inside)
    expect(steps[RANGE.to - 1]).toBeLessThanOrEqual(inside)
    // Twice as wide as the network's picture by half: seen in two tiles.
    const recipe = await recipeOf(await takeOf(result?.takeId))
    expect(recipe).toMatchObject({ result: { canvas: { width: 48, height: 32 } } })
  })

  it('changes less with less strength', async () => {
    const at = async (strength: number): Promise<number> => {
      const segmentId = await addSegment('regenerate', RANGE, { params: { strength, steps: 10 } })
      const { result } = await run('regenerate', { segmentId })
      const frames = await exported(segmentId, result!.takeId)
      return difference(frames[24]!, source[24]!)
    }
    expect(await at(0.1)).toBeLessThan(0.7 * (await at(0.9)))
  })

  it('keeps to a painted region', async () => {
    const segmentId = await addSegment('regenerate', RANGE, { mask: true })
    const { result } = await run('regenerate', { segmentId })
    await run('proof', { takeId: result!.takeId })
    const take = await takeOf(result?.takeId)
    const text = await readFile(join(project, take.path, TAKE_FILES.confidence), 'utf8')
    expect((JSON.parse(text) as TakeConfidence).proof?.outside.max).toBe(0)
    expect(await exported(segmentId, take.id)).not.toEqual(source)
  })

  it('styles in words on the clip’s own drawing, and makes the same take again', async () => {
    const params = { detail: 'clip', strength: 1, prompt: 'watercolour' } as const
    const segmentId = await addSegment('regenerate', RANGE, { params })
    await dispatch([
      { type: 'segment.update', id: segmentId, changes: { params: { prompt: ' ' } } },
    ])
    const input = { segmentId }
    const { problems } = await callCore(core, 'jobs.forecast', { kind: 'regenerate', input })
    expect(problems.map(({ code }) => code)).toEqual(['prompt-empty'])
    await callCore(core, 'document.undo', {})

    const { result } = await run('regenerate', input)
    const frames = await exported(segmentId, result!.takeId)
    expect(frames[RANGE.from - 1]).toEqual(source[RANGE.from - 1])
    expect(frames[RANGE.to]).toEqual(source[RANGE.to])
    const { take, plain } = { take: frames[24]!, plain: source[24]! }
    expect(difference(take, plain)).toBeGreaterThan(10)
    // What random weights make from noise knows nothing of the clip: its edges are the clip's own.
    expect(likeness(edges(take), edges(plain))).toBeGreaterThan(0.8)
    const made = await takeOf(result?.takeId)
    expect(await recipeOf(made)).toMatchObject({ detail: 'borrowed', upscale: null })

    // Another detail is chosen since; made again, a take keeps that of its recipe.
    await dispatch([
      { type: 'segment.update', id: segmentId, changes: { params: { detail: 'made' } } },
    ])
    const loose = await run('regenerate', input)
    const free = await exported(segmentId, loose.result!.takeId)
    expect(likeness(edges(free[24]!), edges(plain))).toBeLessThan(0.6)
    const again = await run('regenerate', { segmentId, again: made.id })
    expect(await exported(segmentId, again.result!.takeId)).toEqual(frames)
  })

  const ENDLESS = { steps: 50, guidance: 3 }

  async function sampling(id: string): Promise<void> {
    while (jobs.get(id)?.progress.preview?.sheet === undefined) {
      await new Promise((later) => setTimeout(later, 10))
    }
  }

  it('keeps what it has when that is good enough', async () => {
    const segmentId = await addSegment('regenerate', RANGE, { params: ENDLESS })
    const { id } = await start('regenerate', { segmentId })
    await sampling(id)
    await callCore(core, 'jobs.finish', { jobId: id })
    const job = (await ended(id)) as Job<'regenerate'>
    expect(job.status).toBe('succeeded')
    const recipe = await recipeOf(await takeOf(job.result?.takeId))
    const { steps } = recipe['result'] as { steps: number }
    expect(steps).toBeGreaterThan(0)
    expect(steps).toBeLessThan(50)
  })

  it('stops within a second when cancelled and leaves nothing', async () => {
    const segmentId = await addSegment('regenerate', RANGE, { params: ENDLESS })
    const { id } = await start('regenerate', { segmentId })
    await sampling(id)
    const asked = performance.now()
    await callCore(core, 'jobs.cancel', { jobId: id })
    expect((await ended(id)).status).toBe('cancelled')
    expect(performance.now() - asked).toBeLessThan(1000)
    expect(await readdir(join(project, 'takes', segmentId)).catch(() => [])).toEqual([])
    expect(recordsOf(await doc(), 'take').some((take) => take.segmentId === segmentId)).toBe(false)
  })
})
