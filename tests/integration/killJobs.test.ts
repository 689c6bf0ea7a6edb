import { fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync } from 'node:fs'
import { cp, readdir, rm } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Input } from '../../src/shared/contract/api.js'
import type { Job } from '../../src/shared/contract/job.js'
import { checkDocument } from '../../src/shared/document/integrity.js'
import { recordOf, recordsOf } from '../../src/shared/document/model.js'
import type { MaskRec, ProjectDoc } from '../../src/shared/document/model.js'
import { callCore, markOf, startCore } from '../fixtures/host.js'
import type { HostReport, HostTask } from '../fixtures/host.js'
import { descendantsOf, isAlive, waitUntilGone } from '../support/processes.js'
import type { Process } from '../support/processes.js'
import { renderClip, temporaryFolder } from './mediaClips.js'

/** How long what a killed process has started may outlive it. */
const GONE_WITHIN_MS = 2000
const FRAMES = 96
const MASK = 'mask_kill'
const SEGMENT = 'segment_kill'
const AGAIN = 'segment_again'

let base = ''
let template = ''
beforeAll(async () => {
  base = await temporaryFolder()
  template = join(base, 'template')
  const clip = await renderClip(
    join(base, 'clip.mp4'),
    `testsrc2=size=640x360:rate=24`,
    ['-frames:v', String(FRAMES), '-pix_fmt', 'yuv420p', '-c:a', 'aac', '-shortest'],
    `sine=frequency=330:duration=${String(FRAMES / 24)}`,
  )
  const core = startCore(base)
  await callCore(core, 'project.create', { folder: template, name: 'Killed' })
  await callCore(core, 'packs.install', { path: resolve('tests/fixtures/packs/tiny') })
  const ended = new Promise<Job>((done) => {
    core.on(({ event, payload }) => {
      if (event === 'job' && (payload as Job).endedAt !== null) done(payload as Job)
    })
  })
  await callCore(core, 'jobs.start', { kind: 'import', input: { path: clip, place: true } })
  expect((await ended).status).toBe('succeeded')
  const doc = (await callCore(core, 'project.state', {}))?.doc
  if (doc === undefined) throw new Error('no project')
  const video = recordsOf(doc, 'track').find((track) => track.kind === 'video')
  const mask: MaskRec = {
    id: MASK,
    type: 'mask',
    assetId: recordsOf(doc, 'asset')[0]?.id ?? '',
    name: 'Mask',
    keyframes: {
      '0': [{ kind: 'rectangle', erase: false, x: 200, y: 120, width: 60, height: 60 }],
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
          clipId: recordsOf(doc, 'clip').find((clip) => clip.trackId === video?.id)?.id ?? '',
          ...{ from: 0, to: 12, params: { dilate: 6, feather: 2, seed: 1 } },
          acceptedTakeId: null,
        },
      },
      {
        type: 'segment.add',
        segment: {
          ...{ id: AGAIN, type: 'segment', verb: 'regenerate', maskId: MASK },
          clipId: recordsOf(doc, 'clip').find((clip) => clip.trackId === video?.id)?.id ?? '',
          ...{ from: 0, to: 48, acceptedTakeId: null },
          params: { prompt: '', seed: 1, steps: 50, guidance: 3, strength: 1, feather: 2 },
        },
      },
    ] as never,
  })
  await core.close()
})

interface Killed {
  /** Marks whose painting was acknowledged before the kill. */
  readonly painted: number
  readonly children: readonly Process[]
  /** Names in the project folder right after the kill, relative. */
  readonly left: readonly string[]
}

