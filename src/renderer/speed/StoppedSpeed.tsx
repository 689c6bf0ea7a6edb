import { useTranslation } from 'react-i18next'
import type { Id } from '../../shared/document/model.js'
import { StoppedRun } from '../panels/StoppedRun.js'
import { useForecast } from '../state/forecast.js'
import { useStoppedSpeed } from '../state/stopped.js'
import { requestOf } from './request.js'

/** What a change of this clip's speed had finished before it was stopped, and what to do with it. */
export function StoppedSpeed({ clipId }: { readonly clipId: Id }) {
  const { t } = useTranslation()
  const stopped = useStoppedSpeed(clipId)
  const forecast = useForecast(stopped === undefined ? null : requestOf(stopped.input), stopped)
  if (stopped === undefined) return null
  return <StoppedRun stopped={stopped} forecast={forecast} changed={t('speed.stoppedChanged')} />
}
