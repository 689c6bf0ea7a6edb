import { useCallback, useEffect, useMemo, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Layer, Shape, Stage } from 'react-konva'
import type Konva from 'konva'
import { timelineLength } from '../../shared/document/timing.js'
import { usePair } from '../compare/comparing.js'
import { PairLabels } from '../compare/PairLabels.js'
import { pictureAt } from '../player/timelineMap.js'
import { maskName } from '../state/startVerb.js'
import { shownDraft, useShownDraft } from '../state/draft.js'
import { useEditor } from '../state/editor.js'
import { shownLeftovers, useLeftovers } from '../state/leftovers.js'
import { useProject } from '../state/project.js'
import { drawCursor, drawFilm, drawMask, drawOutlines, drawOverlays, drawSides } from './draw.js'
import type { Drawable } from './draw.js'
import { markCommands } from './paintTarget.js'
import { useCanvasInput } from './useCanvasInput.js'
import { useEditPreview } from '../edit/useEditPreview.js'
import { useElementSize } from './useElementSize.js'
import { useMaskLayer } from './useMaskLayer.js'
import { usePictures } from './usePictures.js'
import { useView } from './useView.js'
import { ViewerMessage } from './ViewerMessage.js'
import { SideLabels, WipeHandle } from './WipeHandle.js'
import { contain, toScreen } from './view.js'
import './viewer.css'

/** Dashes of what is suggested and not yet part of the mask. */
const SUGGESTED = 'rgb(255 200 60)'

const NO_FRAME = { width: 16, height: 9 }

