import { useState } from 'react'
import type { DragEvent } from 'react'
import type { Id } from '../../shared/document/model.js'

/** What makes a row of a list one that can be dragged to another place in it. */
interface RowProps {
  readonly draggable: true
  readonly onDragStart: (event: DragEvent) => void
  readonly onDragOver: (event: DragEvent) => void
  readonly onDrop: (event: DragEvent) => void
  readonly onDragEnd: () => void
}

/**
 * Re-orders the rows of a list by dragging. A row dropped on another takes its place.
 *
 * @param move puts the dragged row at a place, counted from the top
 */
export function useLayerDrag(move: (id: Id, place: number) => void): {
  readonly row: (id: Id, place: number) => RowProps
  /** Class of a row: where the dragged one would come to lie. */
  readonly lookOf: (place: number) => string
} {
  const [dragged, setDragged] = useState<{ readonly id: Id; readonly from: number } | null>(null)
  const [over, setOver] = useState<number | null>(null)
  const end = (): void => {
    setDragged(null)
    setOver(null)
  }
  return {
    lookOf(place) {
      if (dragged === null || over !== place || over === dragged.from) return ''
      return over < dragged.from ? 'drop-above' : 'drop-below'
    },
    row: (id, place) => ({
      draggable: true,
      onDragStart(event) {
        event.dataTransfer.effectAllowed = 'move'
        event.dataTransfer.setData('text/plain', id)
        setDragged({ id, from: place })
      },
      onDragOver(event) {
        // Files that are dropped on the window are not for this list.
        if (dragged === null) return
        event.preventDefault()
        event.dataTransfer.dropEffect = 'move'
        setOver(place)
      },
      onDrop(event) {
        if (dragged === null) return
        event.preventDefault()
        event.stopPropagation()
        move(dragged.id, place)
        end()
      },
      onDragEnd: end,
    }),
  }
}
