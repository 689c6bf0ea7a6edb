import { Magnet, Maximize2, Volume2, VolumeX, ZoomIn, ZoomOut } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { keysFor } from '../keymap.js'
import { runAction } from '../state/actions.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { IconButton } from '../ui/Button.js'
import type { Row } from './layout.js'
import { RULER_HEIGHT } from './layout.js'
import type { TimelineControl } from './useTimelineView.js'

const ZOOM_STEP = 1.5

/** Left of the tracks: their names, what silences them, and the timeline's zoom. */
export function TrackHeaders({
  rows,
  control,
  height,
}: {
  readonly rows: readonly Row[]
  readonly control: TimelineControl
  readonly height: number
}) {
  const { t } = useTranslation()
  const snapping = useEditor((state) => state.snapping)
  const dispatch = useProject((state) => state.dispatch)
  const snapKey = keysFor('snapping')
  return (
    <div className="timeline-headers" style={{ height }}>
      <div className="timeline-tools" style={{ height: RULER_HEIGHT }}>
        <IconButton
          label={t('timeline.snapping')}
          pressed={snapping}
          side="top"
          onClick={() => runAction('snapping')}
          {...(snapKey === undefined ? {} : { shortcut: snapKey })}
        >
          <Magnet aria-hidden />
        </IconButton>
        <IconButton
          label={t('timeline.zoomOut')}
          shortcut="-"
          side="top"
          onClick={() => control.zoomBy(1 / ZOOM_STEP)}
        >
          <ZoomOut aria-hidden />
        </IconButton>
        <IconButton
          label={t('timeline.zoomIn')}
          shortcut="="
          side="top"
          onClick={() => control.zoomBy(ZOOM_STEP)}
        >
          <ZoomIn aria-hidden />
        </IconButton>
        <IconButton label={t('timeline.fit')} shortcut="0" side="top" onClick={control.fit}>
          <Maximize2 aria-hidden />
        </IconButton>
      </div>
      {rows.map(({ track, top, height: rowHeight }) => (
        <div key={track.id} className="track-header" style={{ top, height: rowHeight }}>
          <span className="track-name">{track.name}</span>
          {track.kind === 'audio' && (
            <IconButton
              label={t(track.muted ? 'timeline.unmute' : 'timeline.mute', { name: track.name })}
              pressed={track.muted}
              side="right"
              onClick={() =>
                void dispatch([
                  { type: 'track.update', id: track.id, changes: { muted: !track.muted } },
                ])
              }
            >
              {track.muted ? <VolumeX aria-hidden /> : <Volume2 aria-hidden />}
            </IconButton>
          )}
        </div>
      ))}
    </div>
  )
}
