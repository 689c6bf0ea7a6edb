import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { sheetOf } from '../diffusion/clipPictures.js'
import type { SampleOptions } from '../diffusion/sampleClip.js'
import type { TaskContext } from '../taskContext.js'
import type { Size } from '../vision/image.js'

const PREVIEW_FILE = 'preview.png'

/** Reports every pass of a sampling, and after each step the whole clip as it now looks. */
export function showSheets(
  context: TaskContext,
  folder: string,
  frames: number,
  fps: number,
  size: Size,
): Pick<SampleOptions, 'onPass' | 'onStep'> {
  let passes = { done: 0, total: 1 }
  return {
    onPass(done, total) {
      passes = { done, total }
      context.report({ phase: 'sampling', ...passes })
    },
    async onStep(estimate, done, _total, candidate) {
      const { picture, sheet } = sheetOf(estimate, frames, fps, size)
      const { width, height, data } = picture
      const png = encode({ width, height, data, channels: 3, depth: 8 }, { zlib: { level: 1 } })
      // Renamed into place, so that nobody reads half a picture.
      const partial = join(folder, `.${PREVIEW_FILE}`)
      await writeFile(partial, png)
      await rename(partial, join(folder, PREVIEW_FILE))
      const shown = candidate === null ? sheet : { ...sheet, candidate }
      const preview = { file: PREVIEW_FILE, frame: done, sheet: shown }
      context.report({ phase: 'sampling', ...passes, preview })
    },
  }
}
