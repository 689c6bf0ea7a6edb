import { CircleCheck } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { EXPORT_PRESETS } from '../../shared/contract/job.js'
import type { ExportPreset, Job } from '../../shared/contract/job.js'
import { timecode } from '../../shared/rational.js'
import { bridge } from '../bridge/index.js'
import { ForecastView } from '../panels/ForecastView.js'
import { JobProgress } from '../panels/JobProgress.js'
import { fileName } from '../panels/jobText.js'
import { timelineLength } from '../../shared/document/timing.js'
import { useApp } from '../state/app.js'
import { useEditor } from '../state/editor.js'
import { useForecast } from '../state/forecast.js'
import { isKind, isLive, useJobs } from '../state/jobs.js'
import { useProject } from '../state/project.js'
import { showError } from '../state/toasts.js'
import { Button } from '../ui/Button.js'
import { Segmented } from '../ui/Choice.js'
import { ConfirmDialog, ModalDialog } from '../ui/Dialog.js'
import { ErrorNote } from '../ui/ErrorNote.js'
import { useFormat } from '../ui/format.js'
import { TextField } from '../ui/TextField.js'
import { exportName } from './exportName.js'
import { StaleRemark } from './StaleRemark.js'

/** Format, name, range, what it will cost; then the progress and the file. */
export function ExportDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [jobId, setJobId] = useState<string | null>(null)
  const job = useJobs((state) => state.jobs.find((one) => one.id === jobId))
  return job && isKind(job, 'export') ? (
    <ModalDialog
      title={t('export.title')}
      onClose={onClose}
      footer={<ExportFooter job={job} onClose={onClose} onAgain={() => setJobId(null)} />}
    >
      {isLive(job) ? <JobProgress job={job} /> : <ExportResult job={job} />}
    </ModalDialog>
  ) : (
    <ExportForm onClose={onClose} onStart={setJobId} />
  )
}

function ExportForm({
  onClose,
  onStart,
}: {
  readonly onClose: () => void
  readonly onStart: (jobId: string) => void
}) {
  const { t } = useTranslation()
  const doc = useProject((state) => state.doc)
  const native = useApp((state) => state.info?.nativeDialogs === true)
  const marked = useEditor((state) => state.range)
  const [preset, setPreset] = useState<ExportPreset>('mp4')
  const [typed, setTyped] = useState<string | null>(null)
  const [part, setPart] = useState(marked !== null)
  const [asking, setAsking] = useState(false)

  const length = doc === null ? 0 : timelineLength(doc)
  const fps = doc?.meta.fps ?? { num: 25, den: 1 }
  const path = (typed ?? exportName(doc?.meta.name ?? '', preset)).trim()
  const range =
    part && marked !== null ? { from: marked.from, to: Math.min(marked.to, length) } : null
  const input = { preset, path, ...(range === null ? {} : { range }) }
  const usable = length > 0 && path !== '' && (range === null || range.to > range.from)
  const forecast = useForecast(
    usable ? { kind: 'export', input: { ...input, overwrite: false } } : null,
    null,
  )
  const problems = forecast.status === 'known' ? forecast.forecast.problems : []
  const exists = problems.some((problem) => problem.code === 'file-exists')
  const blocked = problems.some((problem) => problem.code !== 'file-exists')

  const begin = async (overwrite: boolean): Promise<void> => {
    const job = await useJobs.getState().start({ kind: 'export', input: { ...input, overwrite } })
    if (job) onStart(job.id)
  }
  const choose = async (): Promise<void> => {
    const picked = await bridge.call('host.pick', {
      what: preset === 'png' ? 'exportFolder' : 'exportFile',
      suggestedName: fileName(path),
    })
    if (picked.path !== null) setTyped(picked.path)
  }

  return (
    <ModalDialog
      title={t('export.title')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            variant="primary"
            disabled={!usable || blocked}
            onClick={() => (exists ? setAsking(true) : void begin(false))}
          >
            {t('export.start')}
          </Button>
        </>
      }
    >
      {length === 0 ? (
        <p className="callout">{t('export.nothing')}</p>
      ) : (
        <>
          <PresetChoice
            value={preset}
            onChange={(next) => {
              setPreset(next)
              setTyped(null)
            }}
          />
          <TextField
            label={preset === 'png' ? t('export.folderName') : t('export.fileName')}
            value={typed ?? path}
            onChange={setTyped}
            hint={t('export.where')}
            selectOnOpen
            after={
              native && (
                <Button onClick={() => void choose().catch(showError)}>{t('common.choose')}</Button>
              )
            }
          />
          {marked !== null && (
            <Segmented
              label={t('export.range')}
              value={part ? 'part' : 'whole'}
              options={[
                { value: 'whole', label: t('export.whole') },
                { value: 'part', label: t('export.inOut') },
              ]}
              onChange={(next) => setPart(next === 'part')}
            />
          )}
          <p className="range-text">
            <span className="mono">
              {t('remove.rangeValue', {
                from: timecode(range?.from ?? 0, fps),
                to: timecode(range?.to ?? length, fps),
              })}
            </span>
            <span className="faint">
              {t('common.frames', { count: (range?.to ?? length) - (range?.from ?? 0) })}
            </span>
          </p>
          <StaleRemark />
          {usable && <ForecastView state={forecast} hide="file-exists" />}
        </>
      )}
      {asking && (
        <ConfirmDialog
          title={t('export.existsTitle', { name: fileName(path) })}
          body={t('export.existsBody')}
          confirm={t('export.replace')}
          cancel={t('export.keep')}
          onAnswer={(confirmed) => {
            setAsking(false)
            if (confirmed) void begin(true)
          }}
        />
      )}
    </ModalDialog>
  )
}

