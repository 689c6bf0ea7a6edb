import { useCallback, useEffect, useMemo, useState } from 'react'
import { useEditor } from '../state/editor.js'
import type { Point, Size, View } from './view.js'
import { fitView, panBy, wheelZoom, zoomAround } from './view.js'

export interface ViewControl {
  readonly view: View
  /** Wheel over the viewer: zooms around the pointer. */
  zoomByWheel(at: Point, deltaY: number): void
  pan(delta: Point): void
}

/**
 * Zoom and place of the picture. The zoom lives in the editor store, where buttons set it;
 * the place is kept as the picture point in the middle of the screen, so that resizing a
 * panel or choosing a zoom keeps what the person looks at.
 */
export function useView(picture: Size, screen: Size): ViewControl {
  const zoom = useEditor((state) => state.viewerZoom)
  const set = useEditor((state) => state.set)
  const [middle, setMiddle] = useState<Point | null>(null)

  useEffect(() => {
    if (zoom === 'fit') setMiddle(null)
  }, [zoom])

  const view = useMemo((): View => {
    if (zoom === 'fit') return fitView(picture, screen)
    const centre = middle ?? { x: picture.width / 2, y: picture.height / 2 }
    return {
      zoom,
      x: Math.round(screen.width / 2 - centre.x * zoom),
      y: Math.round(screen.height / 2 - centre.y * zoom),
    }
  }, [zoom, middle, picture, screen])

  const place = useCallback(
    (next: View) => {
      setMiddle({
        x: (screen.width / 2 - next.x) / next.zoom,
        y: (screen.height / 2 - next.y) / next.zoom,
      })
      set({ viewerZoom: next.zoom })
    },
    [screen, set],
  )

  const zoomByWheel = useCallback(
    (at: Point, deltaY: number) => place(zoomAround(view, at, wheelZoom(view.zoom, deltaY))),
    [place, view],
  )
  const pan = useCallback(
    (delta: Point) => place(panBy(view, delta, picture, screen)),
    [place, view, picture, screen],
  )
  return useMemo(() => ({ view, zoomByWheel, pan }), [view, zoomByWheel, pan])
}
