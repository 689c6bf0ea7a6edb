import { CirclePause, StepForward } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Id } from '../../shared/document/model.js'
import { DiscardButton } from '../panels/StoppedWork.js'
import { useForecast } from '../state/forecast.js'
import { goOn, useStoppedSpeed } from '../state/stopped.js'
import { Button } from '../ui/Button.js'
import { ErrorNote } from '../ui/ErrorNote.js'
import { Progress } from '../ui/Progress.js'
import { requestOf } from './request.js'

/** What a change of this clip's speed had finished before it was stopped, and what to do with it. */
export function StoppedSpeed({ clipId }: { readonly clipId: Id }) {
  const { t } = useTranslation()
  const stopped = useStoppedSpeed(clipId)
  const forecast = useForecast(stopped === undefined ? null : requestOf(stopped.input), stopped)
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
        <p className="hint">{goesOn ? t('stopped.goesOn') : t('speed.stoppedChanged')}</p>
      )}
      {goesOn && (
        <Button
          variant="primary"
          className="wide tall"
          icon={<StepForward aria-hidden />}
          onClick={() => goOn(stopped)}
        >
          {t('stopped.goOn', { frame: done + 1 })}
        </Button>
      )}
      <div className="stopped-actions">
        <DiscardButton stopped={stopped} />
      </div>
    </div>
  )
}
