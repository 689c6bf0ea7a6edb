/// <reference lib="webworker" />
import type { MaskRec } from '../../shared/document/model.js'
import type { MaskBitmaps } from '../../shared/mask/index.js'
import { bitmapPathsOf } from '../../shared/mask/index.js'

type MaskBitmap = NonNullable<ReturnType<MaskBitmaps>>

const bitmaps = new Map<string, Promise<MaskBitmap | undefined>>()

async function readBitmap(url: string): Promise<MaskBitmap | undefined> {
  const response = await fetch(url)
  if (!response.ok) return undefined
  const picture = await createImageBitmap(await response.blob())
  const { width, height } = picture
  const canvas = new OffscreenCanvas(width, height)
  const context = canvas.getContext('2d', { willReadFrequently: true })
  if (context === null) return undefined
  context.drawImage(picture, 0, 0)
  picture.close()
  const { data } = context.getImageData(0, 0, width, height)
  const grey = new Uint8Array(width * height)
  for (let i = 0; i < grey.length; i += 1) grey[i] = data[4 * i] ?? 0
  return { width, height, data: grey }
}

/**
 * The pictures that a mask was imported from, read once in a worker's life.
 *
 * @param urls where they can be read, by their project-relative path
 */
export async function loadBitmaps(
  mask: MaskRec,
  urls: Readonly<Record<string, string>>,
): Promise<MaskBitmaps> {
  const loaded = new Map<string, MaskBitmap>()
  for (const path of bitmapPathsOf(mask)) {
    const url = urls[path]
    if (url === undefined) continue
    const reading = bitmaps.get(url) ?? readBitmap(url).catch(() => undefined)
    bitmaps.set(url, reading)
    const bitmap = await reading
    if (bitmap === undefined) bitmaps.delete(url)
    else loaded.set(path, bitmap)
  }
  return (path) => loaded.get(path)
}
