import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { USUAL_CANDIDATES } from '../../src/shared/candidates.js'
import type { GenerateTaskResult } from '../../src/shared/contract/engine.js'
import type { PackSource } from '../../src/shared/contract/sources.js'
import { isClipsManifest, isUpscaleManifest } from '../../src/shared/contract/pack.js'
import { createEngineHost } from '../../src/main/core/engineHost/engineHost.js'
import { readPack } from '../../src/main/core/packs/readPack.js'
import { oneNodeModel } from '../../src/main/engine/tasks/oneNodeModel.js'
import type { FfmpegTools } from '../../src/main/ffmpeg/tools.js'
import { engineProcess } from '../../src/main/hosts/engineProcess.js'

/** Billions of multiply-accumulates of one pass, by `stunet.count_macs` of training/. */
const PASS_GMAC: Readonly<Record<string, number>> = { '40x64x64': 5.687, '80x128x128': 45.41 }
const STEPS = 20

/** What making a clip costs: one pass, and a whole clip of 5 s enlarged to 512 pixels. */
export interface GenerateCosts {
  readonly size: string
  /** Seconds of opening the pack, and of one pass, per turn. */
  readonly load: readonly number[]
  readonly pass: readonly number[]
  /** Seconds of its multiplications as one product of large matrices, per turn; empty for a size without a count. */
  readonly floor: readonly number[]
  readonly clip: GenerateTaskResult
  readonly clipSeconds: number
  /** The same from several beginnings, as the app makes it; null for a pack that cannot compare them. */
  readonly chosenSeconds: number | null
}

/** Measures the shipped pack, or that of `folder`, on the processor, in an engine process as the app starts one. */
export async function measureGenerate(
  tools: FfmpegTools,
  root: string,
  folder = resolve('resources/model-packs/lumiere-world-m'),
): Promise<GenerateCosts> {
  const { manifest } = await readPack(folder)
  const upscaler = await readPack(resolve('resources/model-packs/lumiere-upscale'))
  if (!isClipsManifest(manifest) || !isUpscaleManifest(upscaler.manifest)) {
    throw new Error(`${folder} is no pack that makes clips, or the upscaler no upscaler`)
  }
  const pack: PackSource = { folder, manifest, slow: [] }
  const enlarger = { folder: upscaler.folder, manifest: upscaler.manifest, slow: [] }
  const size = `${String(manifest.frames)}x${String(manifest.height)}x${String(manifest.width)}`
  const engine = createEngineHost(engineProcess(resolve('out/main/engine.js')))
  const floor: number[] = []
  const load: number[] = []
  const pass: number[] = []
  const gmac = PASS_GMAC[size]
  try {
    for (let turn = 0; turn < 5; turn++) {
      const result = await engine.run('packTest', { pack, provider: 'cpu' })
      if (!result.usable) throw new Error(result.reason)
      load.push(result.loadSeconds ?? Number.NaN)
      pass.push(result.passSeconds ?? Number.NaN)
      if (gmac !== undefined) floor.push(gmac / (await gmacsPerSecond()))
    }
    const make = async (candidates: number): Promise<readonly [GenerateTaskResult, number]> => {
      const outputFolder = join(root, `generated ${String(candidates)}`)
      await mkdir(outputFolder)
      const started = performance.now()
      const clip = await engine.run('generate', {
        pack,
        prompt: 'a large orange fire burning',
        sampling: { seed: 1, steps: STEPS, guidance: 2, solver: 'euler', candidates },
        frames: manifest.frames,
        loop: false,
        fps: { num: manifest.frames, den: manifest.seconds },
        width: 512,
        height: 512,
        upscaler: enlarger,
        outputFolder,
        ffmpegPath: tools.ffmpeg,
      })
      return [clip, (performance.now() - started) / 1000]
    }
    const [clip, clipSeconds] = await make(1)
    const compares = manifest.components.reranker !== undefined
    const chosenSeconds = compares ? (await make(USUAL_CANDIDATES))[1] : null
    return { size, load, pass, floor, clip, clipSeconds, chosenSeconds }
  } finally {
    engine.close()
  }
}

/** What ONNX Runtime reaches here at its best: the product of two 1024x1024 matrices, fastest of eight. */
async function gmacsPerSecond(): Promise<number> {
  const side = 1024
  const session = await InferenceSession.create(oneNodeModel('MatMul', ['a', 'b']))
  const data = Float32Array.from(
    { length: side * side },
    (_, n) => ((n * 7919) % 1013) / 1013 - 0.5,
  )
  const feeds = {
    a: new Tensor('float32', data, [side, side]),
    b: new Tensor('float32', data, [side, side]),
  }
  let best = Infinity
  for (let turn = 0; turn < 8; turn++) {
    const started = performance.now()
    await session.run(feeds)
    best = Math.min(best, performance.now() - started)
  }
  await session.release()
  return side ** 3 / 1e6 / best
}
