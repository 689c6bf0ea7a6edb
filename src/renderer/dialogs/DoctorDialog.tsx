import { CircleCheck, CircleX } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { Doctor } from '../../shared/contract/api.js'
import { toErrorData } from '../../shared/contract/errors.js'
import type { ErrorData } from '../../shared/contract/errors.js'
import { bridge } from '../bridge/index.js'
import { Button } from '../ui/Button.js'
import { ModalDialog } from '../ui/Dialog.js'
import { ErrorNote } from '../ui/ErrorNote.js'
import { useFormat } from '../ui/format.js'

type Finding =
  | { readonly status: 'asking' }
  | { readonly status: 'found'; readonly doctor: Doctor }
  | { readonly status: 'failed'; readonly error: ErrorData }

/** What this computer can run, and the reason for what it cannot. */
export function DoctorDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const [finding, setFinding] = useState<Finding>({ status: 'asking' })
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    bridge.call('app.doctor', {}).then(
      (doctor) => setFinding({ status: 'found', doctor }),
      (thrown: unknown) => setFinding({ status: 'failed', error: toErrorData(thrown) }),
    )
  }, [])
  const copy = async (doctor: Doctor): Promise<void> => {
    await navigator.clipboard.writeText(JSON.stringify(doctor, null, 2))
    setCopied(true)
  }
  return (
    <ModalDialog
      title={t('doctor.title')}
      onClose={onClose}
      footer={
        finding.status === 'found' && (
          <Button onClick={() => void copy(finding.doctor)}>
            {copied ? t('doctor.copied') : t('doctor.copy')}
          </Button>
        )
      }
    >
      <div aria-busy={finding.status === 'asking'} aria-live="polite">
        {finding.status === 'asking' && <p className="hint">{t('doctor.running')}</p>}
        {finding.status === 'failed' && <ErrorNote error={finding.error} />}
        {finding.status === 'found' && <Findings doctor={finding.doctor} />}
      </div>
    </ModalDialog>
  )
}

function Findings({ doctor }: { readonly doctor: Doctor }) {
  const { t } = useTranslation()
  const format = useFormat()
  const { cpu, memory, disk, ffmpeg, engine, packs, versions } = doctor
  return (
    <dl className="doctor">
      <Row name={t('doctor.processor')}>
        {t('doctor.cores', { model: cpu.model, count: cpu.cores })}
      </Row>
      <Row name={t('doctor.memory')}>
        {t('doctor.memoryValue', {
          free: format.bytes(memory.freeBytes),
          total: format.bytes(memory.totalBytes),
        })}
      </Row>
      <Row name={t('doctor.disk')}>
        {t('doctor.diskValue', { free: format.bytes(disk.freeBytes), folder: disk.folder })}
      </Row>
      <Row name={t('doctor.ffmpeg')} ok={ffmpeg.ok && ffmpeg.missing.length === 0}>
        {ffmpeg.ok ? (
          <>
            <p>
              {ffmpeg.version} · {t(`doctor.ffmpegFrom.${ffmpeg.from}`)}
            </p>
            <p className="path">{ffmpeg.path}</p>
            <p className="hint">
              {ffmpeg.missing.length === 0
                ? t('doctor.nothingMissing')
                : t('doctor.missing', { names: ffmpeg.missing.join(', ') })}
            </p>
          </>
        ) : (
          <ErrorNote error={ffmpeg.error} />
        )}
      </Row>
      <Row name={t('doctor.engine')} ok={engine.ok}>
        {engine.ok ? (
          <ul className="providers">
            {engine.info.providers.map((provider) => (
              <li key={provider.name}>
                {provider.usable
                  ? t('doctor.provider', { name: provider.name })
                  : t('doctor.notProvider', { name: provider.name })}
                {provider.reason !== undefined && <p className="hint">{provider.reason}</p>}
              </li>
            ))}
          </ul>
        ) : (
          <ErrorNote error={engine.error} />
        )}
      </Row>
      {packs.map(({ id, test }) => (
        <Row key={id} name={t('doctor.pack', { id })} ok={test.ok}>
          {test.ok ? (
            <ul className="providers">
              {test.providers.map(({ name, usable, reason, passSeconds }) => (
                <li key={name}>
                  {usable
                    ? t('doctor.packPass', {
                        name,
                        value: t('duration.seconds', {
                          seconds: format.number(passSeconds ?? 0, 2),
                        }),
                      })
                    : t('doctor.notProvider', { name })}
                  {reason !== undefined && <p className="hint">{reason}</p>}
                </li>
              ))}
            </ul>
          ) : (
            <ErrorNote error={test.error} />
          )}
        </Row>
      ))}
      <Row name={t('doctor.versions')}>
        <ul className="versions">
          {Object.entries(versions).map(([name, version]) => (
            <li key={name}>
              {name} <span className="mono">{version}</span>
            </li>
          ))}
        </ul>
      </Row>
    </dl>
  )
}

function Row({
  name,
  ok = true,
  children,
}: {
  readonly name: string
  readonly ok?: boolean
  readonly children: ReactNode
}) {
  const { t } = useTranslation()
  const Icon = ok ? CircleCheck : CircleX
  return (
    <div className={ok ? 'doctor-row' : 'doctor-row doctor-bad'}>
      <dt>
        <Icon role="img" aria-label={ok ? t('doctor.ok') : t('doctor.problem')} />
        {name}
      </dt>
      <dd>{children}</dd>
    </div>
  )
}
