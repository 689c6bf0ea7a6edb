import type { ComponentType } from 'react'
import { useEditor } from '../state/editor.js'
import type { DialogName } from '../state/editor.js'
import { DoctorDialog } from './DoctorDialog.js'
import { ExportDialog } from './ExportDialog.js'
import { PacksDialog } from '../generate/PacksDialog.js'
import { FormatDialog } from './FormatDialog.js'
import { LeavingDialog } from './LeavingDialog.js'
import { NewProjectDialog } from './NewProjectDialog.js'
import { OpenProjectDialog } from './OpenProjectDialog.js'
import { SettingsDialog } from './SettingsDialog.js'
import { ShortcutsDialog } from './ShortcutsDialog.js'

const DIALOGS: Readonly<Record<DialogName, ComponentType<{ readonly onClose: () => void }>>> = {
  export: ExportDialog,
  newProject: NewProjectDialog,
  openProject: OpenProjectDialog,
  shortcuts: ShortcutsDialog,
  settings: SettingsDialog,
  doctor: DoctorDialog,
  packs: PacksDialog,
  format: FormatDialog,
}

/** The dialog that is open, if any. */
export function Dialogs() {
  const name = useEditor((state) => state.dialog)
  const set = useEditor((state) => state.set)
  const Dialog = name === null ? null : DIALOGS[name]
  return (
    <>
      {Dialog !== null && <Dialog onClose={() => set({ dialog: null })} />}
      <LeavingDialog />
    </>
  )
}
