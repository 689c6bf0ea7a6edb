import { useEffect, useMemo, useRef, useState } from 'react'
import type { FocusEvent, KeyboardEvent, PointerEvent, RefObject } from 'react'
import { useTranslation } from 'react-i18next'
import type { MaskShape } from '../../shared/document/model.js'
import { transport } from '../player/transport.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import type { Painter } from './createPainter.js'
import { createPainter } from './createPainter.js'
import type { CursorAction } from './keyboardCursor.js'
import type { PaintTarget } from './paintTarget.js'
import { paintTarget } from './paintTarget.js'
import { isPaintTool } from './tools/index.js'
import type { PointerSample } from './tools/tool.js'
import { useSpacePan } from './useSpacePan.js'
import type { ViewControl } from './useView.js'
import { contain, toSource } from './view.js'
import type { Point, Size } from './view.js'

const MIDDLE_BUTTON = 1

export interface CanvasInput {
  readonly painter: Painter
  /** Where the pointer is, in CSS pixels of the viewer; null outside. */
  pointer(): Point | null
  readonly cursorStyle: 'default' | 'grab' | 'cross' | 'ring'
  /** For screen readers: what the last key did. */
  readonly announcement: string
  /** For the element itself, which takes part in the tab order. */
  readonly props: {
    readonly tabIndex: 0
    onPointerDown(event: PointerEvent<HTMLElement>): void
    onPointerMove(event: PointerEvent<HTMLElement>): void
    onPointerUp(event: PointerEvent<HTMLElement>): void
    onPointerCancel(event: PointerEvent<HTMLElement>): void
    onPointerLeave(): void
    onKeyDown(event: KeyboardEvent<HTMLElement>): void
    onFocus(event: FocusEvent<HTMLElement>): void
    onBlur(event: FocusEvent<HTMLElement>): void
  }
}

