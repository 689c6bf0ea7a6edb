import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'
import { createDigests } from '../../core/jobs/digests.js'
import { UNFINISHED_WORK } from '../../core/recent.js'
import type { AppPaths } from '../paths.js'
import { temporaryFolder } from '../temporaryFolder.js'

/** Where a command keeps its project while it works. */
export interface WorkFolder {
  readonly project: string
  /** An earlier run with the same request has left its project here. */
  readonly isBegun: boolean
  /** Removes it, or keeps it for the same command run again. */
  close(keep: boolean): Promise<void>
}

/** A folder that goes with the command. */
export async function passingFolder(paths: AppPaths, purpose: string): Promise<WorkFolder> {
  const folder = await temporaryFolder(paths.data, purpose)
  return {
    project: join(folder, 'project'),
    isBegun: false,
    close: () => rm(folder, { recursive: true, force: true }),
  }
}

/**
 * A folder beside the result that outlives a command which is killed: the same request finds it
 * again, another one starts anew in its place.
 *
 * @param request everything that the work depends on, as JSON; files by their digests
 * @param fresh start anew in any case
 * @throws AppError `file-exists` where something of another kind has that name
 */
export async function lastingFolder(
  beside: string,
  request: object,
  fresh: boolean,
): Promise<WorkFolder> {
  const folder = `${beside}${UNFINISHED_WORK}`
  const file = join(folder, 'request.json')
  const project = join(folder, 'project')
  const text = JSON.stringify(request)
  const found = await readFile(file, 'utf8').catch(() => null)
  if (found === null && (await stat(folder).catch(() => null)) !== null) {
    throw new AppError('file-exists', `${folder} is there already, and is not of this command.`, {
      hint: 'Rename it, or choose another folder for the take.',
    })
  }
  const isBegun = found === text && !fresh
  if (!isBegun) {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder, { recursive: true })
    await writeFile(file, text)
  }
  return {
    project,
    isBegun: isBegun && (await stat(project).catch(() => null)) !== null,
    close: (keep) => (keep ? Promise.resolve() : rm(folder, { recursive: true, force: true })),
  }
}

/** Digests of files, in their order. */
export function digestsOf(paths: readonly string[]): Promise<string[]> {
  const digest = createDigests()
  return Promise.all(paths.map(digest))
}
