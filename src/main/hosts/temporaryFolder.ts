import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { TEMPORARY_FOLDER } from '../core/recent.js'

/**
 * A private folder of this process beside the app's data: on a real disk, where the system's
 * own temporary folder may be memory. Folders of processes that were killed are cleared away.
 */
export async function temporaryFolder(dataFolder: string, purpose: string): Promise<string> {
  const parent = join(dataFolder, TEMPORARY_FOLDER)
  await mkdir(parent, { recursive: true, mode: 0o700 })
  for (const name of await readdir(parent)) {
    const owner = /-(\d+)-[^-]+$/.exec(name)?.[1]
    if (owner !== undefined && !isRunning(Number(owner))) {
      await rm(join(parent, name), { recursive: true, force: true })
    }
  }
  return mkdtemp(join(parent, `${purpose}-${process.pid}-`))
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
