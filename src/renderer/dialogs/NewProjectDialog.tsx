import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { bridge } from '../bridge/index.js'
import { useApp } from '../state/app.js'
import { openInstead } from '../state/leaving.js'
import { showError } from '../state/toasts.js'
import { Button } from '../ui/Button.js'
import { ModalDialog } from '../ui/Dialog.js'
import { TextField } from '../ui/TextField.js'
import { exportName } from './exportName.js'

/** A name and an empty folder. */
export function NewProjectDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation()
  const info = useApp((state) => state.info)
  const [name, setName] = useState(t('newProject.defaultName'))
  const [chosen, setChosen] = useState<string | null>(null)
  const [busy, setBusy] = useState(false)

  const separator = info?.platform === 'win32' ? '\\' : '/'
  const folder =
    chosen ?? `${info?.defaultProjectsFolder ?? ''}${separator}${exportName(name, 'png')}`
  const create = async (): Promise<void> => {
    setBusy(true)
    const created = await openInstead('project.create', {
      folder: folder.trim(),
      name: name.trim(),
    })
    setBusy(false)
    if (created) onClose()
  }
  const choose = async (): Promise<void> => {
    const { path } = await bridge.call('host.pick', {
      what: 'newProject',
      suggestedName: exportName(name, 'png'),
    })
    if (path !== null) setChosen(path)
  }
  const ready = name.trim() !== '' && folder.trim() !== '' && !busy
  return (
    <ModalDialog
      title={t('newProject.title')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" type="submit" form="new-project" disabled={!ready}>
            {t('newProject.create')}
          </Button>
        </>
      }
    >
      <form
        id="new-project"
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) void create()
        }}
      >
        <TextField label={t('newProject.name')} value={name} onChange={setName} selectOnOpen />
        <TextField
          label={t('newProject.folder')}
          value={folder}
          onChange={setChosen}
          hint={t('newProject.folderHint')}
          mono
          after={
            info?.nativeDialogs === true && (
              <Button onClick={() => void choose().catch(showError)}>{t('common.choose')}</Button>
            )
          }
        />
      </form>
    </ModalDialog>
  )
}
