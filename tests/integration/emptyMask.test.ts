import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { encodeGreyPng } from '../../src/main/ffmpeg/greyPng.js'
import type { Input } from '../../src/shared/contract/api.js'
import type { JobKind } from '../../src/shared/contract/job.js'
import type { MaskShape, SegmentRec } from '../../src/shared/document/model.js'
import { newId } from '../../src/shared/ids.js'
import { DEFAULT_STYLISE } from '../../src/shared/style.js'
import { mask as maskRec } from '../fixtures/documents.js'
import { startSession } from './coreSession.js'
import type { CoreSession } from './coreSession.js'
import { ffmpeg, renderClip } from './mediaClips.js'

const SIZE = { width: 96, height: 64 }
const FRAMES = 12
const BOX = { kind: 'rectangle', x: 30, y: 20, width: 24, height: 20 } as const
const PAINT: MaskShape = { ...BOX, erase: false }
const RUBBED_OUT: readonly MaskShape[] = [
  PAINT,
  { kind: 'rectangle', erase: true, x: 0, y: 0, ...SIZE },
]

type OwnFields<T> = T extends SegmentRec ? Pick<T, 'verb' | 'params'> : never

const VERBS: readonly OwnFields<SegmentRec>[] = [
  { verb: 'remove', params: { dilate: 4, feather: 2, seed: 1 } },
  {
    verb: 'edit',
    params: {
      ...{ prompt: 'darker', feather: 2, seed: 1 },
      operations: [{ kind: 'exposure', only: null, keys: [{ frame: 0, value: -0.5 }] }],
    },
  },
  { verb: 'stylise', params: DEFAULT_STYLISE },
  ...(['replace', 'regenerate'] as const).map((verb) => ({
    verb,
    params: {
      ...{ prompt: 'snow', seed: 1, steps: null, guidance: null, strength: 0.5, feather: 2 },
    },
  })),
]

