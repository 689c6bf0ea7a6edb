import { useCallback, useEffect, useMemo, useState } from 'react'
import { useEditor } from '../state/editor.js'
import type { TimelineView } from './layout.js'
import { clampScroll, fitScale, follow, frameToX, zoomAt } from './layout.js'

export interface TimelineControl {
  readonly view: TimelineView
  readonly isFit: boolean
  readonly scrollBy: (pixels: number) => void
  /** Zooms around a place; without one around the playhead, or the middle when that is out of view. */
  readonly zoomBy: (factor: number, x?: number) => void
  readonly fit: () => void
}

/** Zoom (in the editor store) and scroll of the timeline. Follows the playhead while playing. */
export function useTimelineView(width: number, length: number): TimelineControl {
  const zoom = useEditor((state) => state.timelineZoom)
  const set = useEditor((state) => state.set)
  const [scroll, setScroll] = useState(0)

  const view = useMemo(
    (): TimelineView =>
      zoom === null
        ? { scale: fitScale(length, width), scroll: 0, width }
        : clampScroll({ scale: zoom, scroll, width }, length),
    [zoom, scroll, width, length],
  )

  useEffect(
    () =>
      useEditor.subscribe((state, before) => {
        if (state.playhead === before.playhead) return
        const next = follow(state.playhead, view)
        if (next !== view.scroll && state.timelineZoom !== null) setScroll(next)
      }),
    [view],
  )

  const scrollBy = useCallback(
    (pixels: number) =>
      setScroll(clampScroll({ ...view, scroll: view.scroll + pixels }, length).scroll),
    [view, length],
  )
  const zoomBy = useCallback(
    (factor: number, x?: number) => {
      const atPlayhead = frameToX(useEditor.getState().playhead, view)
      const inView = atPlayhead >= 0 && atPlayhead <= view.width
      const next = zoomAt(view, x ?? (inView ? atPlayhead : view.width / 2), factor, length)
      setScroll(clampScroll(next, length).scroll)
      set({ timelineZoom: next.scale <= fitScale(length, width) ? null : next.scale })
    },
    [view, length, width, set],
  )
  const fit = useCallback(() => {
    setScroll(0)
    set({ timelineZoom: null })
  }, [set])

  return useMemo(
    () => ({ view, isFit: zoom === null, scrollBy, zoomBy, fit }),
    [view, zoom, scrollBy, zoomBy, fit],
  )
}
