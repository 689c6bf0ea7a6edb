import { useEffect, useRef } from 'react'
import type { KeyboardEvent, PointerEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { DOUBTFUL_TRACK } from '../../shared/contract/track.js'
import { timecode } from '../../shared/rational.js'
import { timelineFrameOf } from '../player/timelineMap.js'
import { transport } from '../player/transport.js'
import { sourceFrameIn, sourceRange } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import type { MaskFocus } from './MaskPanel.js'

const HEIGHT = 26

/** Every frame of the edit: how sure the track is of it, where it was painted, where the playhead is. */
export function TrackRibbon({ focus }: { readonly focus: MaskFocus }) {
  const { t } = useTranslation()
  const doc = useProject((state) => state.doc)
  const canvas = useRef<HTMLCanvasElement>(null)
  const theme = useEditor((state) => state.theme)
  const frame = useEditor((state) => (doc === null ? 0 : sourceFrameIn(doc, focus, state.playhead)))
  const { mask, segment, clip, asset } = focus
  const range = segment ?? (doc === null ? { from: 0, to: 1 } : sourceRange(doc, focus))
  const { from, to } = range

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
    context.clearRect(0, 0, width, HEIGHT)
    for (const [key, value] of Object.entries(mask.tracked ?? {})) {
      const x = (Number(key) - from) * step
      if (x < 0 || x >= width) continue
      const isDoubtful = value < DOUBTFUL_TRACK
      context.fillStyle = colour(
        isDoubtful ? 'confidence-low' : value < 0.8 ? 'confidence-mid' : 'confidence-high',
      )
      // Height says it too: colour alone is not for everyone.
      const height = 3 + value * (HEIGHT - 12)
      context.fillRect(x, HEIGHT - height, Math.max(1, step > 3 ? step - 1 : step), height)
    }
    for (const key of Object.keys(mask.keyframes)) {
      if (mask.tracked?.[key] !== undefined) continue
      const x = (Number(key) - from + 0.5) * step
      context.fillStyle = colour('accent')
      context.save()
      context.translate(x, 5)
      context.rotate(Math.PI / 4)
      context.fillRect(-3, -3, 6, 6)
      context.restore()
    }
    context.fillStyle = colour('text')
    context.fillRect(Math.round((frame - from + 0.5) * step) - 1, 0, 1.5, HEIGHT)
  }, [mask, from, to, frame, theme])

  if (doc === null) return null
  const goTo = (source: number): void =>
    transport.goTo(
      timelineFrameOf(clip, asset, doc.meta.fps, Math.max(from, Math.min(to - 1, source))),
    )
  const onPointer = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (event.buttons !== 1) return
    const box = event.currentTarget.getBoundingClientRect()
    goTo(from + Math.floor(((event.clientX - box.left) / box.width) * (to - from)))
  }
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Home' && event.key !== 'End') return
    event.preventDefault()
    goTo(event.key === 'Home' ? from : to - 1)
  }
  const value = mask.tracked?.[String(frame)]
  const time = timecode(timelineFrameOf(clip, asset, doc.meta.fps, frame), doc.meta.fps)
  return (
    <canvas
      ref={canvas}
      className="track-ribbon"
      role="slider"
      tabIndex={0}
      aria-label={t('track.ribbon')}
      aria-valuemin={from}
      aria-valuemax={to - 1}
      aria-valuenow={Math.max(from, Math.min(to - 1, frame))}
      aria-valuetext={
        value === undefined
          ? t('track.ribbonPainted', { time })
          : t('track.ribbonAt', { time, value: Math.round(value * 100) })
      }
      onPointerDown={onPointer}
      onPointerMove={onPointer}
      onKeyDown={onKeyDown}
    />
  )
}
