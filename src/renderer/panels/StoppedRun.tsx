import { CirclePause, StepForward, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { ForecastState } from '../state/forecast.js'
import { useJobs } from '../state/jobs.js'
import { goOn } from '../state/stopped.js'
import type { StoppedJob } from '../state/stopped.js'
import { Button, Hint } from '../ui/Button.js'
import { ConfirmDialog } from '../ui/Dialog.js'
import { ErrorNote } from '../ui/ErrorNote.js'
import { Progress } from '../ui/Progress.js'

/** What a run had finished before it was stopped, and what to do with it. */
export function StoppedRun({
  stopped,
  forecast,
  changed,
  shortcut,
  children,
}: {
  readonly stopped: StoppedJob
  /** Of the same job: only it knows whether there is something to go on from. */
  readonly forecast: ForecastState
  /** Why there is nothing to go on from. */
  readonly changed: string
  /** Keys that go on as well, where there are any. */
  readonly shortcut?: string
  /** More to do with it than to go on and to discard it. */
  readonly children?: ReactNode
}) {
  const { t } = useTranslation()
  const { done, total } = stopped.unfinished
  const { error } = stopped
  const goesOn = forecast.status === 'known' ? forecast.forecast.goesOn : undefined
  const button = (
    <Button
      variant="primary"
      className="wide tall"
      icon={<StepForward aria-hidden />}
      onClick={() => goOn(stopped)}
    >
      {t('stopped.goOn', { frame: done + 1 })}
    </Button>
  )
  return (
    <div className="stopped" role="group" aria-label={t('stopped.group')}>
      <p className="stopped-title">
        <CirclePause aria-hidden />
        {t('stopped.title', { done, total })}
      </p>
      <Progress label={t('stopped.group')} share={done / total} />
      {error && error.code !== 'job-interrupted' && <ErrorNote error={error} />}
      {forecast.status === 'known' && (
        <p className="hint">{goesOn ? t('stopped.goesOn') : changed}</p>
      )}
      {goesOn &&
        (shortcut === undefined ? (
          button
        ) : (
          <Hint label={t('shortcuts.run')} shortcut={shortcut} side="left">
            {button}
          </Hint>
        ))}
      <div className="stopped-actions">
        {children}
        <DiscardButton stopped={stopped} />
      </div>
    </div>
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
