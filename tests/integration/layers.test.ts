import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { probe } from '../../src/main/ffmpeg/probe.js'
import type { Command } from '../../src/shared/document/commands.js'
import { layerOrder } from '../../src/shared/document/layerOrder.js'
import { recordOf, recordsOf } from '../../src/shared/document/model.js'
import type { Id, MaskRec, ProjectDoc, SegmentRec } from '../../src/shared/document/model.js'
import { staleLayers } from '../../src/shared/document/stale.js'
import { parsePrompt } from '../../src/shared/edit/parse.js'
import { toEditOperation } from '../../src/shared/edit/resolve.js'
import { newId } from '../../src/shared/ids.js'
import { DEFAULT_STYLISE } from '../../src/shared/style.js'
import { startSession } from './coreSession.js'
import type { CoreSession } from './coreSession.js'
import { readAll, renderClip, tools } from './mediaClips.js'

const FRAMES = 10
const RANGE = { from: 0, to: FRAMES }
/** A box that goes over a background which moves on its own, so that what is behind it is seen. */
const GRAPH = [
  'testsrc2=s=96x64:r=24,format=gbrp[b]',
  'color=c=red:s=14x14:r=24,format=gbrp[o]',
  "[b][o]overlay=x='20+4*n':y=24:format=gbrp",
].join(';')

let folder = ''
let core: CoreSession['core']
let call: CoreSession['call']
let run: CoreSession['run']
let clipId: Id = ''
let mask: MaskRec

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumière layers '))
  ;({ core, call, run } = startSession(folder))
  const path = join(folder, 'clip.mkv')
  await renderClip(path, GRAPH, ['-frames:v', String(FRAMES), '-c:v', 'ffv1', '-pix_fmt', 'bgr0'])
})
afterAll(async () => {
  await core.close()
  // Core does not wait for a preview that is just being started, and that writes into the cache.
  await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})

async function newProject(name: string): Promise<void> {
  await call('project.create', { folder: join(folder, name), name })
  const { result } = await run('import', { path: join(folder, 'clip.mkv'), place: true })
  clipId = result?.clipId ?? ''
  const [asset] = recordsOf(await doc(), 'asset')
  const keyframes = Object.fromEntries(
    Array.from({ length: FRAMES }, (_, n) => [
      String(n),
      [{ kind: 'rectangle', erase: false, x: 19 + 4 * n, y: 23, width: 16, height: 16 } as const],
    ]),
  )
  mask = {
    ...{ id: newId('mask'), type: 'mask', assetId: asset?.id ?? '', name: 'box', keyframes },
    ...{ between: 'hold', feather: 0, grow: 0, inverted: false },
    overlay: { colour: '#ff3366', opacity: 0.5 },
  }
  await dispatch({ type: 'mask.add', mask })
}

async function doc(): Promise<ProjectDoc> {
  const state = await call('project.state', {})
  if (state === null) throw new Error('no project')
  return state.doc
}

const dispatch = (...commands: Command[]): Promise<unknown> =>
  call('document.dispatch', { mode: 'record', commands: commands as never })

/** Begins an edit, makes its take, and uses it. */
async function make(segment: SegmentRec): Promise<Id> {
  await dispatch({ type: 'segment.add', segment })
  const { result } = await run(segment.verb, { segmentId: segment.id })
  const takeId = (result as { takeId: Id } | undefined)?.takeId ?? ''
  await dispatch({ type: 'take.accept', segmentId: segment.id, takeId })
  return segment.id
}

const base = () =>
  ({ id: newId('segment'), type: 'segment', clipId, ...RANGE, acceptedTakeId: null }) as const

const removal = (): SegmentRec => ({
  ...base(),
  ...{ verb: 'remove', maskId: mask.id, params: { dilate: 2, feather: 1, seed: 3 } },
})

function edit(prompt: string): SegmentRec {
  const operations = parsePrompt(prompt).operations.flatMap(
    (one) => toEditOperation(one, { ...RANGE, fps: { num: 24, den: 1 } }) ?? [],
  )
  return {
    ...base(),
    ...{ verb: 'edit', maskId: null, params: { prompt, operations, feather: 0, seed: 7 } },
  }
}

async function exported(): Promise<Uint8Array[]> {
  const out = join(folder, `${newId('job')}.mkv`)
  await run('export', { preset: 'ffv1', path: out, overwrite: false })
  return readAll(out, await probe(tools, out), 'rgb24')
}

