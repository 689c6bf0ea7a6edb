import { Check, Film } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { SegmentRec } from '../../shared/document/model.js'
import { takesOf } from '../state/editing.js'
import type { ForecastState } from '../state/forecast.js'
import { useProject } from '../state/project.js'
import { keepFrames, useKeeping, useStopped } from '../state/stopped.js'
import type { StoppedTake } from '../state/stopped.js'
import { Button } from '../ui/Button.js'
import { StoppedRun } from './StoppedRun.js'
import { takeName } from './takeName.js'

/** In a verb's panel: what its last run has finished before it was stopped, and what to do with it. */
export function StoppedWork({
  segment,
  forecast,
}: {
  readonly segment: SegmentRec
  readonly forecast: ForecastState
}) {
  const { t } = useTranslation()
  const stopped = useStopped(segment.id)
  if (stopped === undefined) return null
  return (
    <StoppedRun
      stopped={stopped}
      forecast={forecast}
      changed={t('stopped.changed')}
      shortcut="Mod+Enter"
    >
      <KeepButton stopped={stopped} />
    </StoppedRun>
  )
}

function KeepButton({ stopped }: { readonly stopped: StoppedTake }) {
  const { t } = useTranslation()
  const { segmentId } = stopped.input
  const { done, next } = stopped.unfinished
  const keeping = useKeeping(segmentId)
  const doc = useProject((state) => state.doc)
  const kept = (doc === null ? [] : takesOf(doc, segmentId)).findLast(
    (take) => take.to === next && take.from === next - done,
  )
  if (kept !== undefined) {
    return (
      <span className="hint stopped-kept">
        <Check aria-hidden />
        {t('stopped.kept', { name: takeName(kept, t) })}
      </span>
    )
  }
  return (
    <Button
      icon={<Film aria-hidden />}
      disabled={keeping}
      title={t('stopped.keepHint')}
      onClick={() => keepFrames(stopped)}
    >
      {keeping ? t('stopped.keeping') : t('stopped.keep', { count: done })}
    </Button>
  )
}
