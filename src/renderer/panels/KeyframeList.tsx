import { ChevronLeft, ChevronRight, CopyPlus, Eraser, Trash2 } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { timecode } from '../../shared/rational.js'
import { sourceFrameIn } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { timelineFrameOf } from '../player/timelineMap.js'
import { transport } from '../player/transport.js'
import { IconButton } from '../ui/Button.js'
import type { MaskFocus } from '../state/focus.js'

/** The frames a mask was painted on: go to one, clear or delete it, copy the one before. */
export function KeyframeList({ focus }: { readonly focus: MaskFocus }) {
  const { t } = useTranslation()
  const doc = useProject((state) => state.doc)
  const dispatch = useProject((state) => state.dispatch)
  // Which of the key frames the playhead is at or between, not the playhead itself: rendering
  // this list for every frame played would cost more than drawing the picture.
  // Tracked key frames stand in the ribbon below: listed, they would bury the painted ones.
  const frames = Object.keys(focus.mask.keyframes)
    .map(Number)
    .sort((a, b) => a - b)
  const frame = useEditor((state) =>
    doc === null || state.shuttle !== 0 ? -1 : sourceFrameIn(doc, focus, state.playhead),
  )
  if (doc === null) return null

  const { mask, clip, asset } = focus
  const painted = frames.filter((one) => mask.tracked?.[String(one)] === undefined)
  const goTo = (source: number): void =>
    transport.goTo(timelineFrameOf(clip, asset, doc.meta.fps, source))
  const previous = frames.findLast((one) => one < frame)
  const next = frames.find((one) => one > frame)
  const here = frames.includes(frame)
  const copied = previous === undefined ? undefined : mask.keyframes[String(previous)]
  return (
    <div className="field" role="group" aria-label={t('mask.keyframes')}>
      <div className="field-head">
        <span className="field-label">{t('mask.keyframes')}</span>
        <span className="button-row">
          <IconButton
            label={t('mask.previousKeyframe')}
            disabled={previous === undefined}
            onClick={() => previous !== undefined && goTo(previous)}
          >
            <ChevronLeft />
          </IconButton>
          <IconButton
            label={t('mask.nextKeyframe')}
            disabled={next === undefined}
            onClick={() => next !== undefined && goTo(next)}
          >
            <ChevronRight />
          </IconButton>
          <IconButton
            label={t('mask.copyPrevious')}
            disabled={copied === undefined || frame < 0}
            onClick={() =>
              copied &&
              void dispatch([{ type: 'mask.setKeyframe', id: mask.id, frame, shapes: copied }])
            }
          >
            <CopyPlus />
          </IconButton>
          <IconButton
            label={t('mask.clearFrame')}
            disabled={frame < 0 || frames.length === 0}
            onClick={() =>
              void dispatch([{ type: 'mask.setKeyframe', id: mask.id, frame, shapes: [] }])
            }
          >
            <Eraser />
          </IconButton>
          <IconButton
            label={t('mask.deleteKeyframe')}
            disabled={!here}
            onClick={() => void dispatch([{ type: 'mask.removeKeyframe', id: mask.id, frame }])}
          >
            <Trash2 />
          </IconButton>
        </span>
      </div>
      {frames.length === 0 ? (
        <p className="hint">{t('mask.paintHint')}</p>
      ) : (
        <ul className="keyframes">
          {painted.map((one) => {
            const count = mask.keyframes[String(one)]?.length ?? 0
            const text = timecode(timelineFrameOf(clip, asset, doc.meta.fps, one), doc.meta.fps)
            return (
              <li key={one}>
                <button
                  type="button"
                  className="keyframe"
                  aria-current={one === frame ? 'true' : undefined}
                  aria-label={`${t('mask.goToKeyframe', { timecode: text })}, ${
                    count === 0 ? t('mask.emptyKeyframe') : t('mask.shapes', { count })
                  }`}
                  onClick={() => goTo(one)}
                >
                  <span className={count === 0 ? 'diamond diamond-empty' : 'diamond'} aria-hidden />
                  <span className="mono">{text}</span>
                </button>
              </li>
            )
          })}
        </ul>
      )}
    </div>
  )
}
