import { Check } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Job } from '../../shared/contract/job.js'
import { bridge } from '../bridge/index.js'
import { JobLine, JobPreview } from '../panels/JobProgress.js'
import { useJobs } from '../state/jobs.js'
import { showError } from '../state/toasts.js'
import { Button } from '../ui/Button.js'
import { useComesIntoView } from '../ui/intoView.js'
import { SheetPlayer } from './SheetPlayer.js'

/** A clip on its way: playing as it sharpens, to be kept as it is at any step. */
export function GenerateProgress({ job, prompt }: { readonly job: Job; readonly prompt: string }) {
  const { t } = useTranslation()
  const cancel = useJobs((state) => state.cancel)
  const [enough, setEnough] = useState<string | null>(null)
  const { preview, phase } = job.progress
  const box = useRef<HTMLDivElement>(null)
  useComesIntoView(box, '.job-progress')
  const candidate = phase === 'sampling' ? preview?.sheet?.candidate : undefined
  const keep = (): void => {
    setEnough(job.id)
    bridge.call('jobs.finish', { jobId: job.id }).catch((thrown: unknown) => {
      setEnough(null)
      showError(thrown)
    })
  }
  return (
    <div className="job-progress" ref={box}>
      {prompt !== '' && <p className="made-prompt">{prompt}</p>}
      {preview?.sheet ? (
        <SheetPlayer path={preview.path} version={preview.frame} sheet={preview.sheet} />
      ) : (
        preview && <JobPreview path={preview.path} frame={preview.frame} />
      )}
      {candidate !== undefined && (
        <p className="hint">
          {t('generate.comparing', { number: candidate.number, of: candidate.of })}
        </p>
      )}
      <JobLine job={job} />
      {phase === 'sampling' && preview && (
        <Button
          className="wide"
          variant="primary"
          icon={<Check aria-hidden />}
          disabled={enough === job.id}
          onClick={keep}
        >
          {t('generate.enough')}
        </Button>
      )}
      <Button className="wide" onClick={() => void cancel(job.id)}>
        {t('jobs.cancel')}
      </Button>
    </div>
  )
}
