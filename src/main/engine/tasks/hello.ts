import type { EngineInfo } from '../../../shared/contract/engine.js'
import { firstLine, loadRuntime, providersToTry } from '../models/runtime.js'
import type { Runtime } from '../models/runtime.js'
import { loadOpenCv } from '../vision/opencv.js'
import { oneNodeModel } from './oneNodeModel.js'

/**
 * What this process can run. Each provider is tried alone with a model of one node: cuda
 * and webgpu throw when unusable even with cpu after them, and only the attempt tells why.
 */
export async function hello(): Promise<EngineInfo> {
  const [runtime, opencv] = await Promise.all([loadRuntime(), openCvVersion()])
  const providers: EngineInfo['providers'][number][] = []
  for (const name of providersToTry()) {
    providers.push(
      typeof runtime === 'string'
        ? { name, usable: false, reason: runtime }
        : await tryProvider(runtime, name),
    )
  }
  return {
    onnxruntime: typeof runtime === 'string' ? null : (runtime.env.versions.node ?? null),
    providers,
    opencv,
  }
}

async function tryProvider(
  runtime: Runtime,
  name: string,
): Promise<EngineInfo['providers'][number]> {
  try {
    const session = await runtime.InferenceSession.create(oneNodeModel('Identity', ['x']), {
      executionProviders: [name],
      logSeverityLevel: 4,
    })
    try {
      await session.run({ x: new runtime.Tensor('float32', Float32Array.of(1), [1]) })
    } finally {
      await session.release()
    }
    return { name, usable: true }
  } catch (error) {
    return { name, usable: false, reason: firstLine(error) }
  }
}

async function openCvVersion(): Promise<string | null> {
  try {
    const { cv } = await loadOpenCv()
    const build: unknown = cv.getBuildInformation()
    return /OpenCV (\S+)/.exec(String(build))?.[1] ?? null
  } catch {
    return null
  }
}
