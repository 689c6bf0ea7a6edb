import { useEffect, useRef } from 'react'
import type { KeyboardEvent, PointerEvent } from 'react'
import { timecode } from '../../shared/rational.js'
import { timelineFrameOf } from '../player/timelineMap.js'
import { transport } from '../player/transport.js'
import { sourceFrameIn } from '../state/editing.js'
import type { Focus } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'

const HEIGHT = 26

export interface RibbonBar {
  /** Source frame. */
  readonly frame: number
  /** 0..1: height of the bar. */
  readonly value: number
  readonly level: 'high' | 'mid' | 'low'
}

/** A bar for every frame of a range; a click goes there. Named and steered like a slider. */
export function FrameRibbon({
  focus,
  range: { from, to },
  bars,
  diamonds = [],
  label,
  textAt,
}: {
  readonly focus: Pick<Focus, 'clip' | 'asset'>
  readonly range: { readonly from: number; readonly to: number }
  readonly bars: readonly RibbonBar[]
  /** Frames marked on top. */
  readonly diamonds?: readonly number[]
  readonly label: string
  /** What is read aloud of a frame. */
  readonly textAt: (time: string, frame: number) => string
}) {
  const doc = useProject((state) => state.doc)
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useEditor((state) => state.theme)
  // Not while playing: following the playhead would render a panel for every frame.
  const frame = useEditor((state) =>
    doc === null || state.shuttle !== 0 ? -1 : sourceFrameIn(doc, focus, state.playhead),
  )

  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context) return
    const scale = devicePixelRatio
    const width = element.clientWidth
    element.width = Math.round(width * scale)
    element.height = Math.round(HEIGHT * scale)
    context.scale(scale, scale)
    const style = getComputedStyle(element)
    const colour = (name: string): string => style.getPropertyValue(`--${name}`)
    const step = width / Math.max(1, to - from)
    for (const bar of bars) {
      const x = (bar.frame - from) * step
      if (x < 0 || x >= width) continue
      context.fillStyle = colour(`confidence-${bar.level}`)
      // Height says it too: colour alone is not for everyone.
      const height = 3 + bar.value * (HEIGHT - 12)
      context.fillRect(x, HEIGHT - height, Math.max(1, step > 3 ? step - 1 : step), height)
    }
    context.fillStyle = colour('accent')
    for (const at of diamonds) {
      context.save()
      context.translate((at - from + 0.5) * step, 5)
      context.rotate(Math.PI / 4)
      context.fillRect(-3, -3, 6, 6)
      context.restore()
    }
    if (frame < 0) return
    context.fillStyle = colour('text')
    context.fillRect(Math.round((frame - from + 0.5) * step) - 1, 0, 1.5, HEIGHT)
  }, [bars, diamonds, from, to, frame, theme])

  if (doc === null) return null
  const inside = (source: number): number => Math.max(from, Math.min(to - 1, source))
  const timelineFrame = (source: number): number =>
    timelineFrameOf(focus.clip, focus.asset, doc.meta.fps, inside(source))
  const onPointer = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (event.buttons !== 1) return
    const box = event.currentTarget.getBoundingClientRect()
    const source = from + Math.floor(((event.clientX - box.left) / box.width) * (to - from))
    transport.goTo(timelineFrame(source))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Home' && event.key !== 'End') return
    event.preventDefault()
    transport.goTo(timelineFrame(event.key === 'Home' ? from : to - 1))
  }
  return (
    <canvas
      ref={canvas}
      className="frame-ribbon"
      role="slider"
      tabIndex={0}
      aria-label={label}
      aria-valuemin={from}
      aria-valuemax={to - 1}
      aria-valuenow={inside(frame)}
      aria-valuetext={textAt(timecode(timelineFrame(frame), doc.meta.fps), inside(frame))}
      onPointerDown={onPointer}
      onPointerMove={onPointer}
      onKeyDown={onKeyDown}
    />
  )
}
