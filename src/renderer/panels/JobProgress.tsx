import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Job } from '../../shared/contract/job.js'
import { bridge } from '../bridge/index.js'
import { useJobs } from '../state/jobs.js'
import { Button } from '../ui/Button.js'
import { useFormat } from '../ui/format.js'
import { useComesIntoView } from '../ui/intoView.js'
import { Progress } from '../ui/Progress.js'
import { jobShare, jobTitle } from './jobText.js'

/** A running job in full: phase, n of N, time left, the newest picture, cancel. */
export function JobProgress({ job }: { readonly job: Job }) {
  const { t } = useTranslation()
  const cancel = useJobs((state) => state.cancel)
  const { preview } = job.progress
  const box = useRef<HTMLDivElement>(null)
  useComesIntoView(box, '.job-progress')
  return (
    <div className="job-progress" ref={box}>
      {preview && <JobPreview path={preview.path} frame={preview.frame} />}
      <JobLine job={job} />
      <Button className="wide" onClick={() => void cancel(job.id)}>
        {t('jobs.cancel')}
      </Button>
      {(job.kind === 'remove' || job.kind === 'edit' || job.kind === 'stylise') && (
        <p className="hint">{t('stopped.cancelHint')}</p>
      )}
    </div>
  )
}

/**
 * The newest picture of the result. The file is written over and over, so each frame has its
 * own address; while the next one loads, and once the job has put its files away, the last
 * one that could be read stays.
 */
export function JobPreview({ path, frame }: { readonly path: string; readonly frame: number }) {
  const { t } = useTranslation()
  const [shown, setShown] = useState<{ readonly url: string; readonly frame: number } | null>(null)
  useEffect(() => {
    const url = `${bridge.mediaUrl(path)}?frame=${frame}`
    const picture = new Image()
    picture.onload = () => setShown({ url, frame })
    picture.src = url
    return () => {
      picture.onload = null
    }
  }, [path, frame])
  if (shown === null) return null
  return (
    <img
      className="job-preview"
      src={shown.url}
      alt={t('remove.preview', { frame: shown.frame + 1 })}
    />
  )
}

/** Phase, bar and time left. */
export function JobLine({ job }: { readonly job: Job }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { phase, done, total, etaSeconds } = job.progress
  const share = job.status === 'queued' ? null : jobShare(job)
  return (
    <>
      <div className="job-line">
        <span>{job.status === 'queued' ? t('jobs.phase.waiting') : t(`jobs.phase.${phase}`)}</span>
        <span className="tabular faint">
          {total !== null &&
            job.status === 'running' &&
            t('jobs.progress', { done: format.number(done), total: format.number(total) })}
        </span>
      </div>
      <Progress label={jobTitle(job, null, t)} share={share} />
      <p className="hint tabular">
        {etaSeconds === null
          ? t('jobs.estimating')
          : t('jobs.eta', { value: format.duration(etaSeconds) })}
      </p>
    </>
  )
}
