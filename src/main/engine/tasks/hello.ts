import type * as OnnxRuntime from 'onnxruntime-node'
import type { EngineInfo } from '../../../shared/contract/engine.js'
import { loadOpenCv } from '../vision/opencv.js'
import { identityModel } from './identityModel.js'

/** Execution providers worth trying per platform; onnxruntime would only warn of unknown names. */
const PROVIDERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['cpu', 'cuda', 'tensorrt', 'webgpu'],
  win32: ['cpu', 'dml', 'cuda', 'webgpu'],
  darwin: ['cpu', 'coreml', 'webgpu'],
}

/**
 * What this process can run. Each provider is tried alone with a model of one node: cuda,
 * tensorrt and webgpu throw when unusable even with cpu after them, and only the attempt tells why.
 */
export async function hello(): Promise<EngineInfo> {
  const [runtime, opencv] = await Promise.all([loadRuntime(), openCvVersion()])
  const providers: EngineInfo['providers'][number][] = []
  for (const name of PROVIDERS[process.platform] ?? ['cpu']) {
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

type Runtime = typeof OnnxRuntime

/** onnxruntime-node, or why it cannot be loaded. */
async function loadRuntime(): Promise<Runtime | string> {
  try {
    return await import('onnxruntime-node')
  } catch (error) {
    return firstLine(error)
  }
}

async function tryProvider(
  runtime: Runtime,
  name: string,
): Promise<EngineInfo['providers'][number]> {
  try {
    const session = await runtime.InferenceSession.create(identityModel(), {
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

function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  return text.split('\n')[0]?.trim() ?? ''
}
