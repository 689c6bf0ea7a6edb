import type Konva from 'konva'
import { memo, useDeferredValue, useEffect, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Layer, Shape, Stage } from 'react-konva'
import { useShallow } from 'zustand/react/shallow'
import { useThemeColours } from '../canvas/themeColour.js'
import { useElementSize } from '../canvas/useElementSize.js'
import { timelineLength } from '../../shared/document/timing.js'
import { linkedClips } from '../../shared/document/linking.js'
import { recordOf } from '../../shared/document/model.js'
import type { ProjectDoc } from '../../shared/document/model.js'
import { useEditor } from '../state/editor.js'
import { useFocusIn } from '../state/focus.js'
import { useProject } from '../state/project.js'
import { drawPlayhead, drawTimeline } from './drawTimeline.js'
import { COLOUR_NAMES } from './scene.js'
import { rowsHeight, rowsOf } from './layout.js'
import type { Row } from './layout.js'
import { createProjectFiles } from './projectFiles.js'
import type { ProjectFiles } from './projectFiles.js'
import { TimelineMirror } from './TimelineMirror.js'
import { TrackHeaders } from './TrackHeaders.js'
import { useOverlayText } from './useOverlayText.js'
import { useSegmentLook } from './useSegmentLook.js'
import { useTimelineInput } from './useTimelineInput.js'
import { useTimelineView } from './useTimelineView.js'
import './timeline.css'

const NO_ROWS: readonly Row[] = []
const NO_CLIPS: ReadonlySet<string> = new Set()

/**
 * The film in time: ruler, tracks, AI edits, playhead. Drawn after what is in hand: a slider and the
 * picture that follows it do not wait for it.
 */
export function Timeline() {
  const doc = useDeferredValue(useProject((state) => state.doc))
  return <TimelineOf doc={doc} />
}

const TimelineOf = memo(function TimelineOf({ doc }: { readonly doc: ProjectDoc | null }) {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const mainLayer = useRef<Konva.Layer>(null)
  const playheadLayer = useRef<Konva.Layer>(null)
  const size = useElementSize(box)
  const colours = useThemeColours(COLOUR_NAMES)
  const files = useProjectFiles(() => mainLayer.current?.batchDraw())

  const { range, selectedClipId, selectedSegmentId } = useEditor(
    useShallow(({ range, selectedClipId, selectedSegmentId }) => ({
      range,
      selectedClipId,
      selectedSegmentId,
    })),
  )
  const focus = useFocusIn(doc)
  const segmentLook = useSegmentLook(doc)
  const look = useOverlayText(doc)
  const [guide, setGuide] = useState<number | null>(null)

  const length = doc === null ? 0 : timelineLength(doc)
  const rows = useMemo(() => (doc === null ? NO_ROWS : rowsOf(doc)), [doc])
  const control = useTimelineView(size.width, length)
  const { view } = control
  const height = Math.max(size.height, rowsHeight(rows))
  const input = useTimelineInput({ box, control, rows, length, onGuide: setGuide })

  const selectedClips = useMemo(() => {
    const clip = doc === null ? undefined : recordOf(doc, 'clip', selectedClipId)
    return doc === null || clip === undefined
      ? NO_CLIPS
      : new Set(linkedClips(doc, clip).map(({ id }) => id))
  }, [doc, selectedClipId])

  // What the drawing functions read changes with every render; Konva redraws only when told.
  useEffect(() => {
    mainLayer.current?.batchDraw()
    playheadLayer.current?.batchDraw()
  })
  useEffect(
    () =>
      useEditor.subscribe((state, before) => {
        if (state.playhead !== before.playhead) playheadLayer.current?.batchDraw()
      }),
    [],
  )

  return (
    <div className="timeline" role="group" aria-label={t('timeline.label')} {...input.keys}>
      <TrackHeaders rows={rows} control={control} height={height} />
      {/* The mirror beside it does the same by keyboard and for screen readers. */}
      <div ref={box} className="timeline-canvas" aria-hidden {...input.pointer}>
        {size.width > 0 && doc !== null && (
          <Stage width={size.width} height={height} listening={false}>
            <Layer ref={mainLayer} listening={false}>
              <Shape
                sceneFunc={({ _context }) =>
                  drawTimeline(_context, {
                    doc,
                    rows,
                    view,
                    height,
                    colours,
                    files,
                    selectedClips,
                    selectedSegmentId,
                    maskId: focus?.mask?.id ?? null,
                    range,
                    guide,
                    badge: t('timeline.ai'),
                    segmentLook,
                    overlayText: look,
                  })
                }
              />
            </Layer>
            <Layer ref={playheadLayer} listening={false}>
              <Shape
                sceneFunc={({ _context }) =>
                  drawPlayhead(_context, useEditor.getState().playhead, view, height, colours)
                }
              />
            </Layer>
          </Stage>
        )}
        {length === 0 && <p className="timeline-empty">{t('timeline.empty')}</p>}
      </div>
      {doc !== null && (
        <TimelineMirror doc={doc} length={length} segmentLook={segmentLook} overlayText={look} />
      )}
    </div>
  )
})

/** The pictures of the open project; read anew when core has made more, dropped with the project. */
function useProjectFiles(redraw: () => void): ProjectFiles {
  const folder = useProject((state) => state.folder)
  const preparing = useProject((state) => state.preparing)
  const draw = useRef(redraw)
  useEffect(() => {
    draw.current = redraw
  })
  const [files, setFiles] = useState(() => createProjectFiles(() => draw.current()))
  useEffect(() => {
    const made = createProjectFiles(() => draw.current())
    setFiles(made)
    return () => made.close()
  }, [folder])
  useEffect(() => files.retry(), [files, preparing])
  return files
}
