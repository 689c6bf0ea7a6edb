import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { cp, readFile, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Core } from '../../src/main/core/core.js'
import type { Input } from '../../src/shared/contract/api.js'
import type { EventMessage } from '../../src/shared/contract/events.js'
import type { Job } from '../../src/shared/contract/job.js'
import { recordOf, recordsOf } from '../../src/shared/document/model.js'
import { callCore, startCore } from '../fixtures/host.js'
import type { HostReport, HostTask } from '../fixtures/host.js'
import { LOSSLESS, digest, ffmpeg, readAll, renderClip, temporaryFolder } from './mediaClips.js'

/** Slow motion that is stopped, and goes on where it was. */
const FRAMES = 24
/** Frames of the result: long enough to be stopped in between. */
const TOTAL = FRAMES * 8

let base = ''
let template = ''
let job: Input<'jobs.start'>
/** Pictures and sound of a run that nothing disturbed. */
let whole: readonly string[] = []
let sound = ''

beforeAll(async () => {
  base = await temporaryFolder()
  template = join(base, 'template')
  const clip = await renderClip(
    join(base, 'clip.mkv'),
    `testsrc2=size=640x300:rate=24,crop=320:180:x='4*n':y=20`,
    ['-frames:v', String(FRAMES), ...LOSSLESS, '-c:a', 'pcm_s16le', '-shortest'],
    'sine=frequency=440:duration=2',
  )
  const core = startCore(base)
  await callCore(core, 'project.create', { folder: template, name: 'Stopped' })
  await run(core, { kind: 'import', input: { path: clip, place: true } })
  const doc = (await callCore(core, 'project.state', {}))!.doc
  const video = recordsOf(doc, 'track').find(({ kind }) => kind === 'video')
  const clipId = recordsOf(doc, 'clip').find(({ trackId }) => trackId === video?.id)?.id ?? ''
  const operations = [{ kind: 'speed' as const, from: 0, to: FRAMES, factor: 1 / 8 }]
  const params = { operations, smoothness: 'interpolate', keepPitch: true } as const
  job = { kind: 'retime', input: { clipId, from: 0, to: FRAMES, params } }
  await callCore(core, 'project.close', {})
  const project = await copy('whole')
  await callCore(core, 'project.open', { folder: project })
  ;({ pictures: whole, sound } = await made(core, project, await run(core, job)))
  expect(whole).toHaveLength(TOTAL)
  await core.close()
})
afterAll(() => rm(base, { recursive: true, force: true }))

async function copy(name: string): Promise<string> {
  const project = join(base, name)
  await cp(template, project, { recursive: true })
  return project
}

async function run(
  core: Core,
  request: Input<'jobs.start'>,
  during: (job: Job) => void = () => undefined,
): Promise<Job> {
  const heard: Job[] = []
  const stop = core.on(({ event, payload }: EventMessage) => {
    if (event !== 'job' || (payload as Job).kind !== request.kind) return
    heard.push(payload as Job)
    during(payload as Job)
  })
  const { id } = await callCore(core, 'jobs.start', request)
  for (;;) {
    const ended = heard.find((one) => one.id === id && one.endedAt !== null)
    if (ended !== undefined) {
      stop()
      return ended
    }
    await new Promise((later) => setTimeout(later, 5))
  }
}

async function made(core: Core, project: string, { result, error }: Job) {
  expect(error).toBeUndefined()
  const state = await callCore(core, 'project.state', {})
  const id = (result as { assetId: string } | undefined)?.assetId
  const asset = recordOf(state!.doc, 'asset', id)
  if (asset === undefined) throw new Error('There is no clip.')
  const path = join(project, asset.path)
  const raw = join(base, 'sound.raw')
  await ffmpeg(['-v', 'error', '-i', path, '-map', '0:a:0', '-f', 's24le', '-y', raw])
  return {
    pictures: (await readAll(path, asset.info)).map(digest),
    sound: digest(await readFile(raw)),
    info: asset.info,
  }
}

