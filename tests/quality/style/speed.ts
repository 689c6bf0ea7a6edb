import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { createEngineHost } from '../../../src/main/core/engineHost/engineHost.js'
import type { FrameSource } from '../../../src/main/ffmpeg/frames.js'
import { probe } from '../../../src/main/ffmpeg/probe.js'
import type { FfmpegTools } from '../../../src/main/ffmpeg/tools.js'
import { engineProcess } from '../../../src/main/hosts/engineProcess.js'
import type { StylePackSource } from '../../../src/shared/contract/sources.js'
import { DEFAULT_STYLISE } from '../../../src/shared/style.js'
import type { StyliseParams } from '../../../src/shared/style.js'
import { processorSeconds } from '../../bench/draft.js'

/** Long enough that what the first frames cost more, until the code is compiled, weighs as in a clip of 5 s. */
const FRAMES = 97
/** Sizes with the most seconds a frame that were wanted on two cores. */
const SIZES = [
  { width: 432, height: 240, wanted: 0.15 },
  { width: 854, height: 480, wanted: 0.5 },
] as const
const WAYS: readonly (readonly [string, Partial<StyliseParams>])[] = [
  ['every frame', {}],
  ['every frame, without steadiness', { smoothing: 0 }],
  ['key frames, one in 12', { mode: 'keyframe', keyEvery: 12 }],
]

/**
 * Seconds a frame of a whole style job, its start left out: decoding, painting, enlarging, writing.
 * By the built engine in a process of its own, as the app runs it: read module by module instead,
 * loops fetch every constant of another file again and take up to twice as long. What else the
 * computer did meanwhile is said beside it: processor seconds count the engine alone.
 *
 * @param beside folders of other builds that are measured in turn with this one
 */
export async function measureSpeed(
  tools: Pick<FfmpegTools, 'ffmpeg' | 'ffprobe'>,
  pack: StylePackSource,
  reference: FrameSource,
  clip: string,
  beside: readonly string[],
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'lumiere-style-speed-'))
  const rows: object[] = []
  try {
    for (const { width, height, wanted } of SIZES) {
      const path = join(folder, `${width}.mkv`)
      const scale = ['-vf', `scale=${width}:${height}`, '-frames:v', String(FRAMES)]
      const codec = ['-c:v', 'libx264', '-qp', '0', '-preset', 'ultrafast', '-an']
      await promisify(execFile)(tools.ffmpeg, ['-v', 'error', '-i', clip, ...scale, ...codec, path])
      const source = { path, info: await probe(tools, path) }
      for (const [name, params] of WAYS) {
        for (const build of [...beside, '.']) {
          const outputFolder = await mkdtemp(join(folder, 'take-'))
          rows.push({
            ...{ size: `${width}x${height}`, way: name },
            ...(beside.length === 0 ? {} : { build }),
            wanted,
            ...(await paint(join(build, 'out/main/engine.js'), {
              ...{ source, reference, pack, params, outputFolder, ffmpegPath: tools.ffmpeg },
            })),
          })
        }
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  console.table(rows)
}

async function paint(
  file: string,
  {
    params,
    source,
    ...rest
  }: {
    readonly params: Partial<StyliseParams>
    readonly source: FrameSource
    readonly reference: FrameSource
    readonly pack: StylePackSource
    readonly outputFolder: string
    readonly ffmpegPath: string
  },
): Promise<object> {
  const engine = createEngineHost(engineProcess(resolve(file)))
  try {
    const { frames } = source.info
    interface Moment {
      readonly at: number
      readonly processor: number
    }
    const begun: Moment[] = []
    const now = (): Moment => ({
      at: performance.now() / 1000,
      processor: processorSeconds(engine.pid()),
    })
    const { phasesSeconds } = await engine.run(
      'stylise',
      {
        ...{ ...rest, source, range: { from: 0, to: frames }, mask: null, under: [], painted: [] },
        params: { ...DEFAULT_STYLISE, style: { name: '', path: 'styles/x.png' }, ...params },
      },
      {
        onProgress({ phase, done }) {
          if (phase === 'painting' && done >= 1 && begun.length === 0) begun.push(now())
        },
      },
    )
    const last = now()
    const began = begun[0] ?? last
    const each = (seconds: number): string => (seconds / (frames - 1)).toFixed(3)
    return {
      ...{ frames, 'seconds a frame': each(last.at - began.at) },
      'processor seconds': each(last.processor - began.processor),
      ...Object.fromEntries(
        Object.entries(phasesSeconds)
          .filter(([phase]) => phase !== 'loading' && phase !== 'analysing')
          .map(([phase, seconds]) => [phase, (seconds / frames).toFixed(3)]),
      ),
      load: loadavg()[0]?.toFixed(1),
    }
  } finally {
    engine.close()
  }
}
