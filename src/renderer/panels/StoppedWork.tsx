import { Check, CirclePause, Film, StepForward, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { SegmentRec } from '../../shared/document/model.js'
import { takesOf } from '../state/editing.js'
import type { ForecastState } from '../state/forecast.js'
import { useJobs } from '../state/jobs.js'
import { useProject } from '../state/project.js'
import { goOn, keepFrames, useKeeping, useStopped } from '../state/stopped.js'
import type { StoppedJob, StoppedTake } from '../state/stopped.js'
import { Button, Hint } from '../ui/Button.js'
import { ConfirmDialog } from '../ui/Dialog.js'
import { ErrorNote } from '../ui/ErrorNote.js'
import { Progress } from '../ui/Progress.js'

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
  const { done, total } = stopped.unfinished
  const { error } = stopped
  const goesOn = forecast.status === 'known' ? forecast.forecast.goesOn : undefined
  return (
    <div className="stopped" role="group" aria-label={t('stopped.group')}>
      <p className="stopped-title">
        <CirclePause aria-hidden />
        {t('stopped.title', { done, total })}
      </p>
      <Progress label={t('stopped.group')} share={done / total} />
      {error && error.code !== 'job-interrupted' && <ErrorNote error={error} />}
      {forecast.status === 'known' && (
        <p className="hint">{goesOn ? t('stopped.goesOn') : t('stopped.changed')}</p>
      )}
      {goesOn && (
        <Hint label={t('shortcuts.run')} shortcut="Mod+Enter" side="left">
          <Button
            variant="primary"
            className="wide tall"
            icon={<StepForward aria-hidden />}
            onClick={() => goOn(stopped)}
          >
            {t('stopped.goOn', { frame: done + 1 })}
          </Button>
        </Hint>
      )}
      <div className="stopped-actions">
        <KeepButton stopped={stopped} />
        <DiscardButton stopped={stopped} />
      </div>
    </div>
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
        {t('stopped.kept', { name: kept.name })}
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

/** Asks first: hours of work may be in it. */
export function DiscardButton({ stopped }: { readonly stopped: StoppedJob }) {
  const { t } = useTranslation()
  const dismiss = useJobs((state) => state.dismiss)
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button variant="quiet" icon={<Trash2 aria-hidden />} onClick={() => setAsking(true)}>
        {t('stopped.discard')}
      </Button>
      {asking && (
        <ConfirmDialog
          title={t('stopped.discardTitle', { count: stopped.unfinished.done })}
          body={t('stopped.discardBody')}
          confirm={t('stopped.discard')}
          onAnswer={(confirmed) => {
            setAsking(false)
            if (confirmed) void dismiss(stopped.id)
          }}
        />
      )}
    </>
  )
}
