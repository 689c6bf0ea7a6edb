import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Input, Method, Output } from '../../src/shared/contract/api.js'
import type { EventMessage } from '../../src/shared/contract/events.js'
import type { Job, JobKind } from '../../src/shared/contract/job.js'
import { recordOf, recordsOf } from '../../src/shared/document/model.js'
import type { MaskRec, ProjectDoc } from '../../src/shared/document/model.js'
import { newId } from '../../src/shared/ids.js'
import { maskAt } from '../../src/shared/mask/index.js'
import { createCore } from '../../src/main/core/core.js'
import type { Core } from '../../src/main/core/core.js'
import { encodeGreyPng, readGreyPng } from '../../src/main/ffmpeg/greyPng.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { engineProcess } from '../../src/main/hosts/engineProcess.js'
import { TEST_PACKS } from '../fixtures/host.js'
import { readAll, renderClip, tools } from './mediaClips.js'

/**
 * The whole story through core, with the real engine process and the real ffmpeg: import, paint,
 * remove, accept, undo, redo, export, close, reopen.
 */
let folder = ''
let core: Core
const jobs = new Map<string, Job>()
const events: EventMessage[] = []

function start(): Core {
  const made = createCore({
    version: '0.0.0-test',
    host: 'cli',
    dataFolder: join(folder, 'data'),
    resourcesFolder: resolve('resources'),
    packsFolder: TEST_PACKS,
    defaultProjectsFolder: join(folder, 'projects'),
    spawnEngine: engineProcess(resolve('out/main/engine.js')),
    shell: null,
  })
  made.on((message) => {
    events.push(message)
    if (message.event === 'job') jobs.set((message.payload as Job).id, message.payload as Job)
  })
  return made
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiere story '))
  core = start()
})
afterAll(async () => {
  await core.close()
  await rm(folder, { recursive: true, force: true })
})

async function call<M extends Method>(method: M, input: Input<M>): Promise<Output<M>> {
  const reply = await core.call(method, input)
  if (!reply.ok) throw new Error(`${method}: ${reply.error.code}: ${reply.error.message}`)
  return reply.data as Output<M>
}

async function run<K extends JobKind>(kind: K, input: Job<K>['input']): Promise<Job<K>> {
  const job = await call('jobs.start', { kind, input } as Input<'jobs.start'>)
  for (;;) {
    const now = jobs.get(job.id)
    if (now !== undefined && ['succeeded', 'failed', 'cancelled'].includes(now.status)) {
      if (now.status !== 'succeeded')
        throw new Error(`${kind} ${now.status}: ${JSON.stringify(now.error)}`)
      return now as Job<K>
    }
    await new Promise((later) => setTimeout(later, 20))
  }
}

async function doc(): Promise<ProjectDoc> {
  const state = await call('project.state', {})
  if (state === null) throw new Error('no project')
  return state.doc
}

/** A square that stands on a panning test picture: 2 s, 24 fps, with a tone. */
const GRAPH =
  'mandelbrot=size=480x240:rate=24:start_scale=0.4:end_scale=0.4,trim=end_frame=1,loop=48:1:0,setpts=N/24/TB,' +
  "crop=320:180:x='n*2':y=20,drawbox=x=140:y=70:w=40:h=40:color=red:t=fill"

