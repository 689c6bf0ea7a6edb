/// <reference lib="webworker" />
import type { MaskRec } from '../../shared/document/model.js'
import { maskAt } from '../../shared/mask/index.js'
import { maskOutlines } from '../../shared/mask/outline.js'
import { simplify } from '../../shared/mask/points.js'
import { loadBitmaps } from './maskBitmaps.js'
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

async function draw(request: MaskRequest): Promise<MaskAnswer> {
  const { id, mask, frame, source, out, urls } = request
  const bitmaps = await loadBitmaps(mask, urls)
  const coverage = maskAt(mask, frame, source, out, bitmaps)
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
