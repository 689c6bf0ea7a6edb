import { Folder } from 'lucide-react'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Output } from '../../shared/contract/api.js'
import { bridge } from '../bridge/index.js'
import { useApp } from '../state/app.js'
import { openInstead } from '../state/leaving.js'
import { showError } from '../state/toasts.js'
import { Button } from '../ui/Button.js'
import { ModalDialog } from '../ui/Dialog.js'
import { useFormat } from '../ui/format.js'
import { TextField } from '../ui/TextField.js'

/** Recent projects, or a folder. */
export function OpenProjectDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const format = useFormat()
  const native = useApp((state) => state.info?.nativeDialogs === true)
  const [recent, setRecent] = useState<Output<'project.recent'>>([])
  const [folder, setFolder] = useState('')
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    bridge.call('project.recent', {}).then(setRecent, showError)
  }, [])

  const go = async (where: string): Promise<void> => {
    setBusy(true)
    const opened = await openInstead('project.open', { folder: where })
    setBusy(false)
    if (opened) onClose()
  }
  const browse = async (): Promise<void> => {
    const { path } = await bridge.call('host.pick', { what: 'project' })
    if (path !== null) await go(path)
  }
  return (
    <ModalDialog
      title={t('openProject.title')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          {native ? (
            <Button variant="primary" onClick={() => void browse().catch(showError)}>
              {t('openProject.browse')}
            </Button>
          ) : (
            <Button
              variant="primary"
              type="submit"
              form="open-project"
              disabled={folder.trim() === '' || busy}
            >
              {t('common.open')}
            </Button>
          )}
        </>
      }
    >
      <h3 className="field-label">{t('openProject.recent')}</h3>
      {recent.length === 0 ? (
        <p className="hint">{t('openProject.noRecent')}</p>
      ) : (
        <ul className="recent">
          {recent.map((project) => (
            <li key={project.folder}>
              <button
                type="button"
                className="recent-row"
                disabled={busy}
                onClick={() => void go(project.folder)}
              >
                <Folder aria-hidden />
                <span className="recent-text">
                  <span>{project.name}</span>
                  <span className="path">{project.folder}</span>
                </span>
                <span className="faint">{format.date(project.openedAt)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {!native && (
        <form
          id="open-project"
          className="form"
          onSubmit={(event) => {
            event.preventDefault()
            void go(folder.trim())
          }}
        >
          <TextField label={t('openProject.folder')} value={folder} onChange={setFolder} mono />
        </form>
      )}
    </ModalDialog>
  )
}