/** The picture under the playhead with its mask, its tools, and before and after. */
export function Viewer() {
  const { t } = useTranslation()
  const box = useRef<HTMLDivElement>(null)
  const filmLayer = useRef<Konva.Layer>(null)
  const maskLayer = useRef<Konva.Layer>(null)
  const toolLayer = useRef<Konva.Layer>(null)
  const screen = useElementSize(box)

  const meta = useProject((state) => state.doc?.meta)
  const isEmpty = useProject(({ doc }) => doc === null || timelineLength(doc) === 0)
  const compare = useEditor((state) => state.compare)
  const wipe = useEditor((state) => state.wipe)
  const pair = usePair()
  const format = pair?.right.info ?? meta
  const frame = useMemo(
    () => (format === undefined ? NO_FRAME : { width: format.width, height: format.height }),
    [format],
  )
  const control = useView(frame, screen)
  const { view } = control

  const redrawTools = useCallback(() => {
    maskLayer.current?.batchDraw()
    toolLayer.current?.batchDraw()
  }, [])
  const pictureCame = useRef<() => void>(() => undefined)
  const { pictures, status } = usePictures(
    () => {
      pictureCame.current()
      filmLayer.current?.batchDraw()
    },
    (settled) => {
      // Twice a frame: not worth a render.
      if (box.current !== null) box.current.dataset['settled'] = String(settled)
    },
  )
  const preview = useEditPreview(
    pictures,
    () => filmLayer.current?.batchDraw(),
    (milliseconds) => {
      if (box.current === null) return
      if (milliseconds === null) delete box.current.dataset['preview']
      else box.current.dataset['preview'] = milliseconds.toFixed(0)
    },
  )
  useEffect(() => {
    pictureCame.current = preview.ask
  }, [preview])
  const mask = useMaskLayer({ view, frame, maskLayer, redraw: redrawTools })

  const input = useCanvasInput({
    box,
    control,
    frame,
    redraw: redrawTools,
    commit(target, shape) {
      const { doc, dispatch } = useProject.getState()
      if (doc === null) return
      const { range, playhead, set } = useEditor.getState()
      // A mark outside of the marked range is not meant for it.
      const within = range !== null && playhead >= range.from && playhead < range.to ? range : null
      const { maskId, commands } = markCommands(doc, target, shape, maskName, within)
      mask.settle(shape)
      void dispatch(commands)
      set({ selectedClipId: target.focus.clip.id, selectedMaskId: maskId })
    },
  })

  // What the drawing functions read changes with every render; Konva redraws only when told.
  useEffect(() => {
    filmLayer.current?.batchDraw()
    redrawTools()
  })

  const previewing = useEditor((state) => state.previewEditId !== null)
  const isDraft = useShownDraft() !== null
  useLeftovers((state) => state.suggestion)
  const sides = compare === 'side'
  const wiping = compare === 'wipe' && (status.hasTake || previewing || isDraft)
  return (
    <div
      ref={box}
      className="viewer"
      role="application"
      aria-label={t('viewer.canvas')}
      aria-describedby="viewer-help"
      data-cursor={input.cursorStyle}
      {...input.props}
    >
      <p id="viewer-help" className="hidden">
        {t('viewer.help')}
      </p>
      <p className="hidden" role="status">
        {input.announcement}
      </p>
      {screen.width > 0 && (
        <Stage width={screen.width} height={screen.height} listening={false}>
          <Layer ref={filmLayer} listening={false}>
            <Shape
              sceneFunc={({ _context }) => {
                if (isEmpty && pair === null) return
                const source = pictures.shown('other') ?? pictures.shown('source')
                const take = shownDraft() ?? preview.shown() ?? pictures.shown('take')
                const film = (shown: Drawable | null) => (context: typeof _context) => {
                  const at = compare === 'wipe' ? wipe : null
                  drawFilm(context, view, frame, { source, take: shown }, at)
                  drawOverlays(context, view, frame, pictures.overlays())
                }
                if (sides) drawSides(_context, screen, frame, film(null), film(take))
                else film(take)(_context)
              }}
            />
          </Layer>
          {/* Painting needs the one picture: beside another it rests (paintTarget). */}
          <Layer ref={maskLayer} listening={false} visible={!sides && pair === null}>
            <Shape
              sceneFunc={({ _context }) => {
                const live = mask.live(input.painter.preview())
                const shown = mask.shown()
                if (shown === null) return
                drawMask(_context, view, frame, shown.source, { ...shown, live })
              }}
            />
          </Layer>
          <Layer ref={toolLayer} listening={false} visible={!sides && pair === null}>
            <Shape
              sceneFunc={({ _context }) => {
                const shown = mask.shown()
                if (shown?.overlay) {
                  const { outlines } = shown.overlay
                  drawOutlines(_context, view, frame, shown.source, outlines, mask.phase())
                }
                const { tool, brushSize, playhead } = useEditor.getState()
                const { doc } = useProject.getState()
                const picture = doc === null ? null : pictureAt(doc, playhead)
                if (picture === null) return
                const { info } = picture.asset
                drawOutlines(_context, view, frame, info, shownLeftovers(), 0, SUGGESTED)
                const placement = contain(picture.asset.info, frame)
                const radius =
                  tool === 'brush' || tool === 'eraser'
                    ? (brushSize / 2) * view.zoom * placement.scale
                    : null
                const pointer = input.pointer()
                if (pointer !== null && radius !== null) {
                  drawCursor(_context, pointer, radius, false)
                }
                const cursor = input.painter.cursor()
                if (cursor !== null) {
                  const at = toScreen({ x: cursor.x + 0.5, y: cursor.y + 0.5 }, view, placement)
                  drawCursor(_context, at, radius, cursor.pressed)
                  drawCursor(_context, at, null, cursor.pressed)
                }
              }}
            />
          </Layer>
        </Stage>
      )}
      {isDraft && <p className="viewer-draft">{t('draft.badge')}</p>}
      {wiping && <WipeHandle view={view} frame={frame} labels={pair === null} />}
      {pair !== null ? <PairLabels pair={pair} view={view} /> : sides && <SideLabels />}
      <ViewerMessage isEmpty={isEmpty && pair === null} status={status} />
    </div>
  )
}
