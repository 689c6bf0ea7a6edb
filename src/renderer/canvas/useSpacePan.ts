import { useEffect, useMemo, useRef } from 'react'
import type { RefObject } from 'react'
import { transport } from '../player/transport.js'
import type { Point } from './view.js'

export interface SpacePan {
  isHeld(): boolean
  /** Marks that this press of Space moved the picture, so that it does not play as well. */
  use(): void
}

/**
 * Space over the viewer: held while dragging it pans; pressed and released alone it plays, as
 * everywhere. So here playing waits for the key to come up.
 * @param pointer where the pointer is over the viewer; null while it is elsewhere
 */
export function useSpacePan(pointer: RefObject<Point | null>): SpacePan {
  const held = useRef(false)
  const used = useRef(false)

  useEffect(() => {
    const onDown = (event: KeyboardEvent): void => {
      if (event.key !== ' ' || event.ctrlKey || event.metaKey || event.altKey) return
      if (held.current) {
        event.preventDefault()
        event.stopImmediatePropagation()
        return
      }
      // A control or text field that has the keyboard keeps its Space.
      const target = event.target instanceof Element ? event.target : null
      const mine = target === null || target === document.body || target.matches('[data-area]')
      const onViewer = target?.matches('.viewer:not([data-keyboard])') === true
      if (pointer.current === null || (!mine && !onViewer)) return
      held.current = true
      used.current = false
      event.preventDefault()
      event.stopImmediatePropagation()
    }
    const onUp = (event: KeyboardEvent): void => {
      if (event.key !== ' ' || !held.current) return
      held.current = false
      if (!used.current) transport.toggle()
    }
    const onBlur = (): void => {
      held.current = false
    }
    window.addEventListener('keydown', onDown, { capture: true })
    window.addEventListener('keyup', onUp, { capture: true })
    window.addEventListener('blur', onBlur)
    return () => {
      window.removeEventListener('keydown', onDown, { capture: true })
      window.removeEventListener('keyup', onUp, { capture: true })
      window.removeEventListener('blur', onBlur)
    }
  }, [pointer])

  return useMemo(
    () => ({
      isHeld: () => held.current,
      use: () => {
        used.current = true
      },
    }),
    [],
  )
}
