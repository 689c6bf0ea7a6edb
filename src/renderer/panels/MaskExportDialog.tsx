import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { AppError } from '../../shared/contract/errors.js'
import { bridge } from '../bridge/index.js'
import { useApp } from '../state/app.js'
import { sourceFrameIn, sourceRange } from '../state/editing.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { showError, showNote } from '../state/toasts.js'
import { Button } from '../ui/Button.js'
import { Segmented } from '../ui/Choice.js'
import { ConfirmDialog, ModalDialog } from '../ui/Dialog.js'
import { TextField } from '../ui/TextField.js'
import type { MaskFocus } from '../state/focus.js'

/** Writes the mask as grey PNGs: the frame being looked at, or every frame of the edit. */
export function MaskExportDialog({
  focus,
  onClose,
}: {
  readonly focus: MaskFocus
  readonly onClose: () => void
}) {
  const { t } = useTranslation()
  const native = useApp((state) => state.info?.nativeDialogs === true)
  const [what, setWhat] = useState<'frame' | 'range'>('frame')
  const [name, setName] = useState<string | null>(null)
  const [asking, setAsking] = useState(false)
  const suggested = what === 'frame' ? `${focus.mask.name}.png` : focus.mask.name
  const path = name ?? suggested

  const write = async (overwrite: boolean): Promise<void> => {
    const { doc } = useProject.getState()
    if (doc === null) return
    const frame = sourceFrameIn(doc, focus, useEditor.getState().playhead)
    const range =
      what === 'frame' ? { from: frame, to: frame + 1 } : (focus.segment ?? sourceRange(doc, focus))
    try {
      const { files } = await bridge.call('mask.export', {
        maskId: focus.mask.id,
        from: range.from,
        to: range.to,
        path,
        overwrite,
      })
      showNote('maskExported', { count: files })
      onClose()
    } catch (thrown) {
      if (thrown instanceof AppError && thrown.code === 'file-exists' && !overwrite) setAsking(true)
      else showError(thrown)
    }
  }
  const choose = async (): Promise<void> => {
    const picked = await bridge.call('host.pick', {
      what: what === 'frame' ? 'maskPng' : 'exportFolder',
      suggestedName: suggested,
    })
    if (picked.path !== null) setName(picked.path)
  }

  return (
    <ModalDialog
      title={t('mask.exportTitle')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button variant="primary" onClick={() => void write(false)}>
            {t('mask.export')}
          </Button>
        </>
      }
    >
      <Segmented
        label={t('remove.range')}
        value={what}
        options={[
          { value: 'frame', label: t('mask.exportThis') },
          { value: 'range', label: t('mask.exportRange') },
        ]}
        onChange={setWhat}
      />
      <TextField
        label={what === 'frame' ? t('mask.exportFile') : t('mask.exportFolder')}
        value={path}
        onChange={setName}
        hint={t('export.where')}
        mono
        after={
          native && (
            <Button onClick={() => void choose().catch(showError)}>{t('common.choose')}</Button>
          )
        }
      />
      {asking && (
        <ConfirmDialog
          title={t('export.existsTitle', { name: path })}
          body={t('export.existsBody')}
          confirm={t('export.replace')}
          cancel={t('export.keep')}
          onAnswer={(confirmed) => {
            setAsking(false)
            if (confirmed) void write(true)
          }}
        />
      )}
    </ModalDialog>
  )
}
