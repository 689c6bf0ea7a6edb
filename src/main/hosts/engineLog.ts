import { createWriteStream, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

/** Beyond this the log is put aside as `<name>.old`, in place of the one before. */
const LARGEST = 1024 * 1024

/**
 * Adds what a process complains about to a file. A log that cannot be written is no reason for
 * anything to fail: then the words are lost.
 */
export function keepLog(words: NodeJS.ReadableStream, file: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true })
    const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
    if (size > LARGEST) renameSync(file, `${file}.old`)
  } catch {
    // What stands in the way shows when the file is opened.
  }
  const log = createWriteStream(file, { flags: 'a' })
  log.on('error', () => {
    // Goes on reading, or the process would block on a full pipe.
    words.unpipe(log)
    words.resume()
  })
  log.write(`--- ${new Date().toISOString()}\n`)
  words.pipe(log)
}
