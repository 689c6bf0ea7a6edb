import { useEffect, useRef } from 'react'
import type { KeyboardEvent, PointerEvent, RefObject } from 'react'
import type { Id, ProjectDoc } from '../../shared/document/model.js'
import { recordOf } from '../../shared/document/model.js'
import { transport } from '../player/transport.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { dragRangeEdge, dragSegmentEdge } from './dragEdge.js'
import type { Edge } from './dragEdge.js'
import type { Row } from './layout.js'
import { frameToX, hitTest, segmentSpan, trackAt, xToFrame } from './layout.js'
import type { ClipMove } from './moveClip.js'
import { grabClip, moveTo } from './moveClip.js'
import { selectClip, selectSegment } from './selectOnTimeline.js'
import { nearestTarget, snapTargets } from './snapping.js'
import type { TimelineControl } from './useTimelineView.js'

/** A press becomes a drag after so many pixels; less is a click. */
const DRAG_PIXELS = 4
/** How far up or down before a clip looks for another track. */
const TRACK_PIXELS = 12
const ZOOM_STEP = 1.5

type Drag =
  | { readonly kind: 'scrub' }
  | {
      readonly kind: 'range-edge'
      readonly edge: Edge
      /** As it was when taken hold of, for Escape. */
      readonly before: { readonly from: number; readonly to: number }
    }
  | {
      readonly kind: 'segment-edge'
      readonly id: Id
      readonly edge: Edge
      /** Timeline frame of the end when taken hold of, for Escape. */
      readonly before: number
      readonly gesture: string
    }
  | {
      readonly kind: 'clip'
      readonly move: ClipMove
      readonly fromX: number
      readonly fromY: number
      readonly gesture: string
      readonly begun: boolean
      /** Something has been dispatched: there is a step to take back. */
      readonly moved: boolean
    }

