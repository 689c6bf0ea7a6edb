import type { MaskRec } from '../../shared/document/model.js'
import { bitmapPathsOf } from '../../shared/mask/index.js'
import { bridge } from '../bridge/index.js'
import type { MaskAnswer, MaskRequest } from './maskWorker.js'
import type { Size } from './view.js'

export interface OverlayWanted {
  readonly mask: MaskRec
  readonly frame: number
  readonly source: Size
  readonly out: Size
}

export interface Overlay {
  readonly of: OverlayWanted
  readonly picture: ImageBitmap
  readonly outlines: readonly (readonly number[])[]
}

export interface MaskOverlay {
  /** The newest drawn mask; the one wanted last, or the one before it while that is being drawn. */
  current(): Overlay | null
  show(wanted: OverlayWanted | null): void
  subscribe(listener: () => void): () => void
  close(): void
}

/** Drawn masks kept, so that stepping to and fro or an undo shows at once. */
const KEPT = 24

function same(a: OverlayWanted, b: OverlayWanted): boolean {
  return (
    a.mask === b.mask &&
    a.frame === b.frame &&
    a.out.width === b.out.width &&
    a.out.height === b.out.height
  )
}

/** Where a worker can read the pictures that a mask was imported from. */
export function bitmapUrls(mask: MaskRec): Readonly<Record<string, string>> {
  return Object.fromEntries(
    bitmapPathsOf(mask).map((path) => [path, new URL(bridge.mediaUrl(path), location.href).href]),
  )
}

/** Draws masks in a worker, newest request first, one at a time. */
export function createMaskOverlay(): MaskOverlay {
  const worker = new Worker(new URL('./maskWorker.ts', import.meta.url), { type: 'module' })
  const listeners = new Set<() => void>()
  const kept: Overlay[] = []
  let current: Overlay | null = null
  let waiting: OverlayWanted | null = null
  let drawing: { readonly id: number; readonly of: OverlayWanted } | null = null
  let counter = 0

  const tell = (): void => listeners.forEach((listener) => listener())

  const next = (): void => {
    if (drawing !== null || waiting === null) return
    const of = waiting
    waiting = null
    drawing = { id: (counter += 1), of }
    const request: MaskRequest = {
      id: drawing.id,
      ...of,
      urls: bitmapUrls(of.mask),
    }
    worker.postMessage(request)
  }

  const keep = (overlay: Overlay): void => {
    kept.push(overlay)
    if (kept.length <= KEPT) return
    const oldest = kept.findIndex((candidate) => candidate !== current)
    kept.splice(oldest, 1)[0]?.picture.close()
  }

  worker.onmessage = ({ data }: MessageEvent<MaskAnswer>) => {
    if (drawing?.id !== data.id) {
      // Called off meanwhile.
      data.picture?.close()
      return
    }
    const { of } = drawing
    drawing = null
    if (data.picture !== null) {
      current = { of, picture: data.picture, outlines: data.outlines }
      keep(current)
      tell()
    }
    next()
  }

  return {
    current: () => current,
    show(wanted) {
      waiting = null
      if (wanted === null) {
        drawing = null
        if (current === null) return
        current = null
        tell()
        return
      }
      if (current !== null && same(current.of, wanted)) return
      const ready = kept.find((overlay) => same(overlay.of, wanted))
      if (ready !== undefined) {
        current = ready
        tell()
        return
      }
      if (drawing !== null && same(drawing.of, wanted)) return
      waiting = wanted
      next()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      worker.terminate()
      listeners.clear()
      for (const overlay of kept) overlay.picture.close()
      kept.length = 0
      current = null
    },
  }
}
