import { readFile, readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Core } from '../../src/main/core/core.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import type { EventMessage } from '../../src/shared/contract/events.js'
import type { Job, JobKind, JobKinds } from '../../src/shared/contract/job.js'
import { recordOf, recordsOf } from '../../src/shared/document/model.js'
import type { AssetRec, ClipRec, ProjectDoc } from '../../src/shared/document/model.js'
import type { RetimeOperation, RetimeParams } from '../../src/shared/retime/operations.js'
import { callCore, startCore } from '../fixtures/host.js'
import { beepTimes, flashTimes } from './flashes.js'
import {
  LOSSLESS,
  digest,
  ffmpeg,
  readAll,
  renderClip,
  temporaryFolder,
  tools,
} from './mediaClips.js'

/** Speed and direction, through core, the engine process and ffmpeg. */
const FPS = { num: 30_000, den: 1001 }
const FRAMES = 60
/** White frames, each with a beep that begins when it appears; the scene is cut at CUT. */
const FLASHES = [12, 44]
const CUT = 30

let folder = ''
let core: Core
let project = ''
let source: AssetRec
let shown: string[] = []
const jobs = new Map<string, Job>()

async function run<K extends JobKind>(kind: K, input: JobKinds[K]['input']): Promise<Job<K>> {
  const { id } = await callCore(core, 'jobs.start', { kind, input } as never)
  return (await ended(id)) as Job<K>
}

async function ended(id: string): Promise<Job> {
  for (;;) {
    const job = jobs.get(id)
    if (job !== undefined && job.endedAt !== null) return job
    await new Promise((later) => setTimeout(later, 10))
  }
}

async function doc(): Promise<ProjectDoc> {
  const state = await callCore(core, 'project.state', {})
  if (state === null) throw new Error('There is no project.')
  return state.doc
}

/** The clips of the picture track, in order. */
async function pictures(): Promise<ClipRec[]> {
  const now = await doc()
  const video = recordsOf(now, 'track').find(({ kind }) => kind === 'video')
  return recordsOf(now, 'clip')
    .filter(({ trackId }) => trackId === video?.id)
    .sort((a, b) => a.start - b.start)
}

/** Retimes frames `[from, to)` of the only clip, reads what came out, and takes it back. */
async function retimed(
  operations: readonly RetimeOperation[],
  {
    from = 0,
    to = FRAMES,
    ...params
  }: { readonly from?: number; readonly to?: number } & Partial<RetimeParams> = {},
): Promise<{ asset: AssetRec; path: string; frames: string[]; clips: ClipRec[] }> {
  const before = await doc()
  const [clip] = await pictures()
  const job = await run('retime', {
    ...{ clipId: clip?.id ?? '', from, to },
    params: { operations, smoothness: 'interpolate', keepPitch: true, ...params },
  })
  expect(job.error).toBeUndefined()
  const after = await doc()
  const asset = recordOf(after, 'asset', job.result?.assetId)
  if (asset === undefined) throw new Error('There is no asset.')
  const clips = await pictures()
  const path = join(project, asset.path)
  const frames = (await readAll(path, asset.info)).map(digest)
  expect(asset.info.fps).toEqual(FPS)
  const wanted = Math.round((asset.info.frames * FPS.den * 48_000) / FPS.num)
  expect(await samplesIn(path)).toBe(wanted)
  await callCore(core, 'document.undo', {})
  expect((await doc()).records).toEqual(before.records)
  return { asset, path, frames, clips }
}

/** Samples of the file's sound, as a plain decoder counts them. */
async function samplesIn(path: string): Promise<number> {
  const raw = join(folder, 'samples.raw')
  await ffmpeg(['-v', 'error', '-i', path, '-map', '0:a:0', '-f', 's24le', '-ac', '1', '-y', raw])
  return (await stat(raw)).size / 3
}

const whole = { from: 0, to: FRAMES }