/** Runs a job in a host process of its own and kills that when `when` says so. */
async function killDuring(
  project: string,
  job: Input<'jobs.start'>,
  when: (job: Pick<Job, 'status' | 'progress' | 'error'>) => boolean,
): Promise<Killed> {
  const task: HostTask = { base, project, job, maskId: MASK }
  const script = new URL('../fixtures/host.mjs', import.meta.url)
  const child = fork(script, [JSON.stringify(task)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  let painted = 0
  let children: readonly Process[] = []
  let failure = ''
  child.on('message', (report: HostReport) => {
    if ('painted' in report) painted = report.painted
    else if (report.job.error !== undefined) failure = report.job.error.message
    else if (children.length === 0 && when(report.job)) {
      children = descendantsOf(child.pid ?? 0)
      child.kill('SIGKILL')
    }
  })
  await once(child, 'exit')
  const gone = await waitUntilGone(children, GONE_WITHIN_MS)
  expect(failure).toBe('')
  expect(gone.left).toEqual([])
  console.info(`${job.kind}: ${children.map((one) => one.name).join(', ')} gone after`, gone.tookMs)
  return { painted, children, left: await readdir(project, { recursive: true }) }
}

/** Opens a project again: its document, with what a crash left in the journal. */
async function reopen(project: string): Promise<ProjectDoc> {
  const core = startCore(base)
  try {
    const state = await callCore(core, 'project.open', { folder: project })
    expect(state.recovered).toMatchObject({ damagedTail: false })
    const jobs = await callCore(core, 'jobs.list', {})
    expect(jobs.map((job) => job.error?.code)).toContain('job-interrupted')
    return state.doc
  } finally {
    await core.close()
  }
}

function expectMarks(doc: ProjectDoc, painted: number): void {
  const marks = recordOf(doc, 'mask', MASK)?.keyframes['40'] ?? []
  expect(painted).toBeGreaterThan(3)
  // A `hold` mask begins a key frame with what the frame showed before.
  const own = marks.filter((mark) => mark.kind === 'rectangle' && mark.width === 3)
  expect(own.length).toBeGreaterThanOrEqual(painted)
  expect(own).toEqual(own.map((_, n) => markOf(n)))
}

describe.skipIf(!existsSync('/proc/self/stat'))(
  'kill -9 while a job runs (needs /proc to follow processes)',
  () => {
    it('while exporting: every acknowledged change is there, no partial file, no ffmpeg', async () => {
      const project = join(base, 'export')
      await cp(template, project, { recursive: true })
      const input = { preset: 'mp4', path: 'cut.mp4', overwrite: false } as const
      const { painted, children, left } = await killDuring(
        project,
        { kind: 'export', input },
        ({ progress }) => progress.phase === 'encoding' && progress.done > 20,
      )
      expect(children.filter(({ name }) => name === 'ffmpeg').length).toBeGreaterThanOrEqual(2)
      expect(left.map((path) => basename(path))).not.toContain('cut.mp4')

      const doc = await reopen(project)
      expectMarks(doc, painted)
      expect(checkDocument(doc)).toBeNull()
      expect(await readdir(join(project, 'exports'))).toEqual([])
    })

    it('while removing: engine and ffmpeg end, no half take is seen, leftovers go', async () => {
      const project = join(base, 'remove')
      await cp(template, project, { recursive: true })
      const { painted, children, left } = await killDuring(
        project,
        { kind: 'remove', input: { segmentId: SEGMENT } },
        // ffmpeg takes a moment to open the file that this is about.
        ({ progress }) =>
          progress.phase === 'filling' &&
          readdirSync(join(project, 'takes'), { encoding: 'utf8', recursive: true }).some((path) =>
            path.endsWith('.mkv'),
          ),
      )
      expect(children.map(({ name }) => name)).toContain('node')
      expect(children.map(({ name }) => name)).toContain('ffmpeg')
      expect(left.some((path) => path.includes('.take_') && path.endsWith('.mkv'))).toBe(true)

      const doc = await reopen(project)
      expectMarks(doc, painted)
      expect(recordsOf(doc, 'take')).toEqual([])
      const takes = await readdir(join(project, 'takes'), { recursive: true, withFileTypes: true })
      expect(takes.filter((one) => one.isFile()).map((one) => one.name)).toEqual([])
    })

    it('while removing, in the long first analysis: the engine does not outlive it either', async () => {
      const project = join(base, 'analyse')
      await cp(template, project, { recursive: true })
      const { children } = await killDuring(
        project,
        { kind: 'remove', input: { segmentId: SEGMENT } },
        ({ progress }) => progress.phase === 'analysing' && progress.done > 0,
      )
      expect(children.length).toBeGreaterThan(0)
    })

    it('while regenerating: the engine ends, no half take is seen, leftovers go', async () => {
      const project = join(base, 'regenerate')
      await cp(template, project, { recursive: true })
      const { painted } = await killDuring(
        project,
        { kind: 'regenerate', input: { segmentId: AGAIN } },
        ({ progress }) => progress.phase === 'sampling' && progress.preview !== undefined,
      )
      const doc = await reopen(project)
      expectMarks(doc, painted)
      expect(recordsOf(doc, 'take')).toEqual([])
      const takes = await readdir(join(project, 'takes'), { recursive: true, withFileTypes: true })
      expect(takes.filter((one) => one.isFile()).map((one) => one.name)).toEqual([])
    })

    it('while the engine is stuck in one long call: it does not outlive its parent', async () => {
      const script = new URL('../fixtures/blocked.mjs', import.meta.url)
      const parent = fork(script, [], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
      const [{ child }] = (await once(parent, 'message')) as [{ child: number }]
      expect(isAlive(child)).toBe(true)
      parent.kill('SIGKILL')
      const gone = await waitUntilGone([{ pid: child, name: 'node' }], GONE_WITHIN_MS)
      expect(gone.left).toEqual([])
    })

    it('while importing: nothing of the clip stays behind', async () => {
      const project = join(base, 'import')
      await cp(template, project, { recursive: true })
      const before = await readdir(join(project, 'media'))
      const job = { kind: 'import', input: { path: join(base, 'clip.mp4'), place: true } } as const
      const { painted } = await killDuring(
        project,
        job,
        ({ progress }) => progress.phase === 'proxy' && progress.done > 5,
      )
      const doc = await reopen(project)
      expectMarks(doc, painted)
      expect(recordsOf(doc, 'asset')).toHaveLength(1)
      expect(await readdir(join(project, 'media'))).toEqual(before)
      const known = Object.keys(doc.records)
      const cached = await readdir(join(project, 'cache'))
      expect(cached.filter((name) => name !== 'jobs' && !known.includes(name))).toEqual([])
      await rm(project, { recursive: true })
    })
  },
)
