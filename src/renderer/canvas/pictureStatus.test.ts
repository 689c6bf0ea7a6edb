import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ErrorData } from '../../shared/contract/errors.js'
import type { LayerName, ShownPicture } from '../player/pictures.js'
import type { Picture } from '../player/timelineMap.js'
import { createPatience, filmIds, statusOf } from './pictureStatus.js'

const UNREADABLE: ErrorData = { code: 'file-unreadable', message: 'gone' }
const PICTURE = filmIds({
  asset: { id: 'asset_a' },
  take: { record: { id: 'take_a' }, previewId: 'stack_a', frame: 0 },
} as unknown as Picture)

/** On screen: the source, and what of the take there is. */
function screen(problem: LayerName | null, shown: readonly LayerName[]) {
  return {
    problem: (layer: LayerName) => (layer === problem ? UNREADABLE : null),
    shown: (layer: LayerName) => (shown.includes(layer) ? ({} as ShownPicture) : null),
  }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('what the viewer says', () => {
  it('is no error while the takes lying on each other are put together', () => {
    const end = vi.fn()
    const patience = createPatience(end)
    const pictures = screen('take', ['source', 'take'])
    const quiet = { preparing: true, problem: null, hasPicture: true, hasTake: true }
    // Just accepted: core has not begun yet.
    expect(statusOf(pictures, PICTURE, [], patience)).toEqual(quiet)
    vi.advanceTimersByTime(60_000)
    expect(end).toHaveBeenCalledOnce()
    expect(statusOf(pictures, PICTURE, ['stack_a'], patience)).toEqual(quiet)
  })

  it('is an error where nobody makes what cannot be read', () => {
    const patience = createPatience(() => undefined)
    const pictures = screen('source', [])
    expect(statusOf(pictures, PICTURE, [], patience).problem).toBeNull()
    vi.advanceTimersByTime(60_000)
    expect(statusOf(pictures, PICTURE, ['asset_other'], patience)).toMatchObject({
      ...{ problem: UNREADABLE, preparing: false, hasPicture: false },
    })
  })

  it('waits anew for the next preview, and for none that is there', () => {
    const end = vi.fn()
    const patience = createPatience(end)
    expect(patience.lasts('a')).toBe(true)
    vi.advanceTimersByTime(60_000)
    expect(patience.lasts('a')).toBe(false)
    expect(patience.lasts('b')).toBe(true)
    expect(patience.lasts('')).toBe(false)
    vi.advanceTimersByTime(60_000)
    expect(end).toHaveBeenCalledOnce()
  })
})
