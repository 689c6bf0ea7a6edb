import { mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { decode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Core } from '../../src/main/core/core.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import type { EventMessage } from '../../src/shared/contract/events.js'
import type { GenerateInput, Job } from '../../src/shared/contract/job.js'
import { recordOf, recordsOf } from '../../src/shared/document/model.js'
import type { AssetRec, ProjectDoc } from '../../src/shared/document/model.js'
import { callCore, startCore } from '../fixtures/host.js'
import { readAll, tools } from './mediaClips.js'

/**
 * Text to clip through core, the engine process and ffmpeg, with a pack of random weights: the
 * pictures are noise, the way they take is the real one.
 */
let folder = ''
let core: Core
let project = ''
const jobs = new Map<string, Job>()
const heard: Job[] = []

const INPUT = {
  ...{ prompt: 'a red ball', seed: 4, steps: 3, candidates: 1 },
  ...{ loop: false, size: 64, place: true },
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiere generate '))
  project = join(folder, 'project')
  core = startCore(folder)
  core.on(({ event, payload }: EventMessage) => {
    if (event !== 'job') return
    jobs.set((payload as Job).id, payload as Job)
    heard.push(payload as Job)
  })
  await callCore(core, 'project.create', { folder: project, name: 'generate' })
})
afterAll(async () => {
  await core.close()
  await rm(folder, { recursive: true, force: true })
})

const start = (input: GenerateInput): Promise<Job> =>
  callCore(core, 'jobs.start', { kind: 'generate', input })

async function ended(id: string): Promise<Job<'generate'>> {
  for (;;) {
    const job = jobs.get(id)
    if (job !== undefined && job.endedAt !== null) return job as Job<'generate'>
    await new Promise((later) => setTimeout(later, 10))
  }
}

async function run(input: GenerateInput): Promise<AssetRec> {
  const job = await ended((await start(input)).id)
  if (job.status !== 'succeeded') throw new Error(JSON.stringify(job.error))
  const asset = recordOf(await doc(), 'asset', job.result?.assetId)
  if (asset === undefined) throw new Error('There is no asset.')
  return asset
}

async function doc(): Promise<ProjectDoc> {
  const state = await callCore(core, 'project.state', {})
  if (state === null) throw new Error('There is no project.')
  return state.doc
}

async function recipeOf({ made }: AssetRec): Promise<unknown> {
  return JSON.parse(await readFile(join(project, made!.recipe), 'utf8'))
}

async function pixels({ path, info }: AssetRec): Promise<Uint8Array> {
  return Buffer.concat(await readAll(join(project, path), info, 'rgb24'))
}

