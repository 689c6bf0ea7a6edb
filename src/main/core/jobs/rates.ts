import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { JobKind } from '../../../shared/contract/job.js'

/** How fast this computer did each kind of job: seconds per megapixel-frame, learned from finished jobs. */
export interface Rates {
  seconds(kind: JobKind, megapixelFrames: number): { seconds: number; basis: 'measured' | 'guess' }
  learn(kind: JobKind, megapixelFrames: number, seconds: number): Promise<void>
}

/**
 * First guesses, seconds per megapixel-frame on two laptop-class cores, used until the
 * first job of a kind has finished here. `npm run bench` prints the figures they follow.
 */
const FIRST_GUESS: Record<JobKind, number> = {
  import: 0.04,
  prepare: 0.04,
  remove: 3,
  edit: 0.3,
  keep: 0.1,
  stylise: 1.1,
  track: 0.35,
  proof: 0.3,
  leftovers: 1.5,
  // Its size does not depend on the clip's: seconds per draft.
  draft: 3,
  export: 0.08,
  // Per pass, megapixel-frame and megabyte of weights.
  generate: 0.02,
  replace: 0.02,
  regenerate: 0.02,
  animate: 0.6,
  // Per megapixel of a frame that is made of two.
  retime: 0.8,
}

const fileSchema = z.record(z.string(), z.number().positive())

export async function loadRates(dataFolder: string): Promise<Rates> {
  const file = join(dataFolder, 'rates.json')
  let known: Record<string, number> = {}
  try {
    known = fileSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    // Missing or damaged: a forecast falls back to the first guess, which is what a new install has.
  }
  return {
    seconds(kind, megapixelFrames) {
      const rate = known[kind]
      return {
        seconds: (rate ?? FIRST_GUESS[kind]) * megapixelFrames,
        basis: rate === undefined ? 'guess' : 'measured',
      }
    },
    async learn(kind, megapixelFrames, seconds) {
      if (megapixelFrames <= 0) return
      const fresh = seconds / megapixelFrames
      const old = known[kind]
      known = { ...known, [kind]: old === undefined ? fresh : old * 0.5 + fresh * 0.5 }
      try {
        await mkdir(dataFolder, { recursive: true })
        const temporary = `${file}.${String(process.pid)}.tmp`
        await writeFile(temporary, JSON.stringify(known, null, 2))
        await rename(temporary, file)
      } catch {
        // The job has succeeded: a speed that is not remembered must not turn that into a failure.
      }
    },
  }
}
