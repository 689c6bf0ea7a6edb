import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { stylise } from '../../../src/main/engine/tasks/stylise.js'
import type { TaskContext } from '../../../src/main/engine/serve.js'
import type { FrameSource } from '../../../src/main/ffmpeg/frames.js'
import { probe } from '../../../src/main/ffmpeg/probe.js'
import type { FfmpegTools } from '../../../src/main/ffmpeg/tools.js'
import type { StylePackSource } from '../../../src/shared/contract/engine.js'
import { DEFAULT_STYLISE } from '../../../src/shared/style.js'
import type { StyliseParams } from '../../../src/shared/style.js'

/** Long enough that what the first frames cost more, until the code is compiled, weighs as in a clip of 5 s. */
const FRAMES = 97
/** Of the slow way. */
const KEYED_FRAMES = 25
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
 * What else the computer did meanwhile is said beside it: processor seconds count this process alone.
 */
export async function measureSpeed(
  tools: Pick<FfmpegTools, 'ffmpeg' | 'ffprobe'>,
  pack: StylePackSource,
  reference: FrameSource,
  clip: string,
  context: TaskContext,
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
        const frames = Math.min(
          source.info.frames,
          params.mode === 'keyframe' ? KEYED_FRAMES : FRAMES,
        )
        const outputFolder = await mkdtemp(join(folder, 'take-'))
        const [started, cpu] = [performance.now(), process.cpuUsage()]
        let [first, firstCpu] = [started, cpu]
        const { phasesSeconds } = await stylise(
          {
            ...{ source, range: { from: 0, to: frames }, mask: null, pack, reference },
            params: {
              ...{ ...DEFAULT_STYLISE, style: { name: '', path: 'styles/x.png' } },
              ...params,
            },
            ...{ under: [], painted: [], outputFolder, ffmpegPath: tools.ffmpeg },
          },
          {
            ...context,
            report({ phase, done }) {
              if (phase !== 'painting' || done !== 1) return
              first = performance.now()
              firstCpu = process.cpuUsage()
            },
          },
        )
        const { user, system } = process.cpuUsage(firstCpu)
        const each = (seconds: number): string => (seconds / (frames - 1)).toFixed(3)
        rows.push({
          ...{ size: `${width}x${height}`, way: name },
          'seconds a frame': each((performance.now() - first) / 1000),
          ...{ frames, wanted },
          'processor seconds': each((user + system) / 1e6),
          ...Object.fromEntries(
            Object.entries(phasesSeconds)
              .filter(([phase]) => phase !== 'loading' && phase !== 'analysing')
              .map(([phase, seconds]) => [phase, (seconds / frames).toFixed(3)]),
          ),
          load: loadavg()[0]?.toFixed(1),
        })
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  console.table(rows)
}
