import { memo } from 'react'
import type { KeyboardEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { isImagined } from '../../shared/document/made.js'
import type { AssetRec, ClipRec, Id, ProjectDoc } from '../../shared/document/model.js'
import { recordOf, recordsOf } from '../../shared/document/model.js'
import { timecode } from '../../shared/rational.js'
import { transport } from '../player/transport.js'
import { useEditor } from '../state/editor.js'
import type { SegmentLook } from './scene.js'
import { segmentSpan } from './layout.js'
import { selectClip, selectSegment } from './selectOnTimeline.js'

interface MirrorProps {
  readonly doc: ProjectDoc
  readonly length: number
  readonly segmentLook: (segmentId: Id) => SegmentLook
  readonly overlayText: (clip: ClipRec) => string
}

/**
 * The timeline as a list and a slider: what the canvas shows, for screen readers and the
 * keyboard. Out of sight until something in it has the focus.
 */
export function TimelineMirror(props: MirrorProps) {
  return (
    <div className="timeline-mirror">
      <PlayheadSlider {...props} />
      <Lists {...props} />
    </div>
  )
}

function PlayheadSlider({ doc, length }: MirrorProps) {
  const { t } = useTranslation()
  const playhead = useEditor((state) => state.playhead)
  const time = timecode(playhead, doc.meta.fps)
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const second = Math.round(doc.meta.fps.num / doc.meta.fps.den)
    const step = event.shiftKey ? second : 1
    // Always of the film, whatever else is on screen.
    if (event.key === 'ArrowRight' || event.key === 'ArrowUp') transport.goTo(playhead + step)
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowDown') transport.goTo(playhead - step)
    else if (event.key === 'PageUp') transport.goTo(playhead + second)
    else if (event.key === 'PageDown') transport.goTo(playhead - second)
    else if (event.key === 'Home') transport.goTo(0)
    else if (event.key === 'End') transport.goTo(length - 1)
    else return
    event.preventDefault()
  }
  return (
    <div
      role="slider"
      tabIndex={0}
      className="mirror-item"
      aria-label={t('timeline.playhead')}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, length - 1)}
      aria-valuenow={playhead}
      aria-valuetext={t('timeline.playheadAt', { time, frame: playhead })}
      onKeyDown={onKeyDown}
    >
      {t('timeline.playheadAt', { time, frame: playhead })}
    </div>
  )
}

/** The badge is part of the name: what a model made must be heard as well as seen. */
function clipName(asset: AssetRec | undefined, badge: string): string {
  return asset === undefined ? '' : isImagined(asset) ? `${asset.name}, ${badge}` : asset.name
}

/** Apart from the slider: the lists must not render with every frame. */
const Lists = memo(function Lists({ doc, segmentLook, overlayText }: MirrorProps) {
  const { t } = useTranslation()
  const selectedClipId = useEditor((state) => state.selectedClipId)
  const selectedSegmentId = useEditor((state) => state.selectedSegmentId)
  const at = (frame: number): string => timecode(frame, doc.meta.fps)
  const clips = recordsOf(doc, 'clip').sort((a, b) => a.start - b.start)
  const markers = recordsOf(doc, 'marker').sort((a, b) => a.frame - b.frame)
  return (
    <>
      <ul aria-label={t('timeline.clips')}>
        {clips.map((clip) => (
          <li key={clip.id}>
            <button
              type="button"
              className="mirror-item"
              aria-pressed={clip.id === selectedClipId}
              onClick={() => selectClip(clip.id)}
            >
              {t('timeline.clip', {
                name: [
                  `${recordOf(doc, 'track', clip.trackId)?.name ?? ''} ${clipName(
                    recordOf(doc, 'asset', clip.assetId),
                    t('takes.ai'),
                  )}`.trim(),
                  overlayText(clip),
                ]
                  .filter((part) => part !== '')
                  .join(', '),
                from: at(clip.start),
                to: at(clip.start + clip.length),
              })}
            </button>
            <ul>
              {recordsOf(doc, 'segment').map((segment) => {
                const span = segment.clipId === clip.id ? segmentSpan(doc, segment) : null
                if (span === null) return null
                return (
                  <li key={segment.id}>
                    <button
                      type="button"
                      className="mirror-item"
                      aria-pressed={segment.id === selectedSegmentId}
                      onClick={() => selectSegment(segment.id)}
                    >
                      {t('timeline.segment', {
                        verb: segmentLook(segment.id).name,
                        from: at(span.from),
                        to: at(span.to),
                        state: segmentLook(segment.id).told,
                      })}
                    </button>
                  </li>
                )
              })}
            </ul>
          </li>
        ))}
      </ul>
      {markers.length > 0 && (
        <ul aria-label={t('timeline.markers')}>
          {markers.map((marker) => (
            <li key={marker.id}>
              <button
                type="button"
                className="mirror-item"
                onClick={() => transport.goTo(marker.frame)}
              >
                {t('timeline.marker', { label: marker.label, time: at(marker.frame) })}
              </button>
            </li>
          ))}
        </ul>
      )}
    </>
  )
})
