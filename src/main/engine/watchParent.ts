import { Worker } from 'node:worker_threads'

/** How often the watcher looks; the engine outlives its parent by no more than about twice this. */
const INTERVAL_MS = 250

/**
 * Ends this process soon after its parent has gone, whatever it is doing: a model's run or an
 * OpenCV call blocks the event loop for seconds, and with it the `disconnect` event. A thread of
 * its own looks instead. Broken pipes end the ffmpeg children then.
 */
export function watchParent(): void {
  const watcher = new Worker(WATCHER, {
    eval: true,
    workerData: INTERVAL_MS,
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 },
  })
  watcher.unref()
  // Without it the engine still ends at its next free moment.
  watcher.on('error', () => undefined)
}

// An orphan gets another parent at once, except on Windows, where the number stays and goes dead.
const WATCHER = `
const { workerData } = require('node:worker_threads')
const parent = process.ppid
const isGone = () => {
  if (process.ppid !== parent) return true
  try {
    process.kill(parent, 0)
    return false
  } catch (error) {
    return error.code === 'ESRCH'
  }
}
setInterval(() => {
  if (isGone()) process.kill(process.pid, 'SIGKILL')
}, workerData)
`
