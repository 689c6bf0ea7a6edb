import { useEffect } from 'react'
import type { RefObject } from 'react'

/**
 * Scrolls the panel around an element so far that the element is seen whole, with the title above it,
 * when it appears out of view. Nothing moves where another of its kind can be seen.
 */
export function useComesIntoView(of: RefObject<HTMLElement | null>, kind: string): void {
  useEffect(() => {
    const panel = of.current?.closest<HTMLElement>('.scroll')
    if (of.current === null || panel == null) return
    const view = panel.getBoundingClientRect()
    const isSeen = (one: Element): boolean => {
      const { top, bottom } = one.getBoundingClientRect()
      return top >= view.top && bottom <= view.bottom
    }
    if ([...panel.querySelectorAll(kind)].some(isSeen)) return
    const section = of.current.closest('.section') ?? of.current
    panel.scrollTop += section.getBoundingClientRect().top - view.top
  }, [of, kind])
}
