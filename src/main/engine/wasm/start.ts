import { assemble } from './assemble.js'
import type { Kernel } from './assemble.js'

export interface Memory {
  readonly buffer: ArrayBuffer
  /** Adds pages of 64 KiB; views of the buffer that there was are empty afterwards. */
  grow(pages: number): number
}

/** What is used of WebAssembly, which Node has and its types leave to those of browsers. */
interface Wasm {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: unknown }
}

/**
 * Kernels ready to run, with their memory.
 *
 * @returns null on a processor without vectors of four
 */
export function startKernels<Exports extends { readonly memory: Memory }>(
  kernels: Readonly<Record<Exclude<keyof Exports & string, 'memory'>, Kernel>>,
  pages: number,
): Exports | null {
  const { WebAssembly } = globalThis as { readonly WebAssembly?: Wasm }
  if (WebAssembly === undefined) return null
  const bytes = assemble(kernels, pages)
  try {
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as Exports
  } catch {
    return null
  }
}