/** Pointer, wheel and the timeline's own keys. */
export function useTimelineInput(options: {
  readonly box: RefObject<HTMLDivElement | null>
  readonly control: TimelineControl
  readonly rows: readonly Row[]
  readonly length: number
  readonly onGuide: (frame: number | null) => void
}): {
  readonly pointer: {
    onPointerDown(event: PointerEvent<HTMLElement>): void
    onPointerMove(event: PointerEvent<HTMLElement>): void
    onPointerUp(event: PointerEvent<HTMLElement>): void
    onPointerCancel(event: PointerEvent<HTMLElement>): void
  }
  readonly keys: { onKeyDown(event: KeyboardEvent<HTMLElement>): void }
} {
  const { box, control, rows, onGuide } = options
  const drag = useRef<Drag | null>(null)
  const gestures = useRef(0)
  const latest = useRef(control)
  useEffect(() => {
    latest.current = control
  })

  useEffect(() => {
    const node = box.current
    if (node === null) return undefined
    // React's own wheel listener is passive and could not keep the page from zooming.
    const onWheel = (event: WheelEvent): void => {
      event.preventDefault()
      const x = event.clientX - node.getBoundingClientRect().left
      if (event.ctrlKey || event.metaKey) {
        latest.current.zoomBy(Math.exp(-event.deltaY * 0.004), x)
        return
      }
      latest.current.scrollBy(event.deltaX !== 0 ? event.deltaX : event.deltaY)
    }
    node.addEventListener('wheel', onWheel, { passive: false })
    return () => node.removeEventListener('wheel', onWheel)
  }, [box])

  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent): void => {
      const held = drag.current
      if (event.key !== 'Escape' || held === null || held.kind === 'scrub') return
      if (held.kind === 'clip' && !held.begun) return
      event.preventDefault()
      event.stopImmediatePropagation()
      // Back where it was: a gesture without effect leaves no step to undo.
      if (held.kind === 'clip') step(held, held.move.start, false, held.move.held.trackId)
      else if (held.kind === 'range-edge') useEditor.getState().set({ range: held.before })
      else pullSegment(held, held.before)
      drag.current = null
      onGuide(null)
    }
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  })

  const step = (
    held: Drag & { kind: 'clip' },
    wanted: number,
    snap: boolean,
    trackId: Id | null,
  ): boolean => {
    const { doc, dispatch } = useProject.getState()
    if (doc === null) return false
    const { range, playhead } = useEditor.getState()
    const { scale } = latest.current.view
    const { commands, guide } = moveTo(
      doc,
      held.move,
      wanted,
      snap ? { pixelsPerFrame: scale, range, playhead } : null,
      trackId,
    )
    if (commands.length > 0) void dispatch(commands, { gesture: held.gesture })
    onGuide(guide)
    return commands.length > 0
  }

  /** The frame at a place, pulled to what is worth meeting there. */
  const edgeFrame = (doc: ProjectDoc, x: number, noSnap: boolean, range: boolean): number => {
    const { view } = latest.current
    const { snapping, playhead, range: inOut } = useEditor.getState()
    const frame = Math.round(xToFrame(x, view))
    if (!snapping || noSnap) return frame
    const targets = snapTargets(doc, { range: range ? null : inOut, playhead })
    return nearestTarget(frame, targets, view.scale) ?? frame
  }

  const pullSegment = (held: Drag & { kind: 'segment-edge' }, frame: number): void => {
    const { doc, dispatch } = useProject.getState()
    const command = doc === null ? null : dragSegmentEdge(doc, held.id, held.edge, frame)
    if (command !== null) void dispatch([command], { gesture: held.gesture })
  }

  const pullEdge = (
    held: Drag & { kind: 'range-edge' | 'segment-edge' },
    x: number,
    noSnap: boolean,
  ): void => {
    const { doc } = useProject.getState()
    if (doc === null) return
    const frame = edgeFrame(doc, x, noSnap, held.kind === 'range-edge')
    if (held.kind === 'segment-edge') {
      pullSegment(held, frame)
      return
    }
    const { range, set } = useEditor.getState()
    if (range !== null) set({ range: dragRangeEdge(range, held.edge, frame, options.length) })
  }

  const scrub = (x: number, noSnap: boolean): void => {
    const { doc } = useProject.getState()
    if (doc === null) return
    const { view } = latest.current
    const { snapping, range } = useEditor.getState()
    const frame = Math.floor(xToFrame(x, view))
    const targets = snapping && !noSnap ? snapTargets(doc, { range, playhead: null }) : []
    transport.goTo(nearestTarget(frame, targets, view.scale) ?? frame)
  }

  const release = (): void => {
    drag.current = null
    onGuide(null)
  }

  return {
    pointer: {
      onPointerDown(event) {
        const { doc } = useProject.getState()
        if (doc === null || event.button !== 0) return
        const { x, y } = placeIn(event)
        const { view } = latest.current
        const { range } = useEditor.getState()
        const hit = hitTest(doc, rows, view, x, y, range)
        const onPlayhead = Math.abs(frameToX(useEditor.getState().playhead, view) - x) <= 4
        event.currentTarget.setPointerCapture(event.pointerId)
        if (hit.kind === 'range-edge' && range !== null) {
          drag.current = { ...hit, before: range }
        } else if (hit.kind === 'segment-edge') {
          const segment = recordOf(doc, 'segment', hit.id)
          const span = segment === undefined ? null : segmentSpan(doc, segment)
          selectSegment(hit.id)
          if (span === null) return
          const gesture = `pull-${(gestures.current += 1)}-${Date.now()}`
          drag.current = { ...hit, before: span[hit.edge], gesture }
        } else if (hit.kind === 'ruler' || (hit.kind === 'nothing' && onPlayhead)) {
          drag.current = { kind: 'scrub' }
          scrub(x, event.altKey)
        } else if (hit.kind === 'segment') {
          selectSegment(hit.id)
        } else if (hit.kind === 'confidence') {
          // A frame that stands out there is one to look at.
          selectSegment(hit.id)
          drag.current = { kind: 'scrub' }
          scrub(x, true)
        } else if (hit.kind === 'clip') {
          selectClip(hit.id)
          const move = grabClip(doc, hit.id)
          if (move === null) return
          const gesture = `move-${(gestures.current += 1)}-${Date.now()}`
          drag.current = {
            ...{ kind: 'clip', move, fromX: x, fromY: y, gesture },
            ...{ begun: false, moved: false },
          }
        } else {
          selectClip(null)
        }
      },
      onPointerMove(event) {
        const held = drag.current
        const { x, y } = placeIn(event)
        if (held === null) {
          const { doc } = useProject.getState()
          const { range } = useEditor.getState()
          const { kind } =
            doc === null
              ? { kind: 'nothing' }
              : hitTest(doc, rows, latest.current.view, x, y, range)
          event.currentTarget.dataset['edge'] = String(kind.endsWith('edge'))
          return
        }
        if (held.kind === 'range-edge' || held.kind === 'segment-edge') {
          pullEdge(held, x, event.altKey)
          return
        }
        if (held.kind === 'scrub') {
          scrub(x, event.altKey)
          return
        }
        const far = Math.max(Math.abs(x - held.fromX), Math.abs(y - held.fromY) - TRACK_PIXELS)
        if (!held.begun && far < DRAG_PIXELS) return
        const { snapping } = useEditor.getState()
        const frames = (x - held.fromX) / latest.current.view.scale
        // A little up and down is no wish for another track.
        const track = Math.abs(y - held.fromY) > TRACK_PIXELS ? trackAt(rows, y)?.id : undefined
        const wanted = held.move.start + frames
        const moved = step(held, wanted, snapping && !event.altKey, track ?? null)
        drag.current = { ...held, begun: true, moved: held.moved || moved }
      },
      onPointerUp: release,
      onPointerCancel: release,
    },
    keys: {
      onKeyDown(event) {
        if (event.ctrlKey || event.metaKey || event.altKey) return
        if (event.key === '=' || event.key === '+') control.zoomBy(ZOOM_STEP)
        else if (event.key === '-') control.zoomBy(1 / ZOOM_STEP)
        else if (event.key === '0') control.fit()
        else return
        event.preventDefault()
      },
    },
  }
}

function placeIn(event: PointerEvent<HTMLElement>): { readonly x: number; readonly y: number } {
  const box = event.currentTarget.getBoundingClientRect()
  return {
    x: event.clientX - box.left,
    y: event.clientY - box.top + event.currentTarget.scrollTop,
  }
}