beforeAll(async () => {
  folder = await temporaryFolder()
  project = join(folder, 'project')
  const white = FLASHES.map((frame) => `eq(n,${frame})`).join('+')
  const starts = FLASHES.map((frame) => (frame * FPS.den) / FPS.num)
  const on = starts.map((time) => `between(t,${time.toFixed(9)},${(time + 0.06).toFixed(9)})`)
  const rate = `${FPS.num}/${FPS.den}`
  const scene = (size: string, level: number): string =>
    `testsrc2=s=${size}:r=${rate},format=gray,format=yuv420p,eq=brightness=${level}`
  const path = await renderClip(
    join(folder, 'flash.mkv'),
    [
      `${scene('160x90', -0.2)},trim=end_frame=${CUT}[a]`,
      `color=c=0x000830:s=160x90:r=${rate},noise=alls=10:allf=t,trim=end_frame=${FRAMES - CUT}[b]`,
      `[a][b]concat,drawbox=t=fill:color=white:enable='${white}'`,
    ].join(';'),
    [...LOSSLESS, '-c:a', 'pcm_s16le', '-shortest'],
    `aevalsrc='0.8*sin(2*PI*1000*t)*(${on.join('+')})':s=48000:d=${(FRAMES * FPS.den) / FPS.num}`,
  )
  core = startCore(folder)
  core.on(({ event, payload }: EventMessage) => {
    if (event === 'job') jobs.set((payload as Job).id, payload as Job)
  })
  await callCore(core, 'project.create', { folder: project, name: 'retime' })
  const job = await run('import', { path, place: true })
  const asset = recordOf(await doc(), 'asset', job.result?.assetId)
  if (asset === undefined) throw new Error(JSON.stringify(job.error))
  source = asset
  expect(source.info.frames).toBe(FRAMES)
  shown = (await readAll(join(project, source.path), source.info)).map(digest)
})
afterAll(() => core.close())

