import { rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encode } from 'fast-png'
import type { Picture } from '../vision/image.js'

const FILE = 'preview.png'
const EVERY_MS = 500

/** Shows the mask on the newest frame, not more often than anyone could look. */
export function createTrackPreview(folder: string): {
  /** The file's name when it was written anew. */
  offer(picture: Picture, mask: Uint8Array): Promise<string | null>
} {
  let last = 0
  return {
    async offer(picture, mask) {
      if (performance.now() - last < EVERY_MS) return null
      last = performance.now()
      const { width, height } = picture
      const data = picture.data.slice()
      for (let i = 0; i < mask.length; i++) {
        const cover = (mask[i]! / 255) * 0.5
        data[i * 3] = data[i * 3]! + cover * (255 - data[i * 3]!)
        data[i * 3 + 1] = data[i * 3 + 1]! * (1 - 0.6 * cover)
        data[i * 3 + 2] = data[i * 3 + 2]! * (1 - 0.2 * cover)
      }
      const png = encode({ width, height, data, channels: 3, depth: 8 }, { zlib: { level: 1 } })
      // Renamed into place, so that nobody reads half a picture.
      const partial = join(folder, `.${FILE}`)
      await writeFile(partial, png)
      await rename(partial, join(folder, FILE))
      return FILE
    },
  }
}
