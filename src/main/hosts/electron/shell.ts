import { dialog, shell } from 'electron'
import type { BrowserWindow, OpenDialogOptions } from 'electron'
import type { Input } from '../../../shared/contract/api.js'
import type { HostShell } from '../../core/core.js'
import { words } from './words.js'

const MEDIA = [
  'mp4',
  'm4v',
  'mov',
  'mkv',
  'webm',
  'avi',
  'mts',
  'm2ts',
  'ts',
  'mpg',
  'mpeg',
  'wmv',
  'gif',
]
const PICTURES = ['png', 'jpg', 'jpeg', 'webp', 'tif', 'tiff', 'bmp']

/** Native dialogs and the file manager. */
export function nativeShell(window: () => BrowserWindow | null): HostShell {
  async function choose(options: OpenDialogOptions): Promise<string | null> {
    const owner = window()
    const result = await (owner === null
      ? dialog.showOpenDialog(options)
      : dialog.showOpenDialog(owner, options))
    return result.canceled ? null : (result.filePaths[0] ?? null)
  }

  async function name(title: string, suggestedName: string | undefined): Promise<string | null> {
    const options = {
      title,
      ...(suggestedName === undefined ? {} : { defaultPath: suggestedName }),
    }
    const owner = window()
    const result = await (owner === null
      ? dialog.showSaveDialog(options)
      : dialog.showSaveDialog(owner, options))
    return result.canceled || result.filePath === '' ? null : result.filePath
  }

  return {
    pick({ what, suggestedName }: Input<'host.pick'>) {
      const say = words()
      switch (what) {
        case 'media':
          return choose({
            title: say.chooseMedia,
            properties: ['openFile'],
            filters: [
              { name: say.videoAndPictures, extensions: [...MEDIA, ...PICTURES] },
              { name: say.allFiles, extensions: ['*'] },
            ],
          })
        case 'maskPng':
          return choose({
            title: say.chooseMask,
            properties: ['openFile'],
            filters: [{ name: 'PNG', extensions: ['png'] }],
          })
        case 'project':
          return choose({ title: say.chooseProject, properties: ['openDirectory'] })
        case 'exportFolder':
          return choose({
            title: say.chooseExportFolder,
            properties: ['openDirectory', 'createDirectory'],
          })
        case 'newProject':
          return name(say.chooseNewProject, suggestedName)
        case 'exportFile':
          return name(say.chooseExportFile, suggestedName)
      }
    },

    reveal(path) {
      shell.showItemInFolder(path)
      return Promise.resolve()
    },
  }
}
