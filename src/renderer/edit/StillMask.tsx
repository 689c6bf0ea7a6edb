import { Move } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { JobProgress } from '../panels/JobProgress.js'
import { isKind, isLive, useJobs } from '../state/jobs.js'
import { followThroughout, paintedFrames } from '../state/tracking.js'
import { Button } from '../ui/Button.js'
import type { Focus } from '../state/editing.js'

/**
 * Says where a mask was painted on too few frames to stay on what moves, and offers to follow it.
 *
 * @param covers the mask is of a removal or a replacement, which may reach beyond the thing: one that
 *   moves between the frames it was painted on is meant so
 */
export function StillMask({
  focus: { asset, mask, segment },
  covers = false,
}: {
  readonly focus: Focus
  readonly covers?: boolean
}) {
  const { t } = useTranslation()
  const job = useJobs((state) =>
    state.jobs.findLast(
      (one) => isKind(one, 'track') && isLive(one) && one.input.maskId === mask?.id,
    ),
  )
  if (mask === undefined || segment?.maskId !== mask.id || asset.info.kind === 'image') return null
  if (job !== undefined) return <JobProgress job={job} />
  const painted = paintedFrames(mask).length
  const followed = Object.keys(mask.tracked ?? {}).length > 0
  const few = painted > 0 && painted * FRAMES_A_MASK < segment.to - segment.from
  if (followed || !few || segment.to - segment.from < 2) return null
  const moves = painted > 1 && mask.between === 'interpolate'
  if (moves && covers) return null
  return (
    <div className="callout edit-still" role="note">
      <p>{t(moves ? 'edit.mask.between' : 'edit.mask.still', { count: painted })}</p>
      <Button className="wide" icon={<Move aria-hidden />} onClick={() => void followThroughout()}>
        {t('edit.mask.follow')}
      </Button>
    </div>
  )
}

/** Where a mask is painted this often or more, a person has followed the thing by hand. */
const FRAMES_A_MASK = 4
