import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Core } from '../../src/main/core/core.js'
import type { Input } from '../../src/shared/contract/api.js'
import type { EventMessage } from '../../src/shared/contract/events.js'
import type { AnimateInput, Job } from '../../src/shared/contract/job.js'
import { recordOf, recordsOf } from '../../src/shared/document/model.js'
import type { AssetRec, Id, ProjectDoc } from '../../src/shared/document/model.js'
import { newId } from '../../src/shared/ids.js'
import { callCore, startCore } from '../fixtures/host.js'
import { readAll } from './mediaClips.js'

/** A still set in motion, through core, the engine process and ffmpeg. */
const WIDTH = 150
const HEIGHT = 90
const BOX = { x: 30, y: 20, width: 90, height: 50 }

let folder = ''
let core: Core
let project = ''
let photo: Uint8Array
let photoId: Id
let maskId: Id
const jobs = new Map<string, Job>()

function draw(): Uint8Array {
  const data = new Uint8Array(WIDTH * HEIGHT * 3)
  for (let n = 0; n < data.length; n++) {
    const x = Math.floor(n / 3) % WIDTH
    const y = Math.floor(n / 3 / WIDTH)
    data[n] = 128 + 100 * Math.sin(x / 6 + (n % 3)) * Math.cos(y / 5) + ((n * 7919) % 9)
  }
  return data
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

const INPUT = { prompt: '', seed: 1, strength: 1, seconds: 0.5, place: true }

async function animate(input: Partial<AnimateInput>): Promise<Job<'animate'>> {
  const { id } = await callCore(core, 'jobs.start', {
    kind: 'animate',
    input: { ...INPUT, assetId: photoId, ...input },
  })
  return (await ended(id)) as Job<'animate'>
}

async function made(job: Job<'animate'>): Promise<{ asset: AssetRec; frames: Uint8Array[] }> {
  const asset = recordOf(await doc(), 'asset', job.result?.assetId)
  if (asset === undefined) throw new Error(JSON.stringify(job.error))
  return { asset, frames: await readAll(join(project, asset.path), asset.info, 'rgb24') }
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiere animate '))
  project = join(folder, 'project')
  core = startCore(folder)
  core.on(({ event, payload }: EventMessage) => {
    if (event === 'job') jobs.set((payload as Job).id, payload as Job)
  })
  await callCore(core, 'project.create', { folder: project, name: 'animate' })
  photo = draw()
  const path = join(folder, 'photo.png')
  await writeFile(path, encode({ width: WIDTH, height: HEIGHT, data: photo, channels: 3 }))
  const { id } = await callCore(core, 'jobs.start', {
    kind: 'import',
    input: { path, place: false },
  })
  const imported = (await ended(id)) as Job<'import'>
  photoId = imported.result?.assetId ?? ''
  maskId = newId('mask')
  await callCore(core, 'document.dispatch', {
    mode: 'record',
    commands: [
      {
        type: 'mask.add',
        mask: {
          ...({ id: maskId, type: 'mask', assetId: photoId, name: 'water' } as const),
          keyframes: { '0': [{ kind: 'rectangle', erase: false, ...BOX }] },
          ...({ between: 'hold', feather: 0, grow: 0, inverted: false } as const),
          overlay: { colour: '#4aa8ff', opacity: 0.5 },
        },
      },
    ],
  })
})
afterAll(async () => {
  await core.close()
  await rm(folder, { recursive: true, force: true })
})

/** Differing bytes inside and outside the painted box. */
function changes(frame: Uint8Array): { inside: number; outside: number } {
  const count = { inside: 0, outside: 0 }
  for (let n = 0; n < frame.length; n++) {
    if (frame[n] === photo[n]) continue
    const x = Math.floor(n / 3) % WIDTH
    const y = Math.floor(n / 3 / WIDTH)
    const within = x >= BOX.x && x < BOX.x + BOX.width && y >= BOX.y && y < BOX.y + BOX.height
    count[within ? 'inside' : 'outside']++
  }
  return count
}