function worst(a: readonly Uint8Array[], b: readonly Uint8Array[]): number {
  expect(a).toHaveLength(b.length)
  return Math.max(
    ...a.map((frame, n) =>
      frame.reduce((most, value, at) => Math.max(most, Math.abs(value - (b[n]?.[at] ?? 0))), 0),
    ),
  )
}

/** As the interface and the command line do it: the stale ones, from the bottom up. */
async function updateAll(): Promise<Id[]> {
  const stale = staleLayers(await doc(), clipId)
  for (const { segment, take } of stale) {
    await run(segment.verb, { segmentId: segment.id, again: take.id })
  }
  return stale.map(({ segment }) => segment.id)
}

const usedBy = async (segmentId: Id): Promise<Id | null | undefined> =>
  recordOf(await doc(), 'segment', segmentId)?.acceptedTakeId
const takes = async (): Promise<number> => recordsOf(await doc(), 'take').length

describe('an edit over a removal', () => {
  it('gives after re-ordering and updating what that order gives from the start', async () => {
    await newProject('begun the other way')
    await make(edit('darker, black and white, strong contrast'))
    await make(removal())
    const wanted = await exported()

    await newProject('re-ordered')
    const removed = await make(removal())
    const edited = await make(edit('darker, black and white, strong contrast'))
    const before = await exported()
    expect(staleLayers(await doc(), clipId)).toEqual([])
    expect(worst(before, wanted)).toBeGreaterThan(2)

    await dispatch({ type: 'segment.move', id: edited, above: null })
    expect(layerOrder(await doc(), clipId).map(({ id }) => id)).toEqual([edited, removed])
    // What was filled in was seen in colour: out of date, as it says.
    expect(worst(await exported(), wanted)).toBeGreaterThan(30)
    expect(await updateAll()).toEqual([edited, removed])
    expect(staleLayers(await doc(), clipId)).toEqual([])
    expect(worst(await exported(), wanted)).toBe(0)

    // Back again: both were made like this before, nothing is computed.
    const made = await takes()
    await dispatch({ type: 'segment.move', id: edited, above: removed })
    expect(await updateAll()).toEqual([removed, edited])
    expect(await takes()).toBe(made)
    expect(staleLayers(await doc(), clipId)).toEqual([])
    expect(worst(await exported(), before)).toBe(0)

    // Each update is a step that can be undone.
    await call('document.undo', {})
    expect(staleLayers(await doc(), clipId)).toHaveLength(1)
  }, 120_000)

  it('makes only what changed again, by its recipe and not by what was changed since', async () => {
    await newProject('recipes')
    const bottom = await make(removal())
    const middle = await make(edit('warmer'))
    const top = await make(edit('a strong vignette'))
    const [first, second] = [await usedBy(bottom), await usedBy(middle)]
    const { params } = edit('much darker')
    await dispatch(
      { type: 'segment.update', id: top, changes: { params } },
      { type: 'take.accept', segmentId: middle, takeId: null },
    )
    expect(await updateAll()).toEqual([top])
    expect([await usedBy(bottom), await usedBy(middle)]).toEqual([first, null])
    const without = await exported()

    await newProject('from the start')
    await make(removal())
    await make(edit('a strong vignette'))
    expect(worst(await exported(), without)).toBe(0)
    expect(second).toBeTruthy()
  }, 120_000)

  it('made again is soft as its recipe says, also where the choice has changed since', async () => {
    await newProject('by its recipe')
    const below = await make(edit('warmer'))
    const above = await make(removal())
    await dispatch(
      { type: 'segment.update', id: above, changes: { params: { doubtful: 'found' } } },
      { type: 'take.accept', segmentId: below, takeId: null },
    )
    expect(await updateAll()).toEqual([above])
    const take = recordOf(await doc(), 'take', await usedBy(above))
    const path = join(folder, 'by its recipe', take?.path ?? '', 'recipe.json')
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ params: { doubtful: 'soft' } })
  }, 120_000)

  it('is not updated before what it rests on', async () => {
    await newProject('in order')
    const bottom = await make(removal())
    const middle = await make(edit('warmer'))
    const top = await make(edit('darker'))
    await dispatch({ type: 'take.accept', segmentId: bottom, takeId: null })
    const again = (await usedBy(top)) ?? ''
    await expect(run('edit', { segmentId: top, again })).rejects.toThrow('beneath-stale')
    expect(await usedBy(top)).toBe(again)

    expect(await updateAll()).toEqual([middle, top])
    const now = (await usedBy(top)) ?? ''
    const count = await takes()
    // Up to date already: nothing to do.
    expect((await run('edit', { segmentId: top, again: now })).result).toEqual({ takeId: now })
    expect(await takes()).toBe(count)
  }, 120_000)

  it('is a style as well: painted again on what lies below it now', async () => {
    const style = async (): Promise<SegmentRec> => ({
      ...base(),
      ...{ verb: 'stylise', maskId: null },
      params: {
        ...{ ...DEFAULT_STYLISE, mode: 'keyframe', keyBy: 'colour', keyEvery: 5 },
        style: await call('style.add', { shipped: 'oil' }),
      },
    })
    await newProject('painted on the source')
    const painted = await make(await style())
    await make(edit('black and white'))
    const [first] = layerOrder(await doc(), clipId)
    expect(first?.id).toBe(painted)
    const otherOrder = await exported()

    await newProject('painted on an edit')
    const below = await make(edit('black and white'))
    const above = await make(await style())
    const wanted = await exported()
    expect(worst(otherOrder, wanted)).toBeGreaterThan(10)

    // The edit is taken away and used again: each time the style alone is made again, or found.
    const used = await usedBy(below)
    await dispatch({ type: 'take.accept', segmentId: below, takeId: null })
    expect(await updateAll()).toEqual([above])
    expect(worst(await exported(), wanted)).toBeGreaterThan(10)
    const made = await takes()
    await dispatch({ type: 'take.accept', segmentId: below, takeId: used ?? null })
    expect(await updateAll()).toEqual([above])
    expect(await takes()).toBe(made)
    expect(worst(await exported(), wanted)).toBe(0)
  }, 120_000)

  it('is updated on a clip whose speed was changed, as on any other', async () => {
    await newProject('backward')
    await make(edit('darker'))
    const params = {
      ...({ smoothness: 'repeat', keepPitch: true } as const),
      operations: [{ kind: 'reverse', ...RANGE } as const],
    }
    const { result } = await run('retime', { clipId, ...RANGE, params })
    const [clip] = recordsOf(await doc(), 'clip').filter(
      ({ assetId }) => assetId === result?.assetId,
    )
    // The edit of before is in its pictures now: the new clip begins with none.
    clipId = clip?.id ?? ''
    const below = await make(edit('black and white'))
    const above = await make(edit('a strong vignette'))
    const wanted = await exported()
    await dispatch({ type: 'segment.move', id: above, above: null })
    expect(await updateAll()).toEqual([above, below])
    const made = await takes()
    await dispatch({ type: 'segment.move', id: above, above: below })
    expect(await updateAll()).toEqual([below, above])
    expect(await takes()).toBe(made)
    expect(worst(await exported(), wanted)).toBe(0)
  }, 120_000)

  it('is updated from the command line', async () => {
    await newProject('by command')
    await make(edit('warmer'))
    const top = await make(edit('darker'))
    await dispatch({ type: 'segment.move', id: top, above: null })
    const project = join(folder, 'by command')
    await call('project.save', {})
    await call('project.close', {})
    const update = async (): Promise<unknown> => {
      const env = { ...process.env, LUMIERE_DATA: join(folder, 'data of the command') }
      const cli = [resolve('out/main/cli.js'), '--json', 'update', project]
      const { stdout } = await promisify(execFile)(process.execPath, cli, { env })
      return (JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}') as { data: unknown }).data
    }
    expect(await update()).toMatchObject({ updated: [expect.any(String), expect.any(String)] })
    expect(await update()).toEqual({ updated: [] })
    const { doc: now } = await call('project.open', { folder: project })
    expect(staleLayers(now, clipId)).toEqual([])
  }, 120_000)

  it('says so when there is no recipe to run again, and changes nothing', async () => {
    const [take] = recordsOf(await doc(), 'take')
    await rm(join(folder, 'by command', take?.path ?? '', 'recipe.json'))
    const { segmentId = '', id = '' } = take ?? {}
    const input = { segmentId, again: id }
    const { problems } = await call('jobs.forecast', { kind: 'edit', input })
    expect(problems).toMatchObject([
      { code: 'recipe-unreadable', hint: expect.any(String) as string },
    ])
  })
})
