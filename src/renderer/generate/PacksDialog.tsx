import { CircleAlert, ShieldCheck, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { toErrorData } from '../../shared/contract/errors.js'
import type { ErrorData } from '../../shared/contract/errors.js'
import type { PackFacts, PackSummary } from '../../shared/contract/pack.js'
import { bridge } from '../bridge/index.js'
import { useApp } from '../state/app.js'
import { contentKey, readPackContent, refreshPacks, usePacks } from '../state/packs.js'
import { showError } from '../state/toasts.js'
import { Button } from '../ui/Button.js'
import { ModalDialog } from '../ui/Dialog.js'
import { ErrorNote } from '../ui/ErrorNote.js'
import { useFormat } from '../ui/format.js'
import { TextField } from '../ui/TextField.js'
import { Markdown } from './Markdown.js'
import { PackRemark } from './PackRemark.js'

/** The model packs of this computer: what each can and cannot do, and the way to install one. */
export function PacksDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const list = usePacks((state) => state.list)
  useEffect(() => void refreshPacks(), [])
  const all = list === null ? [] : [...list.packs, ...list.styles, ...list.upscalers]
  return (
    <ModalDialog
      title={t('packs.title')}
      onClose={onClose}
      footer={<Button onClick={onClose}>{t('common.close')}</Button>}
    >
      {list !== null && all.length === 0 && <p className="hint">{t('packs.none')}</p>}
      <ul className="packs">
        {all.map((pack) => (
          <PackCard key={contentKey(pack)} pack={pack} />
        ))}
        {list?.broken.map(({ folder, error }) => (
          <li key={folder} className="pack">
            <p className="path">
              <CircleAlert aria-hidden /> {folder}
            </p>
            <ErrorNote error={error} />
          </li>
        ))}
      </ul>
      <InstallForm />
      {list !== null && <p className="hint">{t('packs.where', { folder: list.folder })}</p>}
    </ModalDialog>
  )
}

function InstallForm() {
  const { t } = useTranslation()
  const native = useApp((state) => state.info?.nativeDialogs === true)
  const [folder, setFolder] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<ErrorData | null>(null)
  const install = async (path: string): Promise<void> => {
    setBusy(true)
    setError(null)
    try {
      await bridge.call('packs.install', { path })
      setFolder('')
      await refreshPacks()
    } catch (thrown) {
      setError(toErrorData(thrown))
    }
    setBusy(false)
  }
  const browse = async (): Promise<void> => {
    const { path } = await bridge.call('host.pick', { what: 'project' })
    if (path !== null) await install(path)
  }
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        void install(folder.trim())
      }}
    >
      {native ? (
        <Button disabled={busy} onClick={() => void browse().catch(showError)}>
          {t('packs.choose')}
        </Button>
      ) : (
        <TextField
          label={t('packs.folder')}
          value={folder}
          mono
          hint={t('packs.folderHint')}
          onChange={setFolder}
          after={
            <Button type="submit" variant="primary" disabled={busy || folder.trim() === ''}>
              {busy ? t('packs.installing') : t('packs.install')}
            </Button>
          }
        />
      )}
      {error && <ErrorNote error={error} />}
    </form>
  )
}

function PackCard({ pack }: { readonly pack: PackFacts | PackSummary }) {
  const { t } = useTranslation()
  const format = useFormat()
  const content = usePacks((state) => state.contents[contentKey(pack)])
  const [checked, setChecked] = useState<'asking' | 'good' | ErrorData | null>(null)
  const verify = async (): Promise<void> => {
    setChecked('asking')
    try {
      await bridge.call('packs.verify', { id: pack.id })
      setChecked('good')
    } catch (thrown) {
      setChecked(toErrorData(thrown))
    }
  }
  const remove = async (): Promise<void> => {
    await bridge.call('packs.remove', { id: pack.id })
    await refreshPacks()
  }
  return (
    <li className="pack">
      <h3 className="pack-name">
        {pack.name} <span className="faint">{pack.version}</span>
      </h3>
      <PackRemark pack={pack} />
      <p className="card-facts">
        <span>{pack.id}</span>
        {'frames' in pack ? (
          <>
            <span>{t('common.size', { width: pack.width, height: pack.height })}</span>
            <span>{t('common.frames', { count: pack.frames })}</span>
          </>
        ) : (
          <span>
            {pack.capabilities.includes('upscale') ? t('packs.enlarges') : t('packs.paints')}
          </span>
        )}
        <span>{format.bytes(pack.bytes)}</span>
        <span>{pack.licence}</span>
      </p>
      <div className="button-row">
        <Button icon={<ShieldCheck aria-hidden />} onClick={() => void verify()}>
          {t('packs.verify')}
        </Button>
        {pack.from === 'installed' && (
          <Button icon={<Trash2 aria-hidden />} onClick={() => void remove().catch(showError)}>
            {t('packs.remove')}
          </Button>
        )}
      </div>
      <div aria-live="polite">
        {checked === 'asking' && <p className="hint">{t('packs.verifying')}</p>}
        {checked === 'good' && <p className="hint">{t('packs.verified')}</p>}
        {checked !== null && typeof checked === 'object' && <ErrorNote error={checked} />}
      </div>
      <details
        className="fine"
        onToggle={(event) => {
          if (event.currentTarget.open) readPackContent(pack).catch(showError)
        }}
      >
        <summary>{t('packs.card')}</summary>
        {content === undefined ? (
          <p className="hint">{t('generate.looking')}</p>
        ) : (
          <Markdown text={content.card} />
        )}
      </details>
    </li>
  )
}
