import { createCore } from '../core/core.js'
import type { Core } from '../core/core.js'
import { engineProcess } from './engineProcess.js'
import type { AppPaths } from './paths.js'

/** Core in plain Node, without native dialogs: what the web host and the command line run. */
export function createNodeCore(paths: AppPaths, host: 'web' | 'cli'): Core {
  return createCore({
    version: paths.version,
    host,
    dataFolder: paths.data,
    resourcesFolder: paths.resources,
    packsFolder: paths.packs,
    defaultProjectsFolder: paths.projects,
    spawnEngine: engineProcess(paths.engine),
    shell: null,
  })
}
