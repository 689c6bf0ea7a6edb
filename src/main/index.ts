import { join } from 'node:path'
import { app } from 'electron'
import { startElectron, useProfile } from './hosts/electron.js'
import { appPaths } from './hosts/paths.js'

// Entry of the Electron app.
useProfile(process.env['LUMIERE_DATA'])
startElectron(
  appPaths(import.meta.url, app.isPackaged ? join(process.resourcesPath, 'lumiere') : undefined),
)
