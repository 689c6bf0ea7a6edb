/// <reference lib="webworker" />
import type { MaskRec } from '../../shared/document/model.js'
import type { MaskBitmaps } from '../../shared/mask/index.js'
import { bitmapPathsOf, maskAt } from '../../shared/mask/index.js'
import { maskOutlines } from '../../shared/mask/outline.js'
import { simplify } from '../../shared/mask/points.js'
import type { Size } from './view.js'

/** Draws masks away from the thread that draws the interface. */

export interface MaskRequest {
  readonly id: number
  readonly mask: MaskRec
  readonly frame: number
  readonly source: Size
  readonly out: Size
  /** Where the mask's imported pictures can be read, by their project-relative path. */
  readonly urls: Readonly<Record<string, string>>
}

export interface MaskAnswer {
  readonly id: number
  /** White, with the mask's coverage as alpha. Null when drawing failed. */
  readonly picture: ImageBitmap | null
  /** Closed outlines in source pixels. */
  readonly outlines: readonly (readonly number[])[]
}

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

async function draw(request: MaskRequest): Promise<MaskAnswer> {
  const { id, mask, frame, source, out, urls } = request
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
  const coverage = maskAt(mask, frame, source, out, (path) => loaded.get(path))
  const pixels = new ImageData(out.width, out.height)
  for (let i = 0; i < coverage.length; i += 1) {
    pixels.data.fill(255, 4 * i, 4 * i + 3)
    pixels.data[4 * i + 3] = coverage[i] ?? 0
  }
  const scaleX = source.width / out.width
  const scaleY = source.height / out.height
  const outlines = maskOutlines(coverage, out.width, out.height).map((points) =>
    simplify(points, 0.4).map((value, i) => value * (i % 2 === 0 ? scaleX : scaleY)),
  )
  return { id, picture: await createImageBitmap(pixels), outlines }
}

self.onmessage = (event: MessageEvent<MaskRequest>) => {
  const { id } = event.data
  draw(event.data)
    .catch((): MaskAnswer => ({ id, picture: null, outlines: [] }))
    .then((answer) =>
      self.postMessage(answer, { transfer: answer.picture === null ? [] : [answer.picture] }),
    )
    .catch((error: unknown) => reportError(error))
}
