import type { MaskRec } from '../../shared/document/model.js'
import type { EditParams } from '../../shared/edit/operations.js'
import type { Subjects } from '../../shared/grade/plan.js'
import type { Drawable } from '../canvas/draw.js'
import { bitmapUrls } from '../canvas/maskOverlay.js'
import type { Size } from '../canvas/view.js'
import type { PreviewAnswer, PreviewRequest } from './previewWorker.js'

/** What is to be seen: an edit on a picture that is on screen. */
export interface PreviewWanted {
  readonly params: EditParams
  readonly subjects: Subjects
  readonly mask: MaskRec | null
  readonly frame: number
  /** Borrowed from the player: drawn at once, not kept. */
  readonly picture: VideoFrame
  readonly source: Size
}

export interface EditPreview {
  /** The newest picture with the edit in it; null where there is none to show. */
  shown(): Drawable | null
  /** Milliseconds that the newest one took from the wish to the picture. */
  took(): number | null
  show(wanted: PreviewWanted | null): void
  subscribe(listener: () => void): () => void
  close(): void
}

/** Longer side of a preview in pixels. */
const PREVIEW_SIDE = 640

/** Applies edits to the picture on screen in a worker, newest wish first, one at a time. */
export function createEditPreview(): EditPreview {
  const worker = new Worker(new URL('./previewWorker.ts', import.meta.url), { type: 'module' })
  const listeners = new Set<() => void>()
  let current: { readonly picture: ImageBitmap; readonly of: Size } | null = null
  let wanted: PreviewWanted | null = null
  let asked: PreviewWanted | null = null
  /** The picture that the worker holds: sent once, however often its edit changes. */
  let sent: VideoFrame | null = null
  let running: { readonly id: number; readonly of: Size; readonly since: number } | null = null
  let took: number | null = null
  let counter = 0

  const tell = (): void => listeners.forEach((listener) => listener())
  const put = (next: typeof current): void => {
    current?.picture.close()
    current = next
    tell()
  }

  const next = (): void => {
    if (running !== null || wanted === null || wanted === asked) return
    asked = wanted
    const { picture, source, params, subjects, mask, frame } = wanted
    const scale = Math.min(1, PREVIEW_SIDE / Math.max(source.width, source.height))
    const out = {
      width: Math.max(1, Math.round(source.width * scale)),
      height: Math.max(1, Math.round(source.height * scale)),
    }
    const copy = picture === sent ? null : copyOf(picture)
    if (copy === null && picture !== sent) return
    sent = picture
    running = { id: (counter += 1), of: source, since: performance.now() }
    const request: PreviewRequest = {
      ...{ id: running.id, params, subjects, frame, picture: copy, out, source, mask },
      urls: mask === null ? {} : bitmapUrls(mask),
    }
    worker.postMessage(request, copy === null ? [] : [copy])
  }

  worker.onmessage = ({ data }: MessageEvent<PreviewAnswer>) => {
    const of = running?.id === data.id ? running.of : null
    if (running !== null) took = performance.now() - running.since
    running = null
    if (of === null || wanted === null) data.picture?.close()
    else put(data.picture === null ? null : { picture: data.picture, of })
    next()
  }

  return {
    shown: () => current,
    took: () => took,
    show(wish) {
      if (wish === null) {
        wanted = null
        asked = null
        if (current !== null) put(null)
        return
      }
      if (wanted !== null && same(wanted, wish)) return
      wanted = wish
      next()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    close() {
      worker.terminate()
      listeners.clear()
      current?.picture.close()
      current = null
    },
  }
}

/** Null for a picture that the player has let go of: it says so when the next one is there. */
function copyOf(picture: VideoFrame): VideoFrame | null {
  try {
    return picture.clone()
  } catch {
    return null
  }
}

function same(a: PreviewWanted, b: PreviewWanted): boolean {
  return (
    a.params === b.params &&
    a.subjects === b.subjects &&
    a.mask === b.mask &&
    a.frame === b.frame &&
    a.picture === b.picture
  )
}
