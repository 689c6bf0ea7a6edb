import { createRequire } from 'node:module'
import type * as Cv from '@techstark/opencv-js'

type OpenCv = typeof Cv

/** OpenCV boxed: its module object may be thenable, so it must never be a promise's value itself. */
export interface OpenCvBox {
  readonly cv: OpenCv
}

const PROCESS_EVENTS = ['uncaughtException', 'unhandledRejection']
const processEvents: NodeJS.EventEmitter = process

let loading: Promise<OpenCvBox> | null = null

/** Loads opencv-js once (about 0.4 s, 60 MB) and answers when its runtime is ready. */
export function loadOpenCv(): Promise<OpenCvBox> {
  loading ??= new Promise<OpenCvBox>((resolve, reject) => {
    const before = PROCESS_EVENTS.map((event) => processEvents.listeners(event))
    try {
      const required: unknown = createRequire(import.meta.url)('@techstark/opencv-js')
      const module = required as OpenCv & {
        onRuntimeInitialized?: () => void
        then?: (ready: (cv: OpenCv) => void) => unknown
      }
      if (typeof module.then === 'function') module.then((cv) => resolve({ cv }))
      else if (typeof module.Mat === 'function') resolve({ cv: module })
      else module.onRuntimeInitialized = () => resolve({ cv: module })
    } catch (error) {
      reject(error instanceof Error ? error : new Error(String(error)))
    }
    // Emscripten's own handlers turn any later failure of ours into an abort of the process.
    PROCESS_EVENTS.forEach((event, n) => {
      for (const listener of processEvents.listeners(event)) {
        if (!before[n]!.includes(listener))
          processEvents.removeListener(event, listener as () => void)
      }
    })
  })
  return loading
}
