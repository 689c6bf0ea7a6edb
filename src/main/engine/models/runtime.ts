import type * as OnnxRuntime from 'onnxruntime-node'

export type Runtime = typeof OnnxRuntime
export type Session = OnnxRuntime.InferenceSession

/**
 * Execution providers worth trying, fastest first. TensorRT is left out: it builds its engine for
 * minutes, and cuda runs the same graphs at once.
 */
const PROVIDERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['cuda', 'webgpu', 'cpu'],
  win32: ['cuda', 'dml', 'webgpu', 'cpu'],
  darwin: ['coreml', 'webgpu', 'cpu'],
}

/** What is tried on this computer; `LUMIERE_PROVIDER` asks for one alone. */
export function providersToTry(): readonly string[] {
  const wanted = process.env['LUMIERE_PROVIDER']
  if (wanted !== undefined && wanted !== '') return [wanted]
  return PROVIDERS[process.platform] ?? ['cpu']
}

/** onnxruntime-node, or why it cannot be loaded. */
export async function loadRuntime(): Promise<Runtime | string> {
  try {
    return await import('onnxruntime-node')
  } catch (error) {
    return firstLine(error)
  }
}

/** The telling part of a native library's complaint. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const line = text.split('\n')[0]?.trim() ?? ''
  // WebGPU puts its own source line and a failed check before what it has to say.
  return /^\/\S+\.cc:\d+ .*was false\. (.+)$/.exec(line)?.[1] ?? line
}
