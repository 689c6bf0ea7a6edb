import { useTranslation } from 'react-i18next'
import { recordOf } from '../../shared/document/model.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import type { Size, View } from './view.js'

/** The line between source, or another take, (left) and take (right), to be dragged; the slider above the viewer does the same by keyboard. */
export function WipeHandle({
  view,
  frame,
  labels,
}: {
  readonly view: View
  readonly frame: Size
  /** Says what is on which side. */
  readonly labels: boolean
}) {
  const { t } = useTranslation()
  const wipe = useEditor((state) => state.wipe)
  const set = useEditor((state) => state.set)
  const takes = useSides()
  const width = frame.width * view.zoom
  const left = view.x + width * wipe
  return (
    <>
      {labels && (
        <>
          <span
            className="wipe-label"
            style={{ right: `calc(100% - ${left - 8}px)`, top: view.y + 8 }}
          >
            {takes.left ?? t('viewer.source')}
          </span>
          <span className="wipe-label" style={{ left: left + 8, top: view.y + 8 }}>
            {takes.right ?? t('viewer.take')}
          </span>
        </>
      )}
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

/** What either half shows, side by side. */
export function SideLabels() {
  const { t } = useTranslation()
  const takes = useSides()
  return (
    <>
      <span className="wipe-label" style={{ left: 8, top: 8 }}>
        {takes.left ?? t('viewer.source')}
      </span>
      <span className="wipe-label" style={{ left: 'calc(50% + 8px)', top: 8 }}>
        {takes.right ?? t('viewer.take')}
      </span>
    </>
  )
}

/** The names of the takes on both sides, where two takes are compared. */
function useSides(): { readonly left?: string; readonly right?: string } {
  const doc = useProject((state) => state.doc)
  const against = useEditor((state) => state.against)
  const auditionTakeId = useEditor((state) => state.auditionTakeId)
  const left = doc === null ? undefined : recordOf(doc, 'take', against)
  if (doc === null || left === undefined) return {}
  const segment = recordOf(doc, 'segment', left.segmentId)
  const right = recordOf(doc, 'take', auditionTakeId ?? segment?.acceptedTakeId)
  return { left: left.name, ...(right === undefined ? {} : { right: right.name }) }
}