function PresetChoice({
  value,
  onChange,
}: {
  readonly value: ExportPreset
  readonly onChange: (preset: ExportPreset) => void
}) {
  const { t } = useTranslation()
  return (
    <fieldset className="presets">
      <legend className="field-label">{t('export.preset')}</legend>
      {EXPORT_PRESETS.map((preset) => (
        <label key={preset} className="preset">
          <input
            type="radio"
            className="hidden"
            name="preset"
            checked={preset === value}
            onChange={() => onChange(preset)}
          />
          <span className="preset-name">{t(`export.presets.${preset}`)}</span>
          <span className="hint">{t(`export.presetHints.${preset}`)}</span>
        </label>
      ))}
    </fieldset>
  )
}

function ExportResult({ job }: { readonly job: Job<'export'> }) {
  const { t } = useTranslation()
  const format = useFormat()
  if (job.error) return <ErrorNote error={job.error} />
  if (!job.result) return <p>{t(`jobs.status.${job.status}`)}</p>
  const { path, frames, bytes } = job.result
  return (
    <div className="export-done" role="status">
      <CircleCheck aria-hidden />
      <p className="export-done-title">{t('export.done')}</p>
      <p className="path">{path}</p>
      <p className="hint">
        {t('export.result', {
          frames: t('common.frames', { count: frames }),
          bytes: format.bytes(bytes),
        })}
      </p>
    </div>
  )
}

function ExportFooter({
  job,
  onClose,
  onAgain,
}: {
  readonly job: Job<'export'>
  readonly onClose: () => void
  readonly onAgain: () => void
}) {
  const { t } = useTranslation()
  const native = useApp((state) => state.info?.nativeDialogs === true)
  const folder = useProject((state) => state.folder)
  if (isLive(job)) return <Button onClick={onClose}>{t('export.background')}</Button>
  const path = job.result?.path
  const inside =
    path !== undefined && folder !== null && path.startsWith(folder)
      ? path.slice(folder.length).replaceAll('\\', '/').replace(/^\//, '')
      : null
  return (
    <>
      <Button onClick={onAgain}>
        {path === undefined ? t('export.again') : t('export.another')}
      </Button>
      {path !== undefined && native && (
        <Button onClick={() => void bridge.call('host.reveal', { path }).catch(showError)}>
          {t('export.reveal')}
        </Button>
      )}
      {!native && inside !== null && job.input.preset !== 'png' && (
        <a
          className="button button-plain"
          href={bridge.mediaUrl(inside)}
          download={fileName(inside)}
        >
          {t('export.download')}
        </a>
      )}
      <Button variant="primary" onClick={onClose}>
        {t('common.close')}
      </Button>
    </>
  )
}
