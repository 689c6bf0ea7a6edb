import {
  ArrowLeft,
  ArrowLeftToLine,
  ArrowRight,
  ArrowRightToLine,
  Crosshair,
  MoveHorizontal,
} from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { TRACK_DIRECTIONS } from '../../shared/contract/track.js'
import type { TrackDirection } from '../../shared/contract/track.js'
import type { Job } from '../../shared/contract/job.js'
import { isKind, isLive, useJobs } from '../state/jobs.js'
import { goToDoubtful, startTracking, trackSpots } from '../state/tracking.js'
import { Button, IconButton } from '../ui/Button.js'
import { JobProgress } from './JobProgress.js'
import type { MaskFocus } from '../state/focus.js'
import { TrackRibbon } from './TrackRibbon.js'

const ICONS: Readonly<Record<TrackDirection, ReactNode>> = {
  backward: <ArrowLeftToLine />,
  previous: <ArrowLeft />,
  both: <MoveHorizontal />,
  next: <ArrowRight />,
  forward: <ArrowRightToLine />,
}

const KEYS: Readonly<Partial<Record<TrackDirection, string>>> = { forward: 'T', both: 'Shift+T' }

/** Follow the mask from this frame; how sure each frame is; where to look again. */
export function TrackControls({ focus }: { readonly focus: MaskFocus }) {
  const { t } = useTranslation()
  const { mask } = focus
  const job = useJobs((state) =>
    state.jobs.findLast((one) => isKind(one, 'track') && one.input.maskId === mask.id),
  )
  const live = job !== undefined && isLive(job)
  const isPainted = Object.values(mask.keyframes).some((shapes) => shapes.length > 0)
  const count = Object.keys(mask.tracked ?? {}).length
  const spots = trackSpots(focus).length
  return (
    <div className="field track" role="group" aria-label={t('track.title')}>
      <div className="field-head">
        <span className="field-label">{t('track.title')}</span>
        {!live && (
          <span className="button-row">
            {TRACK_DIRECTIONS.map((direction) => (
              <IconButton
                key={direction}
                label={t(`track.${direction}`)}
                disabled={!isPainted}
                {...shortcutOf(direction)}
                onClick={() => void startTracking(direction)}
              >
                {ICONS[direction]}
              </IconButton>
            ))}
          </span>
        )}
      </div>
      {live ? <JobProgress job={job} /> : <TrackNote job={job} painted={isPainted} count={count} />}
      {count > 0 && (
        <>
          <TrackRibbon focus={focus} />
          {spots > 0 && !live && (
            <Button icon={<Crosshair aria-hidden />} onClick={() => void goToDoubtful(1)}>
              {t('track.doubtful', { count: spots })}
            </Button>
          )}
        </>
      )}
    </div>
  )
}

function shortcutOf(direction: TrackDirection): { readonly shortcut?: string } {
  const shortcut = KEYS[direction]
  return shortcut === undefined ? {} : { shortcut }
}

/** What to do first, or what the last tracking came to. */
function TrackNote({
  job,
  painted,
  count,
}: {
  readonly job: Job | undefined
  readonly painted: boolean
  readonly count: number
}) {
  const { t } = useTranslation()
  if (!painted) return null
  if (count === 0) return <p className="hint">{t('track.hint')}</p>
  const stopped =
    job !== undefined && isKind(job, 'track') && job.status === 'succeeded'
      ? Object.values(job.result?.stopped ?? {})
      : []
  const reason = stopped.find((one) => one === 'lost') ?? stopped.find((one) => one === 'cut')
  return (
    <p className="hint" role="status">
      {t('track.frames', { count })}
      {reason !== undefined && ` ${t(`track.stopped.${reason}`)}`}
    </p>
  )
}
