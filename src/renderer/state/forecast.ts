import { useEffect, useMemo, useState } from 'react'
import type { JobRequest } from '../../shared/contract/api.js'
import { toErrorData } from '../../shared/contract/errors.js'
import type { ErrorData } from '../../shared/contract/errors.js'
import type { Forecast } from '../../shared/contract/job.js'
import type { MaskRec, SegmentRec } from '../../shared/document/model.js'
import { bridge } from '../bridge/index.js'
import { useStopped } from './stopped.js'

export type ForecastState =
  | { readonly status: 'asking' }
  | { readonly status: 'known'; readonly forecast: Forecast }
  | { readonly status: 'failed'; readonly error: ErrorData }

/** Long enough that a drag or a stroke asks once. */
const SETTLE_MS = 250

/**
 * What a job would cost now, asked again when the request or `revision` changes; answers
 * to an older question are dropped. Null asks nothing.
 */
export function useForecast(request: JobRequest | null, revision: unknown): ForecastState {
  const [state, setState] = useState<ForecastState>({ status: 'asking' })
  const question = request === null ? null : JSON.stringify(request)
  useEffect(() => {
    if (question === null) return undefined
    let current = true
    const timer = setTimeout(() => {
      bridge.call('jobs.forecast', JSON.parse(question) as JobRequest).then(
        (forecast) => current && setState({ status: 'known', forecast }),
        (thrown: unknown) => current && setState({ status: 'failed', error: toErrorData(thrown) }),
      )
    }, SETTLE_MS)
    return () => {
      current = false
      clearTimeout(timer)
    }
  }, [question, revision])
  return state
}

/** What a run of this edit would cost, asked again when anything that it depends on has changed. */
export function useRunForecast(
  segment: SegmentRec,
  mask: MaskRec | undefined,
  isPossible: boolean,
): ForecastState {
  const stopped = useStopped(segment.id)
  // Another object is another question.
  const revision = useMemo(() => ({ segment, mask, stopped }), [segment, mask, stopped])
  const request = { kind: segment.verb, input: { segmentId: segment.id } } as const
  return useForecast(isPossible ? request : null, revision)
}
