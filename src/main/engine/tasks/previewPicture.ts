import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encode } from 'fast-png'
import { shrinkPicture, type Picture } from '../vision/image.js'

/** The newest frame of a task's result, in its output folder. */
export const PREVIEW_FILE = 'preview.png'
export const PREVIEW_EVERY_MS = 1200
const PREVIEW_WIDTH = 480

/** Writes a small copy of what a take's frame looks like. */
export async function writePreview(folder: string, shown: Picture): Promise<void> {
  const factor = Math.max(1, Math.round(shown.width / PREVIEW_WIDTH))
  const { width, height, data } = shrinkPicture(shown, factor)
  const png = encode({ width, height, data, channels: 3, depth: 8 }, { zlib: { level: 1 } })
  // Renamed into place, so that nobody reads half a picture.
  const partial = join(folder, `.${PREVIEW_FILE}`)
  await writeFile(partial, png)
  await rename(partial, join(folder, PREVIEW_FILE))
}
