import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Core } from '../../src/main/core/core.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { BLEND_MODES, blendLevel } from '../../src/shared/blend.js'
import type { OverlayLook } from '../../src/shared/blend.js'
import type { Input } from '../../src/shared/contract/api.js'
import type { EventMessage } from '../../src/shared/contract/events.js'
import type { Job, JobKind } from '../../src/shared/contract/job.js'
import { recordsOf } from '../../src/shared/document/model.js'
import type { AssetRec, ProjectDoc } from '../../src/shared/document/model.js'
import { overlayCommands } from '../../src/shared/document/placing.js'
import { callCore, startCore } from '../fixtures/host.js'
import { readAll, renderClip, tools } from './mediaClips.js'

/** Overlays through core and ffmpeg: what an export of a film with a second video track holds. */
const SIZE = { width: 128, height: 72 }
const FRAMES = 24
/** Colours of the flat overlay, and where it stands over the film. */
const ABOVE = [200, 80, 40] as const
const AT = { from: 6, to: 18 }

let folder = ''
let core: Core
let film: AssetRec
let above: AssetRec
let clipId = ''
let source: Uint8Array[] = []
let plain: { native: Uint8Array[]; rgb: Uint8Array[] }
const jobs = new Map<string, Job>()

async function run<K extends JobKind>(kind: K, input: Job<K>['input']): Promise<Job<K>> {
  const { id } = await callCore(core, 'jobs.start', { kind, input } as Input<'jobs.start'>)
  for (;;) {
    const job = jobs.get(id)
    if (job?.status === 'succeeded') return job as Job<K>
    if (job !== undefined && job.endedAt !== null) throw new Error(JSON.stringify(job.error))
    await new Promise((later) => setTimeout(later, 10))
  }
}

async function doc(): Promise<ProjectDoc> {
  const state = await callCore(core, 'project.state', {})
  if (state === null) throw new Error('There is no project.')
  return state.doc
}

type Commands = Input<'document.dispatch'>['commands']
const dispatch = (commands: Commands): Promise<unknown> =>
  callCore(core, 'document.dispatch', { mode: 'record', commands })

/** The film as exported without loss, in its own planes and as RGB. */
async function exported(): Promise<{ native: Uint8Array[]; rgb: Uint8Array[] }> {
  const path = join(folder, 'out.mkv')
  await run('export', { preset: 'ffv1', path, overwrite: true })
  const info = await probe(tools, path)
  return { native: await readAll(path, info), rgb: await readAll(path, info, 'rgb24') }
}

async function importFile(name: string, graph: string, place: boolean): Promise<AssetRec> {
  const path = join(folder, name)
  await renderClip(path, graph, [
    ...['-frames:v', String(FRAMES), '-c:v', 'libx264', '-qp', '0', '-pix_fmt', 'yuv420p'],
    ...['-colorspace', 'bt709', '-color_range', 'tv'],
  ])
  const { result } = await run('import', { path, place })
  const found = recordsOf(await doc(), 'asset').find(({ id }) => id === result?.assetId)
  if (found === undefined) throw new Error('The import is not there.')
  return found
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiere overlays '))
  core = startCore(folder)
  core.on(({ event, payload }: EventMessage) => {
    if (event === 'job') jobs.set((payload as Job).id, payload as Job)
  })
  await callCore(core, 'project.create', { folder: join(folder, 'film'), name: 'film' })
  const gradient = `geq=r='X*2':g='Y*3':b='N*8'`
  const scaled = 'scale=out_color_matrix=bt709:out_range=tv,format=yuv420p'
  film = await importFile(
    'film.mkv',
    `color=black:s=128x72:r=24,format=gbrp,${gradient},${scaled}`,
    true,
  )
  above = await importFile('above.mkv', `color=0xC85028:s=64x64:r=24,format=gbrp,${scaled}`, false)
  source = await readAll(join(folder, 'film', film.path), film.info)
  plain = await exported()
})
afterAll(async () => {
  await core.close()
  await rm(folder, { recursive: true, force: true })
})

describe('a second video track', () => {
  it('changes nothing while it is empty', async () => {
    expect(plain.native).toEqual(source)
    const placed = overlayCommands(await doc(), above, AT.from)
    clipId = placed.clipId
    await dispatch([
      ...placed.commands,
      {
        ...({ type: 'clip.trim', id: clipId, start: AT.from, in: 0 } as const),
        length: AT.to - AT.from,
      },
    ] as Commands)
    const faint = { blend: 'normal', opacity: 0, fit: 'fill' } as const
    await dispatch([{ type: 'clip.update', id: clipId, changes: { overlay: faint } }])
    expect(await exported()).toEqual(plain)
  })

  it.each(
    BLEND_MODES.flatMap((blend) => [
      { blend, opacity: 1, fit: 'fill' as const },
      { blend, opacity: 0.5, fit: 'inside' as const },
    ]),
  )('is laid over the film as the viewer draws it: %j', async (look: OverlayLook) => {
    await dispatch([{ type: 'clip.update', id: clipId, changes: { overlay: look } }])
    const { native, rgb: frames } = await exported()
    const before = plain.rgb
    // Filling, the square covers everything; inside, it stands in the middle.
    const left = look.fit === 'fill' ? 0 : (SIZE.width - SIZE.height) / 2
    let worst = 0
    let outside = 0
    let sum = 0
    let count = 0
    frames.forEach((frame, at) => {
      if (at < AT.from || at >= AT.to) {
        expect(native[at]).toEqual(source[at])
        return
      }
      for (let n = 0; n < frame.length; n++) {
        const x = Math.floor(n / 3) % SIZE.width
        const inside = x >= left && x < SIZE.width - left
        // Chroma cells at the edge hold pixels of both sides.
        if (Math.min(Math.abs(x - left), Math.abs(x - SIZE.width + left)) < 4 && left > 0) continue
        const under = before[at]![n]!
        const wanted = inside ? blendLevel(look, under, ABOVE[n % 3]!) : under
        const off = Math.abs(frame[n]! - wanted)
        worst = Math.max(worst, off)
        sum += off
        count++
        if (!inside) outside = Math.max(outside, off)
      }
    })
    // Chroma is held at half the size and everything in whole levels.
    expect(sum / count).toBeLessThan(1)
    expect(worst).toBeLessThanOrEqual(5)
    expect(outside).toBe(0)
  })
})
