import {
  Boxes,
  CircleHelp,
  Clapperboard,
  Download,
  FolderOpen,
  FolderPlus,
  Keyboard,
  Menu as MenuIcon,
  Redo2,
  Save,
  Settings,
  Stethoscope,
  Undo2,
  Upload,
} from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { runAction, saveProject } from '../state/actions.js'
import type { ActionName } from '../state/actions.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { keysFor } from '../keymap.js'
import { Button, Hint, IconButton } from '../ui/Button.js'
import { Menu } from '../ui/Menu.js'
import { EditableName } from '../ui/TextField.js'
import { historyLabel } from './historyLabel.js'

/** Project name, save state, undo and redo, export. */
export function TopBar() {
  const { t } = useTranslation()
  const name = useProject((state) => state.doc?.meta.name)
  const dispatch = useProject((state) => state.dispatch)
  return (
    <header className="top-bar" aria-label={t('topBar.label')}>
      <h1 className="hidden">{name ?? t('app.name')}</h1>
      <div className="top-side">
        <AppMenu />
        {name !== undefined && (
          <>
            <EditableName
              className="project-name"
              label={t('topBar.projectName')}
              value={name}
              maxLength={120}
              onChange={(next) => void dispatch([{ type: 'project.rename', name: next }])}
            />
            <SaveState />
          </>
        )}
      </div>
      {name !== undefined && (
        <div className="top-side">
          <UndoRedo />
          <Hint label={t('topBar.export')} shortcut="Mod+E">
            <Button variant="primary" icon={<Upload />} onClick={() => runAction('export')}>
              {t('topBar.export')}
            </Button>
          </Hint>
        </div>
      )}
    </header>
  )
}

function AppMenu() {
  const { t } = useTranslation()
  const open = useProject((state) => state.phase === 'open')
  const set = useEditor((state) => state.set)
  const entry = (label: string, action: ActionName, icon: React.ReactNode) => {
    const shortcut = keysFor(action)
    return {
      label,
      icon,
      onSelect: () => runAction(action),
      ...(shortcut === undefined ? {} : { shortcut }),
    }
  }
  return (
    <Menu
      trigger={
        <button type="button" className="app-button">
          <MenuIcon aria-hidden />
          <span className="app-name">{t('app.name')}</span>
          <span className="hidden">{t('topBar.menu')}</span>
        </button>
      }
      entries={[
        entry(t('topBar.newProject'), 'newProject', <FolderPlus />),
        entry(t('topBar.openProject'), 'openProject', <FolderOpen />),
        entry(t('topBar.openSample'), 'openSample', <Clapperboard />),
        'line',
        ...(open
          ? [
              entry(t('topBar.import'), 'import', <Download />),
              entry(t('topBar.save'), 'save', <Save />),
              entry(t('topBar.export'), 'export', <Upload />),
              'line' as const,
            ]
          : []),
        {
          label: t('topBar.settings'),
          icon: <Settings />,
          onSelect: () => set({ dialog: 'settings' }),
        },
        {
          label: t('packs.title'),
          icon: <Boxes />,
          onSelect: () => set({ dialog: 'packs' }),
        },
        entry(t('topBar.shortcuts'), 'shortcuts', <Keyboard />),
        {
          label: t('topBar.doctor'),
          icon: <Stethoscope />,
          onSelect: () => set({ dialog: 'doctor' }),
        },
      ]}
    />
  )
}

function SaveState() {
  const { t } = useTranslation()
  const unsaved = useProject((state) => state.unsaved)
  const saving = useProject((state) => state.saving)
  const text = saving
    ? t('topBar.saving')
    : unsaved === 0
      ? t('topBar.allSaved')
      : t('topBar.unsaved', { count: unsaved })
  return (
    <Hint label={t('topBar.journalled')} shortcut="Mod+S">
      <button type="button" className="save-state" onClick={() => void saveProject()}>
        <span className={unsaved === 0 && !saving ? 'dot dot-good' : 'dot'} aria-hidden />
        <span aria-live="polite">{text}</span>
      </button>
    </Hint>
  )
}

function UndoRedo() {
  const { t } = useTranslation()
  const { entries, position } = useProject((state) => state.history)
  const undoable = entries[position - 1]
  const redoable = entries[position]
  const undoLabel = undoable
    ? t('topBar.undoWhat', { what: historyLabel(undoable.label, t) })
    : t('topBar.undo')
  const redoLabel = redoable
    ? t('topBar.redoWhat', { what: historyLabel(redoable.label, t) })
    : t('topBar.redo')
  return (
    <div className="button-row">
      <IconButton
        label={undoLabel}
        shortcut="Mod+Z"
        disabled={!undoable}
        onClick={() => runAction('undo')}
      >
        <Undo2 />
      </IconButton>
      <IconButton
        label={redoLabel}
        shortcut="Mod+Shift+Z"
        disabled={!redoable}
        onClick={() => runAction('redo')}
      >
        <Redo2 />
      </IconButton>
      <IconButton label={t('topBar.shortcuts')} shortcut="?" onClick={() => runAction('shortcuts')}>
        <CircleHelp />
      </IconButton>
    </div>
  )
}