describe('generate', () => {
  it('says what to do where no pack is installed, and when there is no prompt', async () => {
    const { problems } = await callCore(core, 'jobs.forecast', {
      kind: 'generate',
      input: { ...INPUT, prompt: ' ' },
    })
    expect(problems.map(({ code }) => code)).toEqual(['prompt-empty', 'pack-missing'])
    await expect(start(INPUT)).rejects.toThrow('pack-missing')
    await callCore(core, 'packs.install', { path: resolve('tests/fixtures/packs/tiny') })
    const ready = await callCore(core, 'jobs.forecast', { kind: 'generate', input: INPUT })
    expect(ready.problems).toEqual([])
    expect(ready.seconds).toBeGreaterThan(0)
  })

  it('makes an asset on the timeline with its recipe, and shows it while it is made', async () => {
    const previews: { file: string; width: number; height: number }[] = []
    const silence = core.on(({ event, payload }) => {
      const sheet = event === 'job' ? (payload as Job).progress.preview : undefined
      if (sheet === undefined || previews.some(({ file }) => file === sheet.path)) return
      previews.push({ file: sheet.path, width: 0, height: 0 })
      void readFile(join(project, sheet.path)).then((bytes) => {
        const { width, height } = decode(bytes)
        Object.assign(previews[0] ?? {}, { width, height })
      })
    })
    const asset = await run(INPUT)
    silence()
    expect(asset).toMatchObject({
      name: 'a red ball.mp4',
      info: { frames: 8, width: 64, height: 64, fps: { num: 16, den: 5 } },
      made: { task: 'generate', prompt: 'a red ball', seed: 4, pack: { id: 'tiny' } },
    })
    expect(await probe(tools, join(project, asset.path))).toEqual(asset.info)
    const recipe = JSON.parse(await readFile(join(project, asset.made!.recipe), 'utf8')) as object
    expect(recipe).toMatchObject({
      prompt: 'a red ball',
      sampling: { seed: 4, steps: 3, guidance: 2, solver: 'euler', emphasis: 4 },
      pack: asset.made!.pack,
      result: { steps: 3, provider: expect.any(String) as string },
    })
    expect(recordsOf(await doc(), 'clip')).toMatchObject([{ assetId: asset.id, start: 0 }])
    // Eight frames in a grid of three columns.
    expect(previews).toMatchObject([{ width: 96, height: 96 }])
    const sheets = heard.map(({ progress }) => progress.preview?.sheet).filter(Boolean)
    expect(sheets[0]).toEqual({ columns: 3, count: 8, fps: 3.2, width: 32, height: 32 })
    expect(heard.some((job) => job.progress.phase === 'sampling' && job.progress.total === 6)).toBe(
      true,
    )
    expect((await readdir(join(project, 'cache'))).sort()).toEqual([asset.id, 'jobs'].sort())
  })

  it('makes the same clip of the same seed, and another of another', async () => {
    const first = recordsOf(await doc(), 'asset').find(({ made }) => made?.seed === INPUT.seed)
    if (first === undefined) throw new Error('There is no first clip.')
    expect(await pixels(await run(INPUT))).toEqual(await pixels(first))
    const other = await run({ ...INPUT, seed: 5, solver: 'heun', guidance: 1 })
    expect(await pixels(other)).not.toEqual(await pixels(first))
    const even = await run({ ...INPUT, emphasis: 0 })
    expect(await pixels(even)).not.toEqual(await pixels(first))
  })

  it('makes longer and endless clips', async () => {
    const long = await run({ ...INPUT, seconds: 5, place: false })
    expect(long.info.frames).toBe(16)
    const loop = await run({ ...INPUT, seconds: 1.25, loop: true, place: false })
    // A loop cut short would jump at its end.
    expect(loop.info.frames).toBe(8)
  })

  it('begins several, makes the one that fits best, and says which', async () => {
    const input = { ...INPUT, steps: 5, place: false }
    const alone = await callCore(core, 'jobs.forecast', { kind: 'generate', input })
    const several = { ...input, candidates: 3 }
    const three = await callCore(core, 'jobs.forecast', { kind: 'generate', input: several })
    expect(three.seconds).toBeGreaterThan(alone.seconds)
    heard.length = 0
    const made = await run({ ...several, seconds: 5 })
    const { result } = (await recipeOf(made)) as {
      result: { chosen: { seed: number; mirrored: boolean; agreements: number[] } }
    }
    const { seed, mirrored, agreements } = result.chosen
    expect(agreements).toHaveLength(3)
    expect(agreements[seed - INPUT.seed]).toBe(Math.max(...agreements))
    // Two candidates of a step each beside the one of five, two passes each, in three windows.
    const passes = heard.flatMap(({ progress }) =>
      progress.phase === 'sampling' ? [progress.total] : [],
    )
    expect(new Set(passes)).toEqual(new Set([7 * 2 * 3]))
    const shown = new Set(heard.map(({ progress }) => progress.preview?.sheet?.candidate?.number))
    expect(shown).toEqual(new Set([undefined, 1, 2, 3]))
    const again = await run({ ...several, seconds: 5 })
    expect(await pixels(again)).toEqual(await pixels(made))
    if (mirrored) return
    expect(await pixels(await run({ ...input, seed, seconds: 5 }))).toEqual(await pixels(made))
  })

  it('is enlarged by the network of a pack where there is one, and says so', async () => {
    const input = { ...INPUT, size: 128, place: false }
    const plain = await run(input)
    expect(await recipeOf(plain)).toMatchObject({ upscale: 'lanczos', result: { enlarged: null } })
    const { seconds } = await callCore(core, 'jobs.forecast', { kind: 'generate', input })
    await callCore(core, 'packs.install', { path: resolve('tests/fixtures/packs/tiny-upscale') })
    heard.length = 0
    const better = await run(input)
    expect(better.info).toEqual(plain.info)
    expect(await recipeOf(better)).toMatchObject({
      upscale: { id: 'tiny-upscale' },
      result: { enlarged: { provider: expect.any(String) as string } },
    })
    const frames = heard.filter(({ progress }) => progress.phase === 'enlarging')
    expect(frames[0]?.progress.total).toBe(8)
    expect(await pixels(better)).not.toEqual(await pixels(plain))
    // Its work is part of what is said beforehand.
    const after = await callCore(core, 'jobs.forecast', { kind: 'generate', input })
    expect(after.problems).toEqual([])
    expect(after.seconds).not.toBe(seconds)
  })

  it('stops between two frames that are enlarged', async () => {
    const before = await readdir(join(project, 'media'))
    const { id } = await start({ ...INPUT, seconds: 40, steps: 1, size: 1024 })
    const enlarging = (): boolean => jobs.get(id)?.progress.phase === 'enlarging'
    while (!enlarging()) await new Promise((later) => setTimeout(later, 5))
    const asked = performance.now()
    await callCore(core, 'jobs.cancel', { jobId: id })
    expect((await ended(id)).status).toBe('cancelled')
    expect(performance.now() - asked).toBeLessThan(1000)
    expect(await readdir(join(project, 'media'))).toEqual(before)
  })

  const ENDLESS = { ...INPUT, seconds: 40, steps: 50 }

  async function sampling(id: string): Promise<void> {
    while ((jobs.get(id)?.progress.preview ?? null) === null) {
      await new Promise((later) => setTimeout(later, 10))
    }
  }

  it('keeps what it has when that is good enough', async () => {
    const { id } = await start(ENDLESS)
    await sampling(id)
    await callCore(core, 'jobs.finish', { jobId: id })
    const job = await ended(id)
    expect(job.status).toBe('succeeded')
    const asset = recordOf(await doc(), 'asset', job.result?.assetId)
    expect(asset?.info.frames).toBe(128)
    const recipe = JSON.parse(await readFile(join(project, asset!.made!.recipe), 'utf8')) as {
      result: { steps: number }
    }
    expect(recipe.result.steps).toBeGreaterThan(0)
    expect(recipe.result.steps).toBeLessThan(50)
  })

  it('stops within a second when cancelled and leaves nothing', async () => {
    const before = await readdir(join(project, 'media'))
    const { id } = await start(ENDLESS)
    await sampling(id)
    const asked = performance.now()
    await callCore(core, 'jobs.cancel', { jobId: id })
    expect((await ended(id)).status).toBe('cancelled')
    expect(performance.now() - asked).toBeLessThan(1000)
    expect(await readdir(join(project, 'media'))).toEqual(before)
    const ids = new Set(Object.keys((await doc()).records))
    const caches = (await readdir(join(project, 'cache'))).filter((name) => name !== 'jobs')
    expect(caches.filter((name) => !ids.has(name))).toEqual([])
  })

  it('refuses a pack that was changed after it was installed', async () => {
    const { packs } = await callCore(core, 'packs.list', {})
    const file = join(packs[0]!.folder, 'unet.000.bin')
    const { size } = await stat(file)
    const bytes = Buffer.alloc(size, 1)
    await writeFile(file, bytes)
    const job = await ended((await start(INPUT)).id)
    expect(job).toMatchObject({ status: 'failed', error: { code: 'pack-damaged' } })
  })
})
