import { Pause, Play } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { PreviewSheet } from '../../shared/contract/job.js'
import { bridge } from '../bridge/index.js'
import { IconButton } from '../ui/Button.js'

/**
 * Plays a grid of frames as a clip, over and over. The file is written anew at every step; the
 * newest one that could be read goes on where the one before was.
 */
export function SheetPlayer({
  path,
  version,
  sheet,
}: {
  readonly path: string
  /** Another number for another content of the file. */
  readonly version: number
  readonly sheet: PreviewSheet
}) {
  const { t } = useTranslation()
  const canvas = useRef<HTMLCanvasElement>(null)
  const frame = useRef(0)
  const [picture, setPicture] = useState<HTMLImageElement | null>(null)
  const [playing, setPlaying] = useState(
    () => !matchMedia('(prefers-reduced-motion: reduce)').matches,
  )
  useEffect(() => {
    const loading = new Image()
    loading.onload = () => setPicture(loading)
    loading.src = `${bridge.mediaUrl(path)}?step=${version}`
    return () => {
      loading.onload = null
    }
  }, [path, version])

  const { columns, count, fps, width, height } = sheet
  useEffect(() => {
    const context = canvas.current?.getContext('2d')
    if (picture === null || !context) return undefined
    const draw = (): void => {
      const at = frame.current % count
      const left = (at % columns) * width
      const top = Math.floor(at / columns) * height
      context.drawImage(picture, left, top, width, height, 0, 0, width, height)
    }
    draw()
    if (!playing) return undefined
    const timer = setInterval(() => {
      frame.current = (frame.current + 1) % count
      draw()
    }, 1000 / fps)
    return () => clearInterval(timer)
  }, [picture, playing, columns, count, fps, width, height])

  return (
    <div className="sheet-player">
      <canvas
        ref={canvas}
        width={width}
        height={height}
        role="img"
        aria-label={t('generate.preview', { step: version })}
      />
      <span className="sheet-control">
        <IconButton
          label={playing ? t('generate.pausePreview') : t('generate.playPreview')}
          onClick={() => setPlaying(!playing)}
        >
          {playing ? <Pause /> : <Play />}
        </IconButton>
      </span>
    </div>
  )
}
