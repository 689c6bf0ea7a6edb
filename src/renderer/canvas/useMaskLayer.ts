import type Konva from 'konva'
import { useEffect, useMemo, useRef } from 'react'
import type { RefObject } from 'react'
import type { MaskShape } from '../../shared/document/model.js'
import { hasMaskAt } from '../../shared/mask/index.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { DASH } from './draw.js'
import type { MaskOverlay, Overlay } from './maskOverlay.js'
import { createMaskOverlay } from './maskOverlay.js'
import { overlaySize } from './overlaySize.js'
import type { PaintTarget } from './paintTarget.js'
import { paintTarget } from './paintTarget.js'
import { isPaintTool } from './tools/index.js'
import { contain } from './view.js'
import type { Size, View } from './view.js'

const STEP_MILLISECONDS = 120

export interface MaskLayer {
  /** What to draw of the mask; null where none is shown. */
  shown(): {
    readonly overlay: Overlay | null
    readonly source: Size
    readonly inverted: boolean
    readonly colour: string
  } | null
  /** Marks to draw on top: those just committed, and the one under way. */
  live(preview: MaskShape | null): readonly MaskShape[]
  /** Keeps showing a committed mark until the drawn mask contains it. */
  settle(shape: MaskShape): void
  /** How far the dashes of the outline have moved. */
  phase(): number
}

/** The mask in hand on the frame under the playhead: drawn in a worker, tinted here. */
export function useMaskLayer(options: {
  readonly view: View
  readonly frame: Size
  readonly maskLayer: RefObject<Konva.Layer | null>
  readonly redraw: () => void
}): MaskLayer {
  const { view, frame, maskLayer, redraw } = options
  const overlay = useRef<MaskOverlay | null>(null)
  const settling = useRef<readonly MaskShape[]>([])
  const phase = useRef(0)
  const latest = useRef({ view, frame })

  const layer = useMemo((): MaskLayer & { ask(): void } => {
    const target = (): ReturnType<typeof paintTarget> => {
      const editor = useEditor.getState()
      if (!editor.showMask || editor.compare === 'source') return null
      return paintTarget(useProject.getState().doc, editor)
    }
    return {
      ask() {
        const at = target()
        const mask = at?.focus.mask
        if (at === null || mask === undefined || !hasMaskAt(mask, at.sourceFrame)) {
          overlay.current?.show(null)
          return
        }
        const source = at.focus.asset.info
        const scale = latest.current.view.zoom * contain(source, latest.current.frame).scale
        overlay.current?.show({
          mask,
          frame: at.sourceFrame,
          source: { width: source.width, height: source.height },
          out: overlaySize(source, scale * devicePixelRatio),
        })
      },
      shown() {
        const at = target()
        if (at === null) return null
        const { mask, asset } = at.focus
        const drawn = overlay.current?.current() ?? null
        return {
          overlay: drawn !== null && drawn.of.mask.id === mask?.id ? drawn : null,
          source: asset.info,
          inverted: mask?.inverted ?? false,
          colour: mask?.overlay.colour ?? '#ff3d71',
        }
      },
      live: (preview) => (preview === null ? settling.current : [...settling.current, preview]),
      settle(shape) {
        settling.current = [...settling.current, shape]
      },
      phase: () => phase.current,
    }
  }, [])

  useEffect(() => {
    latest.current = { view, frame }
    layer.ask()
  }, [view, frame, layer])

  useEffect(() => {
    const drawer = createMaskOverlay()
    overlay.current = drawer
    const dim = (): void => {
      const element = maskLayer.current?.getNativeCanvasElement()
      const editor = useEditor.getState()
      const focus = paintTarget(useProject.getState().doc, editor)?.focus
      // Nobody can judge a new colour through the mask's: then its outline alone says where it is.
      const judged = focus?.segment?.id === editor.previewEditId && !isPaintTool(editor.tool)
      const opacity = judged ? 0 : (focus?.mask?.overlay.opacity ?? 0.5)
      // On the layer as a whole: marks that overlap must not add up.
      if (element !== undefined) element.style.opacity = String(opacity)
    }
    const changed = (): void => {
      layer.ask()
      dim()
      redraw()
    }
    const stops = [
      drawer.subscribe(() => {
        settling.current = []
        // The layer's element may not have been there yet when the mask was first asked for.
        dim()
        redraw()
      }),
      useEditor.subscribe(changed),
      useProject.subscribe((state, before) => {
        if (state.doc === before.doc) return
        // A slider of an edit changes the document many times a second, and nothing of this.
        const editor = useEditor.getState()
        if (!sameTarget(paintTarget(state.doc, editor), paintTarget(before.doc, editor))) changed()
      }),
    ]
    changed()
    return () => {
      for (const stop of stops) stop()
      drawer.close()
      overlay.current = null
      settling.current = []
    }
  }, [layer, maskLayer, redraw])

  useEffect(() => {
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return undefined
    const timer = setInterval(() => {
      const still = useEditor.getState().shuttle === 0 && !document.hidden
      if (!still || (overlay.current?.current()?.outlines.length ?? 0) === 0) return
      phase.current = (phase.current + 1) % (2 * DASH)
      redraw()
    }, STEP_MILLISECONDS)
    return () => clearInterval(timer)
  }, [redraw])

  return layer
}

/** True where the two are drawn alike: records keep their identity until they change. */
function sameTarget(a: PaintTarget | null, b: PaintTarget | null): boolean {
  return (
    a?.sourceFrame === b?.sourceFrame &&
    a?.focus.clip === b?.focus.clip &&
    a?.focus.asset === b?.focus.asset &&
    a?.focus.mask === b?.focus.mask &&
    a?.focus.segment?.id === b?.focus.segment?.id
  )
}