describe('the story, through core', () => {
  const projectFolder = (): string => join(folder, 'My Edit')
  let segmentId = ''
  let maskId = ''

  it('imports a clip with its sound and places it', async () => {
    const clip = await renderClip(
      join(folder, 'clip.mp4'),
      GRAPH,
      [
        '-frames:v',
        '48',
        '-pix_fmt',
        'yuv420p',
        '-c:v',
        'libx264',
        '-crf',
        '12',
        '-c:a',
        'aac',
        '-shortest',
      ],
      'sine=frequency=330:duration=2',
    )
    await call('project.create', { folder: projectFolder(), name: 'My Edit' })
    const job = await run('import', { path: clip, place: true })
    expect(job.result?.clipId).not.toBeNull()
    const now = await doc()
    expect(recordsOf(now, 'clip')).toHaveLength(2)
    expect(now.meta).toMatchObject({ width: 320, height: 180, fps: { num: 24, den: 1 } })
  })

  it('refuses to remove an empty mask, with a hint', async () => {
    const now = await doc()
    const clip = recordsOf(now, 'clip').find((one) => one.trackId === videoTrack(now))
    const assetId = recordsOf(now, 'asset')[0]?.id ?? ''
    maskId = newId('mask')
    segmentId = newId('segment')
    const mask: MaskRec = {
      id: maskId,
      type: 'mask',
      assetId,
      name: 'Mask',
      keyframes: {},
      between: 'interpolate',
      feather: 0,
      grow: 0,
      inverted: false,
      overlay: { colour: '#ff3d71', opacity: 0.5 },
    }
    await call('document.dispatch', {
      mode: 'record',
      commands: [
        { type: 'mask.add', mask },
        {
          type: 'segment.add',
          segment: {
            id: segmentId,
            type: 'segment',
            clipId: clip?.id ?? '',
            verb: 'remove',
            from: 0,
            to: 48,
            maskId,
            params: { dilate: 6, feather: 2, seed: 1 },
            acceptedTakeId: null,
          },
        },
      ] as never,
    })
    const reply = await core.call('jobs.start', { kind: 'remove', input: { segmentId } })
    expect(reply).toMatchObject({ ok: false, error: { code: 'mask-empty' } })
    expect(reply.ok ? '' : reply.error.hint).toMatch(/paint/i)
  })

  it('removes a painted square and leaves a take with its recipe', async () => {
    await call('document.dispatch', {
      mode: 'record',
      commands: [
        {
          type: 'mask.addShape',
          id: maskId,
          frame: 0,
          shape: { kind: 'rectangle', erase: false, x: 138, y: 68, width: 44, height: 44 },
        },
      ],
    })
    const forecast = await call('jobs.forecast', { kind: 'remove', input: { segmentId } })
    expect(forecast.problems).toEqual([])
    expect(forecast.seconds).toBeGreaterThan(0)
    const job = await run('remove', { segmentId })
    const now = await doc()
    const take = recordOf(now, 'take', job.result?.takeId)
    expect(take).toMatchObject({ segmentId, from: 0, to: 48 })
    const files = await readdir(join(projectFolder(), take?.path ?? ''))
    expect(files).toEqual(
      expect.arrayContaining(['take.mkv', 'recipe.json', 'confidence.json', 'thumb.jpg']),
    )
    const recipe = JSON.parse(
      await readFile(join(projectFolder(), take?.path ?? '', 'recipe.json'), 'utf8'),
    ) as { inputs: { source: { sha256: string } } }
    expect(recipe.inputs.source.sha256).toMatch(/^[0-9a-f]{64}$/)
    const reports = events.filter(
      (one) => one.event === 'job' && (one.payload as Job).id === job.id,
    )
    expect(reports.some((one) => ((one.payload as Job).progress.total ?? 0) > 0)).toBe(true)
  })

  it('exports the accepted take: the square gone, nothing changed outside the mask', async () => {
    const take = recordsOf(await doc(), 'take')[0]
    await call('document.dispatch', {
      mode: 'record',
      commands: [{ type: 'take.accept', segmentId, takeId: take?.id ?? null }],
    })
    const job = await run('export', { preset: 'ffv1', path: 'clean.mkv', overwrite: false })
    const path = job.result?.path ?? ''
    const now = await doc()
    const asset = recordsOf(now, 'asset')[0]
    if (asset === undefined) throw new Error('no asset')
    const source = await readAll(join(projectFolder(), asset.path), asset.info, 'rgb24')
    const outInfo = await probe(tools, path)
    expect(outInfo.frames).toBe(48)
    expect(outInfo.audio?.samples).toBe(Math.round((48 / 24) * (outInfo.audio?.sampleRate ?? 0)))
    const out = await readAll(path, outInfo, 'rgb24')
    const mask = recordOf(now, 'mask', maskId)
    if (mask === undefined) throw new Error('no mask')
    const size = { width: 320, height: 180 }
    const painted = maskAt({ ...mask, grow: 6 }, 0, size, size)
    let outside = 0
    let red = 0
    for (const [index, frame] of out.entries()) {
      const before = source[index]
      if (before === undefined) throw new Error('frame missing')
      for (let at = 0; at < painted.length; at++) {
        for (let channel = 0; channel < 3; channel++) {
          const difference = Math.abs(
            (frame[at * 3 + channel] ?? 0) - (before[at * 3 + channel] ?? 0),
          )
          if (painted[at] === 0) outside = Math.max(outside, difference)
        }
        const centre = at % 320 > 145 && at % 320 < 175 && at > 75 * 320 && at < 105 * 320
        if (centre && (frame[at * 3] ?? 0) > 200 && (frame[at * 3 + 1] ?? 0) < 60) red++
      }
    }
    expect(outside).toBe(0)
    expect(red).toBe(0)
  })

  it('takes an imported PNG as the mask of its frame, whatever other frames show', async () => {
    const before = await doc()
    const square = (left: number) => {
      const data = new Uint8Array(320 * 180)
      for (let y = 60; y < 90; y++) data.fill(255, y * 320 + left, y * 320 + left + 30)
      return data
    }
    for (const [frame, left] of [
      [20, 10],
      [30, 250],
    ] as const) {
      const path = join(folder, `mask-${frame}.png`)
      const picture = { width: 320, height: 180, data: square(left) }
      await writeFile(path, encodeGreyPng(picture))
      await call('mask.import', { maskId, frame, path })
      const out = join(folder, `again-${frame}.png`)
      await call('mask.export', { maskId, from: frame, to: frame + 1, path: out, overwrite: false })
      expect((await readGreyPng(out)).data).toEqual(picture.data)
    }
    await call('document.undo', {})
    await call('document.undo', {})
    expect(await doc()).toEqual(before)
  })

  it('never overwrites an export without being asked', async () => {
    const input = { preset: 'ffv1', path: 'clean.mkv', overwrite: false } as const
    const reply = await core.call('jobs.start', { kind: 'export', input })
    expect(reply).toMatchObject({ ok: false, error: { code: 'file-exists' } })
  })

  it('undoes and redoes the acceptance, and everything is there after reopening', async () => {
    await call('document.undo', {})
    expect(recordOf(await doc(), 'segment', segmentId)?.acceptedTakeId).toBeNull()
    await call('document.redo', {})
    const before = await doc()
    expect(recordOf(before, 'segment', segmentId)?.acceptedTakeId).not.toBeNull()
    await core.close()
    core = start()
    const state = await call('project.open', { folder: projectFolder() })
    expect(state.doc).toEqual(before)
    expect(state.recovered).toBeNull()
  })

  it.each(['analysing', 'filling'])(
    'cancels a removal while %s within a second; discarded, it leaves nothing behind',
    async (phase) => {
      // Ten frames are enough to be in the middle of.
      await call('document.dispatch', {
        mode: 'record',
        commands: [{ type: 'segment.update', id: segmentId, changes: { to: 10 } }],
      })
      const job = await call('jobs.start', { kind: 'remove', input: { segmentId } })
      for (;;) {
        const now = jobs.get(job.id)
        if (now?.status === 'running' && now.progress.phase === phase) break
        if (now?.status === 'failed') throw new Error(JSON.stringify(now.error))
        await new Promise((later) => setTimeout(later, 5))
      }
      const started = performance.now()
      await call('jobs.cancel', { jobId: job.id })
      while (jobs.get(job.id)?.status === 'running') {
        await new Promise((later) => setTimeout(later, 5))
      }
      const took = performance.now() - started
      console.info(`cancelled while ${phase} after ${took.toFixed(0)} ms`)
      // A second is the promise; a computer that does other work at the same time gets a little more.
      expect(took).toBeLessThan(1500)
      const stopped = jobs.get(job.id)
      expect(stopped?.status).toBe('cancelled')
      // Before the first finished frame there is nothing to keep.
      if (phase === 'analysing') expect(stopped?.unfinished).toBeUndefined()
      await call('jobs.dismiss', { jobId: job.id })
      const left = await readdir(join(projectFolder(), 'takes', segmentId))
      expect(left).toEqual(recordsOf(await doc(), 'take').map((take) => take.id))
      await call('document.undo', {})
    },
  )

  it('rebuilds a deleted cache on opening', async () => {
    await call('project.close', {})
    await rm(join(projectFolder(), 'cache'), { recursive: true })
    await call('project.open', { folder: projectFolder() })
    for (;;) {
      const list = await call('jobs.list', {})
      if (list.some((one) => one.status === 'failed')) throw new Error(JSON.stringify(list))
      if (list.length > 0 && list.every((one) => one.status === 'succeeded')) break
      await new Promise((later) => setTimeout(later, 20))
    }
    const asset = recordsOf(await doc(), 'asset')[0]
    expect(await readdir(join(projectFolder(), 'cache', asset?.id ?? ''))).toContain('proxy.mp4')
  })
})

function videoTrack(now: ProjectDoc): string {
  return recordsOf(now, 'track').find((track) => track.kind === 'video')?.id ?? ''
}
