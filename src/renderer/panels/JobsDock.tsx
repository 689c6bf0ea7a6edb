import {
  CircleCheck,
  CircleSlash,
  CircleX,
  Hourglass,
  ListChecks,
  Loader,
  CirclePause,
  RotateCcw,
  StepForward,
  X,
} from 'lucide-react'
import { Popover } from 'radix-ui'
import { useTranslation } from 'react-i18next'
import type { JobRequest } from '../../shared/contract/api.js'
import type { Job, JobStatus } from '../../shared/contract/job.js'
import { useEditor } from '../state/editor.js'
import { isLive, useJobs } from '../state/jobs.js'
import { goOn, isStopped } from '../state/stopped.js'
import type { StoppedJob } from '../state/stopped.js'
import { useProject } from '../state/project.js'
import { Button, IconButton } from '../ui/Button.js'
import { ErrorNote } from '../ui/ErrorNote.js'
import { useFormat } from '../ui/format.js'
import { Progress } from '../ui/Progress.js'
import { JobLine } from './JobProgress.js'
import { jobShare, jobTitle } from './jobText.js'
import { DiscardButton } from './StoppedRun.js'

const ICONS: Readonly<Record<JobStatus, typeof Loader>> = {
  queued: Hourglass,
  running: Loader,
  succeeded: CircleCheck,
  failed: CircleX,
  cancelled: CircleSlash,
}

/** In the status bar: the job under way at a glance, and the list of all jobs above it. */
export function JobsDock() {
  const { t } = useTranslation()
  const format = useFormat()
  const jobs = useJobs((state) => state.jobs)
  const dismiss = useJobs((state) => state.dismiss)
  const open = useEditor((state) => state.jobsOpen)
  const set = useEditor((state) => state.set)
  const live = jobs.filter(isLive)
  const ended = jobs.filter((job) => !isLive(job))
  const first = live.find((job) => job.status === 'running') ?? live[0]
  const title = useProject((state) => first && jobTitle(first, state.doc, t))
  const failed = ended.some((job) => job.status === 'failed' && !isStopped(job))
  // What a stopped job has finished is discarded one by one, never with a sweep.
  const finished = ended.filter((job) => job.unfinished === undefined)
  return (
    <Popover.Root open={open} onOpenChange={(next) => set({ jobsOpen: next })}>
      <Popover.Trigger className={failed ? 'dock-button dock-failed' : 'dock-button'}>
        <ListChecks aria-hidden />
        {first ? (
          <>
            <span>{title}</span>
            <span className="dock-bar">
              <Progress label={t('jobs.title')} share={jobShare(first)} />
            </span>
            {first.progress.etaSeconds !== null && (
              <span className="tabular">
                {t('jobs.eta', { value: format.duration(first.progress.etaSeconds) })}
              </span>
            )}
            {live.length > 1 && <span>{t('jobs.running', { count: live.length })}</span>}
          </>
        ) : (
          <span>{t('jobs.title')}</span>
        )}
      </Popover.Trigger>
      <Popover.Content
        className="dock"
        side="top"
        align="end"
        sideOffset={6}
        collisionPadding={8}
        aria-label={t('jobs.title')}
        // The list is for looking at: focus goes to it, not to the first Cancel button in it.
        onOpenAutoFocus={(event) => {
          event.preventDefault()
          if (event.target instanceof HTMLElement) event.target.focus()
        }}
      >
        <div className="dock-head">
          <h2 className="dock-title">{t('jobs.title')}</h2>
          {finished.length > 0 && (
            <Button variant="quiet" onClick={() => finished.forEach((job) => void dismiss(job.id))}>
              {t('jobs.dismissEnded')}
            </Button>
          )}
        </div>
        {jobs.length === 0 ? (
          <p className="hint pad">{t('jobs.none')}</p>
        ) : (
          <ul className="dock-list">
            {jobs.toReversed().map((job) => (
              <JobRow key={job.id} job={job} />
            ))}
          </ul>
        )}
      </Popover.Content>
    </Popover.Root>
  )
}

function JobRow({ job }: { readonly job: Job }) {
  const { t } = useTranslation()
  const format = useFormat()
  const doc = useProject((state) => state.doc)
  const { cancel, dismiss, start } = useJobs.getState()
  const stopped = isStopped(job)
  const Icon = stopped ? CirclePause : ICONS[job.status]
  const live = isLive(job)
  // Then the line below says what there is to say.
  const wasInterrupted = stopped && job.error?.code === 'job-interrupted'
  const seconds =
    job.startedAt !== null && job.endedAt !== null
      ? (Date.parse(job.endedAt) - Date.parse(job.startedAt)) / 1000
      : null
  const again = async (): Promise<void> => {
    const started = await start({ kind: job.kind, input: job.input } as JobRequest)
    if (started) await dismiss(job.id)
  }
  return (
    <li className={`job job-${job.status}`}>
      <div className="card-line">
        <Icon className="job-icon" aria-hidden />
        <span className="job-title">{jobTitle(job, doc, t)}</span>
        <span className="faint">
          {!live && t(stopped ? 'stopped.status' : `jobs.status.${job.status}`)}
          {job.status === 'succeeded' &&
            seconds !== null &&
            ` · ${t('jobs.took', { value: format.duration(seconds) })}`}
        </span>
        {!live && !stopped && job.status !== 'succeeded' && (
          <IconButton label={t('jobs.retry')} onClick={() => void again()}>
            <RotateCcw />
          </IconButton>
        )}
        {!stopped && (
          <IconButton
            label={live ? t('jobs.cancel') : t('jobs.dismiss')}
            onClick={() => void (live ? cancel(job.id) : dismiss(job.id))}
          >
            <X />
          </IconButton>
        )}
      </div>
      {live && <JobLine job={job} />}
      {job.error && job.status === 'failed' && !wasInterrupted && <ErrorNote error={job.error} />}
      {stopped && <StoppedLine job={job} />}
    </li>
  )
}

/** Where a stopped job is, and the two things to do with it. */
function StoppedLine({ job }: { readonly job: StoppedJob }) {
  const { t } = useTranslation()
  const { done, total } = job.unfinished
  return (
    <div className="job-stopped">
      <p className="hint tabular">{t('stopped.title', { done, total })}</p>
      <Progress label={t('stopped.group')} share={done / total} />
      <div className="stopped-actions">
        <Button icon={<StepForward aria-hidden />} onClick={() => goOn(job)}>
          {t('stopped.goOnShort')}
        </Button>
        <DiscardButton stopped={job} />
      </div>
    </div>
  )
}
