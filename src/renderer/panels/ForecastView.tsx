import { memo } from 'react'
import { Clock, HardDrive, MemoryStick } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { ErrorCode } from '../../shared/contract/errors.js'
import type { ForecastState } from '../state/forecast.js'
import { ErrorNote } from '../ui/ErrorNote.js'
import { useFormat } from '../ui/format.js'

/** Seconds, memory and disk before a job starts, and every reason why it cannot. */
export const ForecastView = memo(function ForecastView({
  state,
  hide,
}: {
  readonly state: ForecastState
  /** A problem that the caller deals with itself. */
  readonly hide?: ErrorCode
}) {
  const { t } = useTranslation()
  const format = useFormat()
  if (state.status === 'asking') return <p className="hint">{t('remove.calculating')}</p>
  if (state.status === 'failed') return <ErrorNote error={state.error} />
  const { forecast } = state
  const problems = forecast.problems.filter((problem) => problem.code !== hide)
  if (problems.length > 0) {
    return (
      <div role="status">
        {problems.map((problem) => (
          <ErrorNote key={problem.message} error={problem} />
        ))}
      </div>
    )
  }
  return (
    <div className="forecast" role="group" aria-label={t('remove.forecast')}>
      <dl>
        <div>
          <dt>
            <Clock aria-hidden />
            {t('remove.forecastTime')}
          </dt>
          <dd>
            {forecast.seconds < 1
              ? format.duration(forecast.seconds)
              : t('remove.about', { value: format.duration(forecast.seconds) })}
          </dd>
        </div>
        <div>
          <dt>
            <MemoryStick aria-hidden />
            {t('remove.forecastMemory')}
          </dt>
          <dd>{format.bytes(forecast.memoryBytes)}</dd>
        </div>
        <div>
          <dt>
            <HardDrive aria-hidden />
            {t('remove.forecastDisk')}
          </dt>
          <dd>
            {format.bytes(forecast.diskBytes)}
            <span className="faint">
              {' '}
              · {t('remove.free', { value: format.bytes(forecast.diskFreeBytes) })}
            </span>
          </dd>
        </div>
      </dl>
      <p className="hint">
        {forecast.basis === 'guess' ? t('remove.guess') : t('remove.measured')}
      </p>
    </div>
  )
})
