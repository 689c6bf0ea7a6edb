import { Gauge } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ParsedPrompt } from '../../shared/edit/parsed.js'
import { toNumber } from '../../shared/rational.js'
import { toRetimeOperations } from '../../shared/retime/resolve.js'
import { buildTimeMap } from '../../shared/retime/timeMap.js'
import { timelineFrameOf } from '../player/timelineMap.js'
import { OperationRows } from '../speed/OperationRows.js'
import { openSpeed, useSpeed } from '../speed/draft.js'
import { sourceFrameIn } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { Button } from '../ui/Button.js'
import { useFormat } from '../ui/format.js'
import type { EditFocus } from '../state/focus.js'

/**
 * What the words say about speed, with its values to change, and that it happens in a step of its
 * own: a new clip takes the place of the range.
 */
export function RetimeRemark({
  parsed,
  focus,
}: {
  readonly parsed: ParsedPrompt
  readonly focus: EditFocus
}) {
  const { t } = useTranslation()
  const format = useFormat()
  const doc = useProject((state) => state.doc)
  const playhead = useEditor((state) => state.playhead)
  const kept = useSpeed((state) => state.fromWords)
  if (doc === null) return null
  const { segment, clip, asset } = focus
  const frames = segment.to - segment.from
  const { fps } = asset.info
  const frozen = sourceFrameIn(doc, focus, playhead) - segment.from
  const read = toRetimeOperations(parsed.retimes, {
    ...{ frames, fps, frozen: Math.max(0, Math.min(frames - 1, frozen)) },
  })
  const words = JSON.stringify([parsed.retimes, segment.from, segment.to])
  const operations = kept?.words === words ? kept.operations : read
  const seconds = (count: number): string =>
    t('duration.seconds', { seconds: format.number(count / toNumber(fps), 2) })
  const at = (frame: number): number => timelineFrameOf(clip, asset, doc.meta.fps, frame)
  return (
    <div className="callout">
      <p>
        {operations.length === 0
          ? t('edit.retimeOutside')
          : t('edit.retime', { after: seconds(buildTimeMap(operations, frames).frames) })}
      </p>
      <OperationRows
        operations={operations}
        frames={frames}
        rate={toNumber(fps)}
        onChange={(next) => useSpeed.setState({ fromWords: { words, operations: next } })}
      />
      {parsed.operations.length > 0 && <p>{t('edit.retimeAfter')}</p>}
      {operations.length > 0 && (
        <Button
          className="wide"
          icon={<Gauge aria-hidden />}
          onClick={() =>
            openSpeed(clip.id, {
              operations,
              range: {
                from: Math.max(clip.start, at(segment.from)),
                to: Math.min(clip.start + clip.length, at(segment.to)),
              },
            })
          }
        >
          {t('edit.retimeOpen')}
        </Button>
      )}
    </div>
  )
}