describe('retime', () => {
  it('plays backward, every frame as it was', async () => {
    const { frames } = await retimed([{ kind: 'reverse', ...whole }])
    expect(frames).toEqual(shown.toReversed())
  })

  it('keeps whole frames in slow motion, and makes nothing across a cut', async () => {
    const { frames, asset } = await retimed([{ kind: 'speed', ...whole, factor: 0.5 }])
    expect(frames.filter((_, n) => n % 2 === 0)).toEqual(shown)
    const between = frames.filter((_, n) => n % 2 === 1)
    expect(between.some((frame) => !shown.includes(frame))).toBe(true)
    expect([shown[CUT - 1], shown[CUT]]).toContain(between[CUT - 1])
    // Nothing lies behind the last frame to lean on.
    expect(between.at(-1)).toBe(shown.at(-1))
    const recipe = JSON.parse(
      await readFile(join(project, asset.made?.recipe ?? ''), 'utf8'),
    ) as Record<string, unknown>
    expect(recipe).toMatchObject({
      ...{
        task: 'retime',
        range: whole,
        result: { refused: expect.arrayContaining([CUT - 1]) as number[], frames: 2 * FRAMES },
      },
      params: { operations: [{ kind: 'speed', factor: 0.5 }] },
    })
  })

  it('repeats frames where that is wanted', async () => {
    const operations = [{ kind: 'speed', ...whole, factor: 0.5 }] as const
    const { frames } = await retimed(operations, { smoothness: 'repeat' })
    expect(frames).toEqual(shown.flatMap((frame) => [frame, frame]))
  })

  it('changes a part in its place, and what follows moves along', async () => {
    const part = { from: 10, to: 20 }
    const { clips, frames } = await retimed(
      [
        { kind: 'freeze', at: 4, frames: 7 },
        { kind: 'speed', from: 0, to: 10, factor: 2 },
      ],
      part,
    )
    // Four frames and six at double speed, and seven that stand still.
    expect(frames).toHaveLength(12)
    expect(clips.map(({ start, length, in: first }) => [start, length, first])).toEqual([
      [0, 10, 0],
      [10, 12, 0],
      [22, 40, 20],
    ])
    expect(new Set(frames.slice(2, 10))).toEqual(new Set([shown[14]]))
  })

  const ways: [string, readonly RetimeOperation[], (at: number) => number][] = [
    ['half speed', [{ kind: 'speed', ...whole, factor: 0.5 }], (at) => at * 2],
    ['double speed', [{ kind: 'speed', ...whole, factor: 2 }], (at) => at / 2],
    ['backward', [{ kind: 'reverse', ...whole }], (at) => FRAMES - 1 - at],
  ]
  it.each(ways)('keeps picture and sound together: %s', async (_, operations, placed) => {
    const { path, asset } = await retimed(operations, { smoothness: 'repeat' })
    const frame = FPS.num / FPS.den
    const seen = (await flashTimes(path, folder)).map((time) => Math.round(time * frame))
    const heard = (await beepTimes(path, folder)).map((time) => time * frame)
    const wanted = FLASHES.map(placed).sort((a, b) => a - b)
    const first = wanted.map((at) => seen.find((one) => Math.abs(one - at) < 1.5) ?? NaN)
    expect(heard).toHaveLength(FLASHES.length)
    console.info(
      'slip in frames',
      heard.map((at, n) => (at - (first[n] ?? NaN)).toFixed(2)),
    )
    const backward = operations[0]?.kind === 'reverse'
    for (const [n, at] of heard.entries()) {
      // Played backward a beep ends where it began: at the end of its flash.
      const slip = backward ? at + 0.06 * frame - 1 - (first[n] ?? NaN) : at - (first[n] ?? NaN)
      expect(Math.abs(slip)).toBeLessThan(0.5)
    }
    expect((await probe(tools, path)).frames).toBe(asset.info.frames)
  })

  it('refuses what would change nothing, and what is gone', async () => {
    const [clip] = await pictures()
    const params = { operations: [], smoothness: 'interpolate', keepPitch: true } as const
    const forecast = (clipId: string) =>
      callCore(core, 'jobs.forecast', { kind: 'retime', input: { clipId, ...whole, params } })
    expect((await forecast(clip?.id ?? '')).problems[0]?.code).toBe('edit-empty')
    expect((await forecast('clip_gone')).problems[0]?.code).toBe('not-found')
  })

  it('leaves nothing behind but what it goes on from when it is cancelled', async () => {
    const [clip] = await pictures()
    const before = await doc()
    const media = await readdir(join(project, 'media'))
    const cache = await readdir(join(project, 'cache'))
    const params = {
      operations: [{ kind: 'speed', ...whole, factor: 0.05 }],
      ...({ smoothness: 'interpolate', keepPitch: true } as const),
    } as const
    const { id } = await callCore(core, 'jobs.start', {
      kind: 'retime',
      input: {
        clipId: clip?.id ?? '',
        ...whole,
        params: { ...params, operations: [...params.operations] },
      },
    })
    while ((jobs.get(id)?.progress.done ?? 0) < 3 || jobs.get(id)?.progress.phase !== 'retiming') {
      await new Promise((later) => setTimeout(later, 5))
    }
    const asked = performance.now()
    await callCore(core, 'jobs.cancel', { jobId: id })
    expect((await ended(id)).status).toBe('cancelled')
    expect(performance.now() - asked).toBeLessThan(1000)
    expect((await doc()).records).toEqual(before.records)
    expect(await readdir(join(project, 'media'))).toEqual(media)
    const left = (await readdir(join(project, 'cache'))).filter((name) => !cache.includes(name))
    expect(left).toEqual([expect.stringMatching(/^retime_/)])
    await callCore(core, 'jobs.dismiss', { jobId: id })
    expect((await readdir(join(project, 'cache'))).sort()).toEqual(cache.sort())
  })
})
