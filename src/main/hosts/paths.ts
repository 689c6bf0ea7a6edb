import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import envPaths from 'env-paths'

/** Where the parts of the built app lie on this computer. All absolute. */
export interface AppPaths {
  readonly version: string
  readonly engine: string
  readonly preload: string
  readonly renderer: string
  readonly resources: string
  /** Model packs that come with the app. */
  readonly packs: string
  /** Per-user settings, the same for window, browser and command line. */
  readonly data: string
  readonly projects: string
}

/**
 * Paths seen from a built entry, `out/main/<entry>.js`. `LUMIERE_DATA` moves everything
 * personal into one folder, so that tests and second profiles leave the person's own alone;
 * `LUMIERE_PACKS` stands in for the packs that come with the app.
 * @param entryUrl the entry's `import.meta.url`: shared chunks lie in another folder
 * @param packagedResources folder of the shipped resources in a packaged app
 */
export function appPaths(entryUrl: string, packagedResources?: string): AppPaths {
  const root = fileURLToPath(new URL('../../', entryUrl))
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string
  }
  const override = process.env['LUMIERE_DATA']
  const resources = packagedResources ?? join(root, 'resources')
  const packs = process.env['LUMIERE_PACKS']
  const own = override !== undefined && override !== ''
  return {
    version: manifest.version,
    engine: join(root, 'out/main/engine.js'),
    preload: join(root, 'out/preload/index.cjs'),
    renderer: join(root, 'out/renderer'),
    resources,
    packs: packs !== undefined && packs !== '' ? packs : join(resources, 'model-packs'),
    data: own ? override : envPaths('lumiere-studio', { suffix: '' }).data,
    projects: own ? join(override, 'projects') : join(videosFolder(), 'Lumiere Studio'),
  }
}

function videosFolder(): string {
  const home = homedir()
  const candidates = ['Movies', 'Videos'].map((name) => join(home, name))
  return candidates.find((folder) => existsSync(folder)) ?? home
}
