import { useTranslation } from 'react-i18next'
import { useEditor } from '../state/editor.js'
import type { Size, View } from './view.js'

/** The line between source (left) and take (right), to be dragged; the slider above the viewer does the same by keyboard. */
export function WipeHandle({ view, frame }: { readonly view: View; readonly frame: Size }) {
  const { t } = useTranslation()
  const wipe = useEditor((state) => state.wipe)
  const set = useEditor((state) => state.set)
  const width = frame.width * view.zoom
  const left = view.x + width * wipe
  return (
    <>
      <span className="wipe-label" style={{ right: `calc(100% - ${left - 8}px)`, top: view.y + 8 }}>
        {t('viewer.source')}
      </span>
      <span className="wipe-label" style={{ left: left + 8, top: view.y + 8 }}>
        {t('viewer.take')}
      </span>
      <div
        className="wipe-handle"
        style={{ left, top: view.y, height: frame.height * view.zoom }}
        onPointerDown={(event) => {
          event.stopPropagation()
          event.currentTarget.setPointerCapture(event.pointerId)
        }}
        onPointerMove={(event) => {
          event.stopPropagation()
          if (!event.currentTarget.hasPointerCapture(event.pointerId)) return
          const box = event.currentTarget.parentElement?.getBoundingClientRect()
          if (box === undefined) return
          const share = (event.clientX - box.left - view.x) / width
          set({ wipe: Math.max(0, Math.min(1, share)) })
        }}
      />
    </>
  )
}