describe('a mask that covers nothing', () => {
  let folder = ''
  let session: CoreSession
  let assetId = ''
  let photoId = ''
  let clipId = ''
  let black = ''
  let grey = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere empty mask '))
    session = startSession(folder)
    await session.call('project.create', { folder: join(folder, 'project'), name: 'empty' })
    const path = join(folder, 'clip.mkv')
    const graph = `testsrc2=s=${SIZE.width}x${SIZE.height}:r=24`
    await renderClip(path, graph, ['-frames:v', String(FRAMES), '-c:v', 'ffv1'])
    const photo = join(folder, 'photo.png')
    await ffmpeg(['-v', 'error', '-i', path, '-frames:v', '1', photo])
    const imported = await session.run('import', { path, place: true })
    assetId = imported.result?.assetId ?? ''
    clipId = imported.result?.clipId ?? ''
    const still = await session.run('import', { path: photo, place: false })
    photoId = still.result?.assetId ?? ''
    black = await picture('black.png', 0)
    grey = await picture('grey.png', 200)
  })
  afterAll(async () => {
    await session.core.close()
    await rm(folder, { recursive: true, force: true })
  })

  async function picture(name: string, level: number): Promise<string> {
    const data = new Uint8Array(SIZE.width * SIZE.height)
    data.fill(level, 40, 400)
    await writeFile(join(folder, name), encodeGreyPng({ ...SIZE, data }))
    return join(folder, name)
  }

  type Commands = Input<'document.dispatch'>['commands']
  const dispatch = (commands: Commands): Promise<unknown> =>
    session.call('document.dispatch', { mode: 'record', commands })

  async function addMask(
    keyframes: Readonly<Record<string, string | readonly MaskShape[]>>,
    changes: { inverted?: boolean; of?: string } = {},
  ): Promise<string> {
    const id = newId('mask')
    const { inverted = false, of = assetId } = changes
    const common = { assetId: of, keyframes: {}, between: 'hold', inverted } as const
    await dispatch([{ type: 'mask.add', mask: maskRec(id, common) }])
    for (const [frame, painted] of Object.entries(keyframes)) {
      if (typeof painted === 'string') {
        await session.call('mask.import', { maskId: id, frame: Number(frame), path: painted })
      } else {
        const shapes = [...painted] as never
        await dispatch([{ type: 'mask.setKeyframe', id, frame: Number(frame), shapes }])
      }
    }
    return id
  }

  async function addSegment(
    own: OwnFields<SegmentRec>,
    maskId: string,
    range = { from: 0, to: FRAMES },
  ): Promise<string> {
    const id = newId('segment')
    const segment = { id, type: 'segment', clipId, ...range, maskId, acceptedTakeId: null, ...own }
    await dispatch([{ type: 'segment.add', segment } as Commands[number]])
    return id
  }

  /** Whether the mask is among the reasons why the job cannot run. */
  async function isRefused(kind: JobKind, input: object): Promise<boolean> {
    const request = { kind, input } as Input<'jobs.forecast'>
    const { problems } = await session.call('jobs.forecast', request)
    return problems.some(({ code }) => code === 'mask-empty')
  }

  it.each(VERBS)('keeps $verb from beginning: a black picture, or all rubbed out', async (own) => {
    const { verb } = own
    const blackMask = await addMask({ '0': black, '6': black })
    const rubbed = await addMask({ '0': RUBBED_OUT })
    const painted = await addMask({ '0': grey })
    const request = (segmentId: string): [JobKind, object] => [verb, { segmentId }]
    expect(await isRefused(...request(await addSegment(own, blackMask)))).toBe(true)
    expect(await isRefused(...request(await addSegment(own, rubbed)))).toBe(true)
    expect(await isRefused(...request(await addSegment(own, painted)))).toBe(false)
  })

  it('asks about the frames of the edit, not of the clip', async () => {
    const [remove] = VERBS
    const late = await addMask({ '0': black, '8': [PAINT] })
    const early = await addSegment(remove!, late, { from: 0, to: 8 })
    const whole = await addSegment(remove!, late)
    const end = await addSegment(remove!, late, { from: 10, to: FRAMES })
    expect(await isRefused('remove', { segmentId: early })).toBe(true)
    expect(await isRefused('leftovers', { segmentId: early })).toBe(true)
    expect(await isRefused('remove', { segmentId: whole })).toBe(false)
    expect(await isRefused('draft', { segmentId: whole, frame: 4 })).toBe(true)
    expect(await isRefused('draft', { segmentId: whole, frame: 9 })).toBe(false)
    expect(await isRefused('remove', { segmentId: end })).toBe(false)
  })

  it('knows an inverted mask by what it leaves', async () => {
    const [, edit] = VERBS
    const everything = { ...BOX, x: 0, y: 0, ...SIZE, erase: false }
    const nothingLeft = await addMask({ '0': [everything] }, { inverted: true })
    const allLeft = await addMask({ '0': black }, { inverted: true })
    const first = await addSegment(edit!, nothingLeft)
    expect(await isRefused('edit', { segmentId: first })).toBe(true)
    const second = await addSegment(edit!, allLeft)
    expect(await isRefused('edit', { segmentId: second })).toBe(false)
  })

  it('is neither followed, nor set in motion, nor matched to a picture', async () => {
    const maskId = await addMask({ '0': black, '6': [PAINT] })
    const track = { maskId, direction: 'forward' }
    expect(await isRefused('track', { ...track, frame: 0 })).toBe(true)
    expect(await isRefused('track', { ...track, frame: 6 })).toBe(false)
    const region = await addMask({ '0': black }, { of: photoId })
    const animate = { assetId: photoId, prompt: '', seed: 0, strength: 1, seconds: 1, place: false }
    const input = { ...animate, direction: 0 }
    expect(await isRefused('animate', { ...input, maskId: region })).toBe(true)
    expect(await isRefused('animate', input)).toBe(false)
    const match = session.core.call('edit.matchPicture', {
      ...{ assetId, from: 0, to: 4, maskId, path: join(folder, 'nowhere.png') },
      luminanceOnly: false,
    })
    // Before anything is read: the picture is not there.
    expect(await match).toMatchObject({ ok: false, error: { code: 'mask-empty' } })
  })
})
