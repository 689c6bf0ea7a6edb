import type { ErrorData } from '../../shared/contract/errors.js'
import type { Id } from '../../shared/document/model.js'
import type { Pictures } from '../player/pictures.js'
import type { Picture } from '../player/timelineMap.js'

export interface PictureStatus {
  readonly hasTake: boolean
  /** Something is on screen, if not yet what it should be. */
  readonly hasPicture: boolean
  readonly problem: ErrorData | null
  /** A preview is still being made. */
  readonly preparing: boolean
}

export const NO_PICTURE: PictureStatus = {
  hasTake: false,
  hasPicture: false,
  problem: null,
  preparing: false,
}

/** What core names while it makes the preview of a layer. */
type LayerIds = Readonly<Record<'source' | 'take', readonly Id[]>>

export function filmIds(picture: Picture | null): LayerIds | null {
  if (picture === null) return null
  const { asset, take } = picture
  return { source: [asset.id], take: take === null ? [] : [take.record.id, take.previewId] }
}

/**
 * What to say about the pictures on screen. One that cannot be read is no error while it is being
 * made, nor in the moment before core has begun to.
 * @param preparing ids of what core prepares now
 * @param patience asked only while a picture cannot be read
 */
export function statusOf(
  pictures: Pick<Pictures, 'shown' | 'problem'>,
  ids: LayerIds | null,
  preparing: readonly Id[],
  patience: Pick<Patience, 'lasts'>,
): PictureStatus {
  const idsOf = (layer: keyof LayerIds): readonly Id[] => ids?.[layer] ?? []
  const layers = ['source', 'take'] as const
  const unread = layers.filter((layer) => ids !== null && pictures.problem(layer) !== null)
  const isPatient = patience.lasts(unread.flatMap(idsOf).join())
  const unexpected = unread.find(
    (layer) => !isPatient && !idsOf(layer).some((id) => preparing.includes(id)),
  )
  const hasTake = pictures.shown('take') !== null
  return {
    hasTake,
    hasPicture: hasTake || pictures.shown('source') !== null,
    problem: unexpected === undefined ? null : pictures.problem(unexpected),
    // Takes that lie on each other are not asked for before they are put together.
    preparing:
      (unread.length > 0 && unexpected === undefined) ||
      idsOf('take').some((id) => id.startsWith('stack_') && preparing.includes(id)),
  }
}

export function sameStatus(a: PictureStatus, b: PictureStatus): boolean {
  return (
    a.hasTake === b.hasTake &&
    a.hasPicture === b.hasPicture &&
    a.problem === b.problem &&
    a.preparing === b.preparing
  )
}

export interface Patience {
  /** Whether these have been waited for only a short while; an empty name starts anew. */
  lasts(name: string): boolean
  close(): void
}

/** Core begins within half a second of the change that asks for a preview; a busy computer later. */
const PATIENCE_MS = 2500

/** @param onEnd told when it has run out */
export function createPatience(onEnd: () => void): Patience {
  let waitedFor = ''
  let timer: ReturnType<typeof setTimeout> | null = null
  const stop = (): void => {
    if (timer !== null) clearTimeout(timer)
    timer = null
  }
  return {
    lasts(name) {
      if (name !== waitedFor) {
        stop()
        waitedFor = name
        if (name !== '') {
          timer = setTimeout(() => {
            timer = null
            onEnd()
          }, PATIENCE_MS)
        }
      }
      return timer !== null
    },
    close: stop,
  }
}
