import { Menu, app } from 'electron'
import type { MenuItemConstructorOptions } from 'electron'
import type { MenuAction } from '../../../shared/contract/events.js'
import { words } from './words.js'

/**
 * The application menu. Shortcuts are shown here and obeyed by the interface, which knows the
 * focused panel and leaves text fields alone; macOS, which always listens, asks the page first.
 */
export function installMenu(act: (action: MenuAction) => void): void {
  const say = words()
  const mac = process.platform === 'darwin'
  const item = (
    label: string,
    action: MenuAction,
    accelerator?: string,
  ): MenuItemConstructorOptions => ({
    label,
    click: () => {
      act(action)
    },
    ...(accelerator === undefined ? {} : { accelerator, registerAccelerator: false }),
  })
  const line: MenuItemConstructorOptions = { type: 'separator' }

  const template: MenuItemConstructorOptions[] = [
    ...(mac ? [macMenu()] : []),
    {
      label: say.file,
      submenu: [
        item(say.newProject, 'newProject', 'CmdOrCtrl+N'),
        item(say.openProject, 'openProject', 'CmdOrCtrl+O'),
        item(say.openSample, 'openSample'),
        line,
        item(say.import, 'import', 'CmdOrCtrl+I'),
        item(say.export, 'export', 'CmdOrCtrl+E'),
        line,
        item(say.save, 'save', 'CmdOrCtrl+S'),
        ...(mac ? [] : [line, { role: 'quit', label: say.quit } as const]),
      ],
    },
    {
      label: say.edit,
      submenu: [
        item(say.undo, 'undo', 'CmdOrCtrl+Z'),
        item(say.redo, 'redo', 'Shift+CmdOrCtrl+Z'),
        line,
        { role: 'cut', label: say.cut },
        { role: 'copy', label: say.copy },
        { role: 'paste', label: say.paste },
        { role: 'selectAll', label: say.selectAll },
      ],
    },
    {
      label: say.view,
      submenu: [
        { role: 'togglefullscreen', label: say.fullScreen },
        ...(app.isPackaged ? [] : [{ role: 'toggleDevTools', label: say.developerTools } as const]),
      ],
    },
    {
      label: say.window,
      submenu: [
        { role: 'minimize', label: say.minimise },
        { role: 'close', label: say.close },
      ],
    },
    { label: say.help, role: 'help', submenu: [item(say.shortcuts, 'shortcuts')] },
  ]
  Menu.setApplicationMenu(Menu.buildFromTemplate(template))
}

function macMenu(): MenuItemConstructorOptions {
  const say = words()
  return {
    label: app.name,
    submenu: [
      { role: 'about', label: say.about },
      { type: 'separator' },
      { role: 'hide', label: say.hide },
      { role: 'hideOthers', label: say.hideOthers },
      { type: 'separator' },
      { role: 'quit', label: say.quit },
    ],
  }
}
