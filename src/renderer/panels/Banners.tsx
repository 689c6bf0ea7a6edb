import { CirclePause, History, StepForward, Unplug } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useConnection } from '../bridge/connection.js'
import { useJobs } from '../state/jobs.js'
import { useProject } from '../state/project.js'
import { goOn, isStopped } from '../state/stopped.js'
import type { StoppedJob } from '../state/stopped.js'
import { Button } from '../ui/Button.js'
import { ConfirmDialog } from '../ui/Dialog.js'
import { jobTitle } from './jobText.js'

/** What concerns the whole window: a lost connection, work recovered after a crash, jobs it stopped. */
export function Banners() {
  const { t } = useTranslation()
  const connected = useConnection((state) => state.connected)
  const recovered = useProject((state) => state.recovered)
  return (
    <div aria-live="assertive">
      {!connected && (
        <div className="banner banner-bad">
          <Unplug aria-hidden />
          <p>{t('app.disconnected')}</p>
        </div>
      )}
      {recovered && <Recovery recovered={recovered} />}
      <Interrupted />
    </div>
  )
}

function Recovery({
  recovered,
}: {
  readonly recovered: { readonly commands: number; readonly damagedTail: boolean }
}) {
  const { t } = useTranslation()
  const keep = useProject((state) => state.keepRecovery)
  const discard = useProject((state) => state.discardRecovery)
  const [asking, setAsking] = useState(false)
  return (
    <div className="banner">
      <History aria-hidden />
      <p>
        <strong>{t('recovery.title')}</strong> {t('recovery.body', { count: recovered.commands })}
        {recovered.damagedTail && ` ${t('recovery.damaged')}`}
      </p>
      <Button onClick={() => setAsking(true)}>{t('recovery.discard')}</Button>
      <Button variant="primary" onClick={() => void keep()}>
        {t('recovery.keep')}
      </Button>
      {asking && (
        <ConfirmDialog
          title={t('recovery.discardTitle')}
          body={t('recovery.discardBody')}
          confirm={t('recovery.discard')}
          onAnswer={(confirmed) => {
            setAsking(false)
            if (confirmed) void discard()
          }}
        />
      )}
    </div>
  )
}

/** Jobs that the end of the app stopped halfway. */
function Interrupted() {
  const jobs = useJobs((state) => state.jobs)
  const [hidden, setHidden] = useState<readonly string[]>([])
  return jobs
    .filter(isStopped)
    .filter(({ id, error }) => error?.code === 'job-interrupted' && !hidden.includes(id))
    .map((job) => (
      <InterruptedJob key={job.id} job={job} onLater={() => setHidden([...hidden, job.id])} />
    ))
}

function InterruptedJob({
  job,
  onLater,
}: {
  readonly job: StoppedJob
  readonly onLater: () => void
}) {
  const { t } = useTranslation()
  const doc = useProject((state) => state.doc)
  const { done, total } = job.unfinished
  const percent = Math.floor((100 * done) / total)
  return (
    <div className="banner">
      <CirclePause aria-hidden />
      <p>
        <strong>{jobTitle(job, doc, t)}</strong>{' '}
        {t('stopped.interrupted', { percent, frame: done + 1, total })}
      </p>
      <Button onClick={onLater}>{t('stopped.later')}</Button>
      <Button variant="primary" icon={<StepForward aria-hidden />} onClick={() => goOn(job)}>
        {t('stopped.goOn', { frame: done + 1 })}
      </Button>
    </div>
  )
}