describe('animate', () => {
  it('moves only the region; the rest is the photo bit for bit, and the loop closes', async () => {
    const { asset, frames } = await made(await animate({ maskId, direction: 0 }))
    expect(asset).toMatchObject({
      info: { width: WIDTH, height: HEIGHT, frames: 12 },
      made: { task: 'animate', pack: null },
    })
    expect(recordsOf(await doc(), 'clip')).toMatchObject([{ assetId: asset.id }])
    expect(changes(frames[0]!)).toEqual({ inside: 0, outside: 0 })
    for (const frame of frames.slice(1)) {
      const { inside, outside } = changes(frame)
      expect(outside).toBe(0)
      expect(inside).toBeGreaterThan(2000)
    }
    const jump = (a: Uint8Array, b: Uint8Array) =>
      a.reduce((sum, value, n) => sum + Math.abs(value - b[n]!), 0)
    const jumps = frames.map((frame, n) => jump(frame, frames[(n + 1) % frames.length]!))
    expect(jumps.at(-1)).toBeLessThan(Math.max(...jumps.slice(0, -1)) * 1.1)
  })

  it('lets a model imagine the motion from words', async () => {
    await callCore(core, 'packs.install', { path: resolve('tests/fixtures/packs/tiny') })
    const job = await animate({ maskId, prompt: 'water flowing to the left' })
    const { asset, frames } = await made(job)
    expect(asset.made).toMatchObject({ pack: { id: 'tiny' }, prompt: 'water flowing to the left' })
    for (const frame of frames) expect(changes(frame).outside).toBe(0)
  })

  it('says what it lacks, and leaves nothing when cancelled', async () => {
    const ask = (input: Partial<AnimateInput>) =>
      callCore(core, 'jobs.forecast', {
        kind: 'animate',
        input: { ...INPUT, assetId: photoId, ...input },
      })
    expect((await ask({})).problems.map(({ code }) => code)).toEqual(['prompt-empty'])
    const clip = recordsOf(await doc(), 'asset').find(({ made: by }) => by !== undefined)!
    const moving = await ask({ assetId: clip.id, direction: 0 })
    expect(moving.problems.map(({ code }) => code)).toEqual(['media-unsupported'])
    expect((await ask({ direction: 0 })).problems).toEqual([])

    const before = await readdir(join(project, 'media'))
    const { id } = await callCore(core, 'jobs.start', {
      kind: 'animate',
      input: { ...INPUT, assetId: photoId, direction: 90, seconds: 20 },
    })
    while (jobs.get(id)?.progress.phase !== 'encoding') {
      await new Promise((later) => setTimeout(later, 5))
    }
    const asked = performance.now()
    await callCore(core, 'jobs.cancel', { jobId: id })
    expect((await ended(id)).status).toBe('cancelled')
    expect(performance.now() - asked).toBeLessThan(1000)
    expect(await readdir(join(project, 'media'))).toEqual(before)
  })

  const apart = (a: Uint8Array, b: Uint8Array): number =>
    a.reduce((sum, value, n) => sum + Math.abs(value - b[n]!), 0) / a.length

  it('paints the photo in a style first, in the same go', async () => {
    const style = {
      style: await callCore(core, 'style.add', { shipped: 'oil' }),
      ...({ strength: 1, strokes: 'fine', keepColours: false } as const),
    }
    const { asset, frames } = await made(await animate({ maskId, direction: 0, style }))
    expect(asset.made).toMatchObject({
      task: 'animate',
      pack: { id: expect.stringContaining('style') as string },
    })
    expect(apart(frames[0]!, photo)).toBeGreaterThan(5)
    // What does not move is the same paint in every frame.
    for (const frame of frames) {
      for (let x = 0; x < BOX.x * 3; x++) expect(frame[x]).toBe(frames[0]![x])
    }
    expect(apart(frames[5]!, frames[0]!)).toBeGreaterThan(1)
    const recipe = await readFile(join(project, asset.made?.recipe ?? ''), 'utf8')
    expect(JSON.parse(recipe)).toMatchObject({
      input: { style },
      style: { pack: asset.made?.pack, reference: expect.any(String) as string },
    })
  })

  it('animates what is seen: the takes in use on the clip are part of it', async () => {
    const clipId = newId('clip')
    const segmentId = newId('segment')
    const { records, meta } = await doc()
    const [track] = recordsOf({ records, meta }, 'track').filter(({ kind }) => kind === 'video')
    const keys = [{ frame: 0, value: 1 }]
    const params = {
      prompt: '',
      feather: 0,
      seed: 0,
      operations: [{ kind: 'exposure', keys, only: null }],
    }
    await callCore(core, 'document.dispatch', {
      mode: 'record',
      commands: [
        {
          type: 'clip.add',
          clip: {
            ...({ id: clipId, type: 'clip' } as const),
            trackId: track!.id,
            assetId: photoId,
            start: 5000,
            in: 0,
            length: 24,
          },
        },
        {
          type: 'segment.add',
          segment: {
            ...({ id: segmentId, type: 'segment', verb: 'edit' } as const),
            clipId,
            from: 0,
            to: 1,
            maskId: null,
            params,
            acceptedTakeId: null,
          },
        },
      ],
    } as Input<'document.dispatch'>)
    const { id } = await callCore(core, 'jobs.start', { kind: 'edit', input: { segmentId } })
    const { takeId } = (await ended(id)).result as { takeId: Id }
    await callCore(core, 'document.dispatch', {
      mode: 'record',
      commands: [{ type: 'take.accept', segmentId, takeId }],
    })
    const { frames } = await made(await animate({ clipId, direction: 0 }))
    expect(apart(frames[0]!, photo)).toBeGreaterThan(15)
    const plain = await made(await animate({ direction: 0 }))
    expect(apart(plain.frames[0]!, photo)).toBe(0)
  })
})
