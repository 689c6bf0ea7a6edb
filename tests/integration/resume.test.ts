import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Core } from '../../src/main/core/core.js'
import { readTake } from '../../src/main/ffmpeg/frames.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'
import type { EventMessage } from '../../src/shared/contract/events.js'
import type { Job } from '../../src/shared/contract/job.js'
import { recordsOf } from '../../src/shared/document/model.js'
import type { MaskRec, TakeRec } from '../../src/shared/document/model.js'
import { TAKE_FILES } from '../../src/shared/projectPaths.js'
import { callCore, startCore } from '../fixtures/host.js'
import type { HostReport, HostTask } from '../fixtures/host.js'
import { descendantsOf } from '../support/processes.js'
import { renderClip, temporaryFolder } from './mediaClips.js'

const SIZE = { width: 192, height: 108 }
const FRAMES = 42
const CUT = 23
/** Windows of 24 frames, 12 of them finished together, so that a short clip has several. */
const WINDOW = 12
const MASK = 'mask_resume'
const SEGMENT = 'segment_resume'
const JOB = { kind: 'remove', input: { segmentId: SEGMENT } } as const

let base = ''
let template = ''
/** The take of a run that nothing disturbed. */
let whole: Uint8Array[] = []
let confidence: readonly number[] = []

beforeAll(async () => {
  process.env['LUMIERE_FRAME_MEMORY_MB'] = '1'
  base = await temporaryFolder()
  template = join(base, 'template')
  const clip = await renderClip(
    join(base, 'clip.mp4'),
    // Two shots under a moving camera.
    `testsrc2=size=480x200:rate=24,trim=end_frame=${CUT},crop=192:108:x='2*n':y=20,eq=brightness=-0.35:saturation=0.2[a];` +
      `testsrc2=size=480x200:rate=24,crop=192:108:x='200-2*n':y=40,negate,eq=brightness=0.2[b];[a][b]concat`,
    ['-frames:v', String(FRAMES), '-pix_fmt', 'yuv420p'],
  )
  const core = startCore(base)
  await callCore(core, 'project.create', { folder: template, name: 'Stopped' })
  expect((await run(core, { kind: 'import', input: { path: clip, place: true } })).status).toBe(
    'succeeded',
  )
  const doc = (await callCore(core, 'project.state', {}))?.doc
  if (doc === undefined) throw new Error('no project')
  const mask: MaskRec = {
    id: MASK,
    type: 'mask',
    assetId: recordsOf(doc, 'asset')[0]?.id ?? '',
    name: 'Mask',
    keyframes: {
      '0': [{ kind: 'ellipse', erase: false, x: 80, y: 40, width: 30, height: 30 }],
    },
    between: 'hold',
    ...{ feather: 0, grow: 0, inverted: false, overlay: { colour: '#ff3d71', opacity: 0.5 } },
  }
  await callCore(core, 'document.dispatch', {
    mode: 'record',
    commands: [
      { type: 'mask.add', mask },
      {
        type: 'segment.add',
        segment: {
          ...{ id: SEGMENT, type: 'segment', verb: 'remove', maskId: MASK },
          clipId: recordsOf(doc, 'clip')[0]?.id ?? '',
          ...{ from: 0, to: FRAMES, params: { dilate: 4, feather: 2, seed: 5 } },
          acceptedTakeId: null,
        },
      },
    ] as never,
  })
  await callCore(core, 'project.close', {})
  const project = await copy('whole')
  await callCore(core, 'project.open', { folder: project })
  expect((await run(core, JOB)).status).toBe('succeeded')
  const [take] = await takes(core)
  whole = await framesOf(project, take)
  confidence = await confidenceOf(project, take)
  await core.close()
})
afterAll(async () => {
  delete process.env['LUMIERE_FRAME_MEMORY_MB']
  await rm(base, { recursive: true, force: true })
})

