import { execFile } from 'node:child_process'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Input } from '../../src/shared/contract/api.js'
import type { Job, JobKind } from '../../src/shared/contract/job.js'
import { recordsOf } from '../../src/shared/document/model.js'
import type { MaskShape } from '../../src/shared/document/model.js'
import { newId } from '../../src/shared/ids.js'
import { DEFAULT_REMOVE_PARAMS } from '../../src/renderer/state/editing.js'
import type { Core } from '../../src/main/core/core.js'
import { encodeGreyPng } from '../../src/main/ffmpeg/greyPng.js'
import { planesOf } from '../../src/main/ffmpeg/layout.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { callCore, startCore } from '../fixtures/host.js'
import { ffmpeg, readAll, temporaryFolder, tools } from './mediaClips.js'

/**
 * A saturated disc before a grey ground, in a picture so small that a chroma sample is a large part
 * of the mask's growth: whether its colour is gone, all of it, with the settings nobody touched.
 */
const WIDTH = 320
const HEIGHT = 180
const FRAMES = 10
const RADIUS = 20
const GROUND = `nullsrc=s=${WIDTH}x${HEIGHT}:r=24,geq=lum='120+40*sin((X+Y)/9)':cb=128:cr=128`
const DISC =
  `color=red:s=48x48:r=24,format=gbrap,` +
  `geq=r='r(X,Y)':g='g(X,Y)':b='b(X,Y)':a='255*lt(hypot(X-23.5,Y-23.5),${RADIUS})'`

function centre(frame: number): { readonly x: number; readonly y: number } {
  return { x: 83.5 + 9 * frame, y: 83.5 }
}

describe('the colour of what was removed, at 320x180 in 4:2:0', () => {
  let folder: string
  let clip: string
  let core: Core
  const jobs = new Map<string, Job>()

  beforeAll(async () => {
    folder = await temporaryFolder()
    clip = join(folder, 'disc.mkv')
    const moving = `[disc]overlay=x='60.5+216*t':y=60:format=gbrp`
    const graph = `${GROUND},format=gbrp[ground];${DISC}[disc];[ground]${moving}`
    await ffmpeg([
      ...['-v', 'error', '-f', 'lavfi', '-i', graph, '-frames:v', String(FRAMES)],
      ...['-c:v', 'ffv1', '-pix_fmt', 'yuv420p', clip],
    ])
    core = startCore(folder)
    core.on((message) => {
      if (message.event === 'job') jobs.set((message.payload as Job).id, message.payload as Job)
    })
  })
  afterAll(() => core.close())

  async function run<K extends JobKind>(kind: K, input: Job<K>['input']): Promise<Job<K>> {
    const job = await callCore(core, 'jobs.start', { kind, input } as Input<'jobs.start'>)
    for (;;) {
      const now = jobs.get(job.id)
      if (now?.status === 'succeeded') return now as Job<K>
      if (now?.status === 'failed') throw new Error(JSON.stringify(now.error))
      await new Promise((later) => setTimeout(later, 20))
    }
  }

  /** The largest difference of a chroma sample from grey in any frame, and where it is. */
  async function colourLeft(path: string): Promise<{ levels: number; at: string }> {
    const info = await probe(tools, path)
    expect(info.frames).toBe(FRAMES)
    let worst = { levels: 0, at: '' }
    for (const [n, frame] of (await readAll(path, info)).entries()) {
      for (const plane of planesOf('yuv420p', WIDTH, HEIGHT).slice(1)) {
        for (let at = 0; at < plane.width * plane.height; at++) {
          const levels = Math.abs((frame[plane.offset + at] ?? 0) - 128)
          if (levels <= worst.levels) continue
          const [x, y] = [2 * (at % plane.width), 2 * Math.floor(at / plane.width)]
          worst = { levels, at: `frame ${n}, ${x - centre(n).x} ${y - centre(n).y}` }
        }
      }
    }
    return worst
  }

  it('is there before', async () => {
    expect((await colourLeft(clip)).levels).toBeGreaterThan(100)
  })

  it('is gone with a mask painted in the app', async () => {
    await callCore(core, 'project.create', { folder: join(folder, 'project'), name: 'Disc' })
    await run('import', { path: clip, place: true })
    const { doc } = (await callCore(core, 'project.state', {})) ?? {}
    if (doc === undefined) throw new Error('no project')
    const [asset] = recordsOf(doc, 'asset')
    const [placed] = recordsOf(doc, 'clip')
    const maskId = newId('mask')
    const segmentId = newId('segment')
    const shape = (frame: number): MaskShape => {
      const [x, y] = [centre(frame).x + 0.5 - RADIUS, centre(frame).y + 0.5 - RADIUS]
      return { kind: 'ellipse', erase: false, x, y, width: 2 * RADIUS, height: 2 * RADIUS }
    }
    const commands: Input<'document.dispatch'>['commands'] = [
      {
        type: 'mask.add',
        mask: {
          ...{ id: maskId, type: 'mask', assetId: asset?.id ?? '', name: 'Mask', keyframes: {} },
          ...{ between: 'hold', feather: 0, grow: 0, inverted: false },
          overlay: { colour: '#ff3d71', opacity: 0.5 },
        },
      },
      {
        type: 'segment.add',
        segment: {
          ...{ id: segmentId, type: 'segment', clipId: placed?.id ?? '', verb: 'remove' },
          ...{ from: 0, to: FRAMES, maskId, params: DEFAULT_REMOVE_PARAMS, acceptedTakeId: null },
        },
      },
      ...Array.from(
        { length: FRAMES },
        (_, frame) => ({ type: 'mask.addShape', id: maskId, frame, shape: shape(frame) }) as const,
      ),
    ]
    await callCore(core, 'document.dispatch', { mode: 'record', commands })
    const { result } = await run('remove', { segmentId })
    await callCore(core, 'document.dispatch', {
      mode: 'record',
      commands: [{ type: 'take.accept', segmentId, takeId: result?.takeId ?? null }],
    })
    for (const [preset, file] of [
      ['ffv1', 'clean.mkv'],
      ['mp4', 'clean.mp4'],
    ] as const) {
      const made = await run('export', { preset, path: join(folder, file), overwrite: false })
      const left = await colourLeft(made.result?.path ?? '')
      expect(left.levels, left.at).toBeLessThanOrEqual(2)
    }
  })

  it('is gone with masks given on the command line', async () => {
    const masks = join(folder, 'masks')
    await mkdir(masks)
    for (let n = 0; n < FRAMES; n++) {
      const { x, y } = centre(n)
      const data = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, at) =>
        Math.hypot((at % WIDTH) - x, Math.floor(at / WIDTH) - y) < RADIUS ? 255 : 0,
      )
      const png = encodeGreyPng({ width: WIDTH, height: HEIGHT, data })
      await writeFile(join(masks, `${String(n).padStart(6, '0')}.png`), png)
    }
    const out = join(folder, 'from the command line.mkv')
    const args = ['remove', clip, '--mask', masks, '--out', out]
    await promisify(execFile)(process.execPath, [resolve('out/main/cli.js'), ...args], {
      env: { ...process.env, LUMIERE_DATA: join(folder, 'cli data') },
    })
    const left = await colourLeft(out)
    expect(left.levels, left.at).toBeLessThanOrEqual(2)
  })
})