/** Late enough that a first part is on disk, whatever the machine. */
const isUnderWay = ({ progress }: Pick<Job, 'progress'>): boolean =>
  progress.phase === 'retiming' && progress.done >= (TOTAL * 2) / 3

async function unfinishedFolders(project: string): Promise<string[]> {
  return (await readdir(join(project, 'cache'))).filter((name) => name.startsWith('retime_'))
}

const options = { timeout: 240_000, skip: !existsSync('/proc/self/stat') }

describe('a retime that is stopped', options, () => {
  it('by kill -9 of the whole app: goes on, with the same pictures and the same sound', async () => {
    const project = await copy('app')
    const task: HostTask = { base, project, job, maskId: null }
    const script = new URL('../fixtures/host.mjs', import.meta.url)
    const child = fork(script, [JSON.stringify(task)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    child.on('message', (report: HostReport) => {
      if ('job' in report && isUnderWay(report.job)) child.kill('SIGKILL')
    })
    await once(child, 'exit')

    const core = startCore(base)
    await callCore(core, 'project.open', { folder: project })
    const [interrupted] = await callCore(core, 'jobs.list', {})
    expect(interrupted).toMatchObject({
      kind: 'retime',
      error: { code: 'job-interrupted' },
      unfinished: { total: TOTAL },
    })
    const done = interrupted?.unfinished?.done ?? 0
    expect(done).toBeGreaterThan(0)
    expect((await callCore(core, 'jobs.forecast', job)).goesOn?.done).toBe(done)
    let first = TOTAL
    const ended = await run(core, job, ({ progress }) => {
      if (progress.phase === 'retiming') first = Math.min(first, progress.done)
    })
    expect(first).toBeGreaterThan(done)
    const again = await made(core, project, ended)
    expect(again.pictures).toEqual(whole)
    expect(again.sound).toBe(sound)
    expect(again.info.notes).toEqual([])
    expect(await unfinishedFolders(project)).toEqual([])
    expect((await callCore(core, 'jobs.list', {})).map(({ id }) => id)).toEqual([ended.id])
    await core.close()
  })

  it('by the person: is offered, goes only on with the same, and can be discarded', async () => {
    const project = await copy('cancel')
    const core = startCore(base)
    await callCore(core, 'project.open', { folder: project })
    const stopped = await run(core, job, (now) => {
      if (isUnderWay(now)) void core.call('jobs.cancel', { jobId: now.id })
    })
    expect(stopped).toMatchObject({ status: 'cancelled', unfinished: { total: TOTAL } })
    expect(await unfinishedFolders(project)).toHaveLength(1)
    const other = structuredClone(job) as Extract<Input<'jobs.start'>, { kind: 'retime' }>
    const changed = { ...other, input: { ...other.input, to: FRAMES - 1 } }
    expect((await callCore(core, 'jobs.forecast', changed)).goesOn).toBeUndefined()
    expect((await callCore(core, 'jobs.forecast', job)).goesOn).toBeDefined()

    await callCore(core, 'jobs.dismiss', { jobId: stopped.id })
    expect(await unfinishedFolders(project)).toEqual([])
    expect((await callCore(core, 'jobs.forecast', job)).goesOn).toBeUndefined()
    await core.close()
  })

  it('and that nobody goes on with any more is cleared when the project opens', async () => {
    const project = await copy('orphan')
    const core = startCore(base)
    await callCore(core, 'project.open', { folder: project })
    const stopped = await run(core, job, (now) => {
      if (isUnderWay(now)) void core.call('jobs.cancel', { jobId: now.id })
    })
    await callCore(core, 'project.close', {})
    await rm(join(project, 'cache', 'jobs', `${stopped.id}.json`))
    await callCore(core, 'project.open', { folder: project })
    expect(await unfinishedFolders(project)).toEqual([])
    await core.close()
  })
})
