import { useLayoutEffect, useState } from 'react'
import type { RefObject } from 'react'
import type { Size } from './view.js'

/** The inner size of an element in CSS pixels, followed as it changes. */
export function useElementSize(element: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  useLayoutEffect(() => {
    const node = element.current
    if (node === null) return undefined
    const measure = (): void => {
      const width = node.clientWidth
      const height = node.clientHeight
      setSize((before) =>
        before.width === width && before.height === height ? before : { width, height },
      )
    }
    measure()
    const observer = new ResizeObserver(measure)
    observer.observe(node)
    return () => observer.disconnect()
  }, [element])
  return size
}