/** Pointer and keyboard on the viewer: painting, panning, zooming. */
export function useCanvasInput(options: {
  readonly box: RefObject<HTMLDivElement | null>
  readonly control: ViewControl
  readonly frame: Size
  readonly redraw: () => void
  readonly commit: (target: PaintTarget, shape: MaskShape) => void
}): CanvasInput {
  const { box, redraw } = options
  const { t } = useTranslation()
  const tool = useEditor((state) => state.tool)
  const [announcement, setAnnouncement] = useState('')
  const latest = useRef(options)
  useEffect(() => {
    latest.current = options
  })

  const pointer = useRef<Point | null>(null)
  const panning = useRef<Point | null>(null)
  /** A button is down on the viewer: focus that comes now came by pointer. */
  const pressed = useRef(false)
  const space = useSpacePan(pointer)

  const painter = useMemo(
    () =>
      createPainter<PaintTarget>({
        tool() {
          const { tool: name, brushSize } = useEditor.getState()
          return { tool: name, size: brushSize }
        },
        target: () => paintTarget(useProject.getState().doc, useEditor.getState()),
        sourceOf: ({ focus }) => focus.asset.info,
        commit: (target, shape) => latest.current.commit(target, shape),
        changed: redraw,
      }),
    [redraw],
  )

  useEffect(() => {
    const node = box.current
    if (node === null) return undefined
    // React's own wheel listener is passive and could not keep the page from zooming.
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault()
      const at = placeIn(node, event)
      if (event.shiftKey) latest.current.control.pan({ x: -event.deltaY, y: -event.deltaX })
      else latest.current.control.zoomByWheel(at, event.deltaY)
    }
    node.addEventListener('wheel', onWheel, { passive: false })
    return () => node.removeEventListener('wheel', onWheel)
  }, [box])

  useEffect(() => {
    painter.cancel()
    painter.hideCursor()
  }, [tool, painter])

  const sampleOf = (event: globalThis.PointerEvent, node: HTMLElement): PointerSample | null => {
    const target = paintTarget(useProject.getState().doc, useEditor.getState())
    if (target === null) return null
    const { control, frame } = latest.current
    const placement = contain(target.focus.asset.info, frame)
    const at = toSource(placeIn(node, event), control.view, placement)
    return { ...at, constrain: event.shiftKey }
  }

  const stop = (event: PointerEvent<HTMLElement>): void => {
    pressed.current = false
    if (panning.current !== null) panning.current = null
    else if (event.type === 'pointercancel') painter.cancel()
    else painter.end()
  }

  const say = (action: CursorAction): void => {
    const cursor = painter.cursor()
    if (cursor === null) return
    setAnnouncement(t(`viewer.cursor.${action}`, { x: cursor.x, y: cursor.y }))
  }

  return {
    painter,
    pointer: () => (panning.current === null ? pointer.current : null),
    cursorStyle:
      tool === 'hand'
        ? 'grab'
        : tool === 'brush' || tool === 'eraser'
          ? 'ring'
          : tool === 'select'
            ? 'default'
            : 'cross',
    announcement,
    props: {
      tabIndex: 0,
      onPointerDown(event) {
        const node = event.currentTarget
        pressed.current = true
        delete node.dataset['keyboard']
        painter.hideCursor()
        const current = useEditor.getState()
        if (event.button === MIDDLE_BUTTON || current.tool === 'hand' || space.isHeld()) {
          event.preventDefault()
          space.use()
          panning.current = { x: event.clientX, y: event.clientY }
          node.setPointerCapture(event.pointerId)
          return
        }
        if (event.button !== 0 || !isPaintTool(current.tool)) return
        // Side by side is for looking: the first press with a brush brings the one picture back.
        if (current.compare === 'side') {
          current.set({ compare: 'off' })
          return
        }
        // Where the film stands when the mark begins is where the mark goes.
        transport.pause()
        const sample = sampleOf(event.nativeEvent, node)
        if (sample === null || !painter.begin(sample, event.altKey)) return
        if (!current.showMask) current.set({ showMask: true })
        node.setPointerCapture(event.pointerId)
      },
      onPointerMove(event) {
        const node = event.currentTarget
        pointer.current = placeIn(node, event)
        const from = panning.current
        if (from !== null) {
          panning.current = { x: event.clientX, y: event.clientY }
          latest.current.control.pan({ x: event.clientX - from.x, y: event.clientY - from.y })
          return
        }
        if (painter.preview() !== null || node.hasPointerCapture(event.pointerId)) {
          // Every position the device reported, not only the last before this picture.
          const events = event.nativeEvent.getCoalescedEvents()
          for (const one of events.length > 0 ? events : [event.nativeEvent]) {
            const sample = sampleOf(one, node)
            if (sample !== null) painter.move(sample)
          }
        }
        redraw()
      },
      onPointerUp: stop,
      onPointerCancel: stop,
      onPointerLeave() {
        pointer.current = null
        pressed.current = false
        redraw()
      },
      onKeyDown(event) {
        if (event.target !== event.currentTarget) return
        const { ctrlKey, metaKey, altKey, key, shiftKey } = event
        if (key === 'Escape' && painter.preview() !== null) {
          painter.cancel()
          event.preventDefault()
          return
        }
        if (ctrlKey || metaKey || altKey || !isByKeyboard(event.currentTarget)) return
        const action = painter.key(key, shiftKey)
        if (action === null) return
        if (action === 'press') transport.pause()
        event.preventDefault()
        say(action)
      },
      onFocus(event) {
        if (event.target === event.currentTarget && !pressed.current) {
          event.currentTarget.dataset['keyboard'] = ''
        }
      },
      onBlur(event) {
        if (event.target !== event.currentTarget) return
        pressed.current = false
        delete event.currentTarget.dataset['keyboard']
        painter.hideCursor()
      },
    },
  }
}

/**
 * The keyboard paints only when the focus came by keyboard (or by a program): after a click,
 * arrows step frames and Space plays, as everywhere.
 */
function isByKeyboard(node: HTMLElement): boolean {
  return node.dataset['keyboard'] !== undefined
}

function placeIn(
  node: HTMLElement,
  event: { readonly clientX: number; readonly clientY: number },
): Point {
  const box = node.getBoundingClientRect()
  return { x: event.clientX - box.left, y: event.clientY - box.top }
}