async function copy(name: string): Promise<string> {
  const project = join(base, name)
  await cp(template, project, { recursive: true })
  return project
}

interface Run {
  readonly job: Job
  /** Every state it went through. */
  readonly heard: readonly Job[]
}

/** Runs a job to its end; `during` sees each of its states. */
async function runHearing(
  core: Core,
  request: Parameters<typeof callCore<'jobs.start'>>[2],
  during: (job: Job) => void = () => undefined,
): Promise<Run> {
  const heard: Job[] = []
  let wake = (): void => undefined
  const stop = core.on(({ event, payload }: EventMessage) => {
    if (event !== 'job' || (payload as Job).kind !== request.kind) return
    heard.push(payload as Job)
    during(payload as Job)
    wake()
  })
  const { id } = await callCore(core, 'jobs.start', request)
  for (;;) {
    const ended = heard.find((job) => job.id === id && job.endedAt !== null)
    if (ended !== undefined) {
      stop()
      return { job: ended, heard: heard.filter((job) => job.id === id) }
    }
    await new Promise<void>((resolve) => (wake = resolve))
  }
}

async function run(
  core: Core,
  request: Parameters<typeof callCore<'jobs.start'>>[2],
  during?: (job: Job) => void,
): Promise<Job> {
  return (await runHearing(core, request, during)).job
}

async function takes(core: Core): Promise<TakeRec[]> {
  const state = await callCore(core, 'project.state', {})
  return state === null ? [] : recordsOf(state.doc, 'take')
}

async function framesOf(project: string, take: TakeRec | undefined): Promise<Uint8Array[]> {
  if (take === undefined) throw new Error('There is no take.')
  const { ffmpeg } = await findFfmpeg()
  const frames: Uint8Array[] = []
  const path = join(project, take.path, TAKE_FILES.video)
  const options = { from: 0, to: take.to - take.from, layout: 'rgba', ...SIZE } as const
  for await (const frame of readTake(ffmpeg, path, options)) frames.push(frame)
  return frames
}

async function confidenceOf(project: string, take: TakeRec | undefined): Promise<number[]> {
  const text = await readFile(join(project, take?.path ?? '', TAKE_FILES.confidence), 'utf8')
  return (JSON.parse(text) as { confidence: number[] }).confidence
}

/** Bit for bit the take of the undisturbed run, and nothing beside it. */
async function expectWhole(core: Core, project: string): Promise<void> {
  const found = await takes(core)
  const take = found.find(({ from, to }) => to - from === FRAMES)
  const frames = await framesOf(project, take)
  expect(frames).toHaveLength(FRAMES)
  frames.forEach((frame, n) => {
    expect(Buffer.compare(frame, whole[n]!), `frame ${n}`).toBe(0)
  })
  expect(await confidenceOf(project, take)).toEqual(confidence)
  expect((await readdir(join(project, 'takes', SEGMENT))).sort()).toEqual(
    found.map(({ id }) => id).sort(),
  )
  expect((await readdir(join(project, take?.path ?? ''))).sort()).toEqual(
    Object.values(TAKE_FILES).sort(),
  )
}

const isAt = (job: Pick<Job, 'progress'>, share: number): boolean =>
  job.progress.phase === 'filling' && job.progress.done >= share * FRAMES

// Several removals each: a busy computer takes its time.
const options = { timeout: 420_000, skip: !existsSync('/proc/self/stat') }

