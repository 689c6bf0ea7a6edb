import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Core } from '../../src/main/core/core.js'
import type { EventMessage } from '../../src/shared/contract/events.js'
import type { Job } from '../../src/shared/contract/job.js'
import type { Command } from '../../src/shared/document/commands.js'
import { stacksOf } from '../../src/shared/document/layers.js'
import { recordsOf } from '../../src/shared/document/model.js'
import type { AssetRec, ClipRec, ProjectDoc, SegmentRec } from '../../src/shared/document/model.js'
import { assetCache, takePreview } from '../../src/shared/projectPaths.js'
import { callCore, startCore } from '../fixtures/host.js'
import { LOSSLESS, renderClip, temporaryFolder } from './mediaClips.js'
import { writeTake } from './mediaProject.js'

/** What the viewer needs is made whenever the document comes to need it, not only on opening. */
let folder = ''
let project = ''
let core: Core
const failed: Job[] = []

beforeAll(async () => {
  folder = await temporaryFolder()
  project = join(folder, 'Edit')
  core = startCore(folder)
  const imported = new Promise<void>((resolve) => {
    core.on(({ event, payload }: EventMessage) => {
      const job = payload as Job
      if (event !== 'job') return
      if (job.status === 'failed') failed.push(job)
      if (job.kind === 'import' && job.status === 'succeeded') resolve()
    })
  })
  const path = await renderClip(join(folder, 'clip.mkv'), 'testsrc2=s=64x48:r=25:d=1', LOSSLESS)
  await callCore(core, 'project.create', { folder: project, name: 'Edit' })
  await callCore(core, 'jobs.start', { kind: 'import', input: { path, place: true } })
  await imported
})
afterAll(async () => {
  await core.close()
  await rm(folder, { recursive: true, force: true })
})

async function doc(): Promise<ProjectDoc> {
  const state = await callCore(core, 'project.state', {})
  if (state === null) throw new Error('no project')
  return state.doc
}

async function first(): Promise<{ asset: AssetRec; clip: ClipRec }> {
  const now = await doc()
  const [asset] = recordsOf(now, 'asset')
  const [clip] = recordsOf(now, 'clip')
  if (asset === undefined || clip === undefined) throw new Error('nothing imported')
  return { asset, clip }
}

const dispatch = (...commands: Command[]): Promise<unknown> =>
  callCore(core, 'document.dispatch', { mode: 'record', commands: commands as never })

/** Waits for a file of the project. */
const made = (path: string): Promise<void> =>
  vi.waitFor(
    async () => {
      expect((await stat(join(project, path))).size).toBeGreaterThan(0)
    },
    { timeout: 10_000, interval: 50 },
  )

describe('previews of a project that stays open', () => {
  it('are made again when undo brings removed media back', async () => {
    const { asset } = await first()
    const cache = assetCache(asset.id)
    await dispatch({ type: 'asset.remove', id: asset.id })
    await rm(join(project, cache.folder), { recursive: true })
    await callCore(core, 'document.undo', {})
    await made(cache.proxy)
    await made(cache.filmstripIndex)
  })

  it('are made of the takes that come to lie on each other when one between them goes', async () => {
    const { asset, clip } = await first()
    const maskId = 'mask_aaaaaaaaaaaa'
    const overlay = { colour: '#ff3d71', opacity: 0.5 }
    await dispatch({
      type: 'mask.add',
      mask: {
        ...{ id: maskId, type: 'mask', assetId: asset.id, name: 'Mask', keyframes: {}, overlay },
        ...{ between: 'interpolate', feather: 0, grow: 0, inverted: false },
      },
    })
    const segments: string[] = []
    for (const n of [1, 2, 3]) {
      const take = await writeTake(project, asset, { from: 0, to: 25 }, () => [9, 9, 9, 255], n)
      segments.push(take.segmentId)
      const segment: SegmentRec = {
        ...{ id: take.segmentId, type: 'segment', clipId: clip.id, verb: 'remove', maskId },
        ...{ from: 0, to: 25, params: { dilate: 0, feather: 0, seed: 1 }, acceptedTakeId: null },
      }
      await dispatch({ type: 'segment.add', segment }, { type: 'take.add', take })
      await dispatch({ type: 'take.accept', segmentId: take.segmentId, takeId: take.id })
    }
    const [all] = stacksOf(await doc(), clip.id)
    expect(all?.layers).toHaveLength(3)
    await made(takePreview(all?.id ?? ''))

    await dispatch({ type: 'segment.remove', id: segments[1] ?? '' })
    const [rest] = stacksOf(await doc(), clip.id)
    expect(rest?.layers).toHaveLength(2)
    await made(takePreview(rest?.id ?? ''))
    expect(failed).toEqual([])
  })
})