describe('a removal that is stopped', options, () => {
  it('by kill -9 of the whole app at 60 %: goes on, redoes at most one window, same bits', async () => {
    const project = await copy('app')
    const task: HostTask = { base, project, job: JOB, maskId: null }
    const script = new URL('../fixtures/host.mjs', import.meta.url)
    const child = fork(script, [JSON.stringify(task)], {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    let reached = 0
    child.on('message', (report: HostReport) => {
      if (!('job' in report) || !isAt(report.job, 0.6)) return
      reached = Math.max(reached, report.job.progress.done)
      child.kill('SIGKILL')
    })
    await once(child, 'exit')
    expect(reached).toBeGreaterThanOrEqual(0.6 * FRAMES)

    const core = startCore(base)
    await callCore(core, 'project.open', { folder: project })
    const [interrupted] = await callCore(core, 'jobs.list', {})
    expect(interrupted).toMatchObject({
      status: 'failed',
      error: { code: 'job-interrupted' },
      unfinished: { total: FRAMES },
    })
    const done = interrupted?.unfinished?.done ?? 0
    expect(done).toBeGreaterThanOrEqual(reached - WINDOW)
    expect(interrupted?.unfinished?.next).toBe(done)
    const { goesOn } = await callCore(core, 'jobs.forecast', JOB)
    expect(goesOn).toEqual(interrupted?.unfinished)

    const { job, heard } = await runHearing(core, JOB)
    expect(job.status).toBe('succeeded')
    const filled = heard.filter(({ progress }) => progress.phase === 'filling')
    expect(filled[0]?.progress.done).toBe(done)
    expect(heard.some(({ progress }) => progress.phase === 'analysing')).toBe(false)
    console.info(`killed at ${reached}, went on from ${done} of ${FRAMES}`)
    // The one that it takes up is no longer offered.
    expect((await callCore(core, 'jobs.list', {})).map(({ id }) => id)).toEqual([job.id])
    await expectWhole(core, project)
    await core.close()
  })

  it('by kill -9 of the engine: goes on by itself, and gives up when it keeps dying', async () => {
    const project = await copy('engine')
    const core = startCore(base)
    await callCore(core, 'project.open', { folder: project })
    const engines = (): number[] =>
      descendantsOf(process.pid)
        .filter(({ name }) => name === 'node' || name === 'MainThread')
        .map(({ pid }) => pid)
    const others = engines()
    let kills = 0
    const killEngine = (): void => {
      for (const pid of engines()) if (!others.includes(pid)) process.kill(pid, 'SIGKILL')
      kills++
    }
    // Every time it has done a frame more than the time before.
    let at = 0.6 * FRAMES
    const failed = await run(core, JOB, (job) => {
      if (job.progress.phase !== 'filling' || job.progress.done < at || job.endedAt !== null) return
      at = job.progress.done + 1
      killEngine()
    })
    expect(kills).toBe(4)
    expect(failed).toMatchObject({
      status: 'failed',
      error: { code: 'engine-crashed' },
      unfinished: { total: FRAMES },
    })
    let once = false
    const again = await run(core, JOB, (job) => {
      if (once || !isAt(job, 0.8)) return
      once = true
      killEngine()
    })
    expect(once).toBe(true)
    expect(again.status).toBe('succeeded')
    await expectWhole(core, project)
    await core.close()
  })

  it('by the person: the finished frames can be kept, gone on with, or discarded', async () => {
    const project = await copy('person')
    let core = startCore(base)
    await callCore(core, 'project.open', { folder: project })
    const cancelAt = (share: number) => (job: Job) => {
      if (isAt(job, share) && job.endedAt === null) {
        void core.call('jobs.cancel', { jobId: job.id })
      }
    }
    const stopped = await run(core, JOB, cancelAt(0.5))
    expect(stopped.status).toBe('cancelled')
    const done = stopped.unfinished?.done ?? 0
    expect(done).toBeGreaterThanOrEqual(0.5 * FRAMES)

    expect((await run(core, { kind: 'keep', input: { segmentId: SEGMENT } })).status).toBe(
      'succeeded',
    )
    const [kept] = await takes(core)
    expect(kept).toMatchObject({ from: 0, to: done })
    const frames = await framesOf(project, kept)
    frames.forEach((frame, n) => expect(Buffer.compare(frame, whole[n]!)).toBe(0))

    // Another day.
    await core.close()
    core = startCore(base)
    await callCore(core, 'project.open', { folder: project })
    const [offered] = await callCore(core, 'jobs.list', {})
    expect(offered).toMatchObject({ status: 'cancelled', unfinished: { done } })

    // Another mask is another removal: no mixture of both.
    await callCore(core, 'document.dispatch', {
      mode: 'record',
      commands: [{ type: 'mask.update', id: MASK, changes: { grow: 2 } }],
    })
    expect((await callCore(core, 'jobs.forecast', JOB)).goesOn).toBeUndefined()
    await callCore(core, 'document.undo', {})
    expect((await callCore(core, 'jobs.forecast', JOB)).goesOn?.done).toBe(done)
    const finished = await run(core, JOB)
    expect(finished.status).toBe('succeeded')
    await expectWhole(core, project)

    await callCore(core, 'document.dispatch', {
      mode: 'record',
      commands: [{ type: 'mask.update', id: MASK, changes: { grow: 3 } }],
    })
    const once = await run(core, JOB, cancelAt(0.4))
    expect(once.unfinished).toBeDefined()
    await callCore(core, 'jobs.dismiss', { jobId: once.id })
    expect((await readdir(join(project, 'takes', SEGMENT))).sort()).toEqual(
      (await takes(core)).map(({ id }) => id).sort(),
    )
    expect((await callCore(core, 'jobs.forecast', JOB)).goesOn).toBeUndefined()
    await core.close()
  })

  it('by a changed source: starts anew', async () => {
    const project = await copy('source')
    const core = startCore(base)
    await callCore(core, 'project.open', { folder: project })
    const stopped = await run(core, JOB, (job) => {
      if (isAt(job, 0.5)) void core.call('jobs.cancel', { jobId: job.id })
    })
    expect(stopped.unfinished).toBeDefined()
    const state = await callCore(core, 'project.state', {})
    const asset = state === null ? undefined : recordsOf(state.doc, 'asset')[0]
    await renderClip(join(project, asset?.path ?? ''), `testsrc=size=192x108:rate=24`, [
      '-frames:v',
      String(FRAMES),
      '-pix_fmt',
      'yuv420p',
    ])
    expect((await callCore(core, 'jobs.forecast', JOB)).goesOn).toBeUndefined()
    const { heard } = await runHearing(core, JOB, (job) => {
      if (job.progress.phase === 'analysing') void core.call('jobs.cancel', { jobId: job.id })
    })
    expect(heard.some(({ progress }) => progress.phase === 'analysing')).toBe(true)
    await core.close()
  })

  it('by a full disk: says so, keeps what is finished, goes on when there is room', async () => {
    const project = await copy('full')
    const { ffmpeg, ffprobe } = await findFfmpeg()
    const full = join(base, 'full-now')
    const wrapper = join(base, 'ffmpeg-on-a-full-disk')
    await writeFile(
      wrapper,
      `#!/bin/sh\nif [ -e '${full}' ]; then case "$*" in *parts/0*) cat >/dev/null; echo 'No space left on device' >&2; exit 1;; esac; fi\nexec '${ffmpeg}' "$@"\n`,
    )
    await chmod(wrapper, 0o755)
    process.env['LUMIERE_FFMPEG'] = wrapper
    process.env['LUMIERE_FFPROBE'] = ffprobe
    try {
      const core = startCore(base)
      await callCore(core, 'project.open', { folder: project })
      let filled = false
      const failed = await run(core, JOB, (job) => {
        if (filled || !isAt(job, 0.4)) return
        filled = true
        void writeFile(full, '')
      })
      expect(failed).toMatchObject({ status: 'failed', error: { code: 'disk-full' } })
      expect(failed.unfinished?.done).toBeGreaterThan(0)
      await rm(full)
      expect((await run(core, JOB)).status).toBe('succeeded')
      await expectWhole(core, project)
      await core.close()
    } finally {
      delete process.env['LUMIERE_FFMPEG']
      delete process.env['LUMIERE_FFPROBE']
    }
  })
})
