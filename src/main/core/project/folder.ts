import { lstat, mkdir, readFile, readdir, realpath, rm, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'
import { canonicalJson } from '../../../shared/document/canonicalJson.js'
import { readProjectFile } from '../../../shared/document/migrations.js'
import { SCHEMA_VERSION } from '../../../shared/document/model.js'
import type { ProjectDoc } from '../../../shared/document/model.js'
import { PROJECT_APP, isProjectPath } from '../../../shared/document/schema/index.js'
import type { ProjectFile } from '../../../shared/document/schema/index.js'
import { FOLDERS, JOURNAL_FILE, PROJECT_FILE } from '../../../shared/projectPaths.js'
import { fileErrorCode, temporaryOf, writeAtomic } from './disk.js'

/** A project.json beyond this is refused unread: a million painted points are about 10 MB. */
const MAX_PROJECT_BYTES = 256 * 1024 * 1024

/** What file managers leave in a folder that is empty to the eye. */
const IGNORED_NAMES = new Set(['.DS_Store', 'desktop.ini', 'Thumbs.db'])

/**
 * The real path of an existing file below `root`. `relative` uses forward slashes.
 * @throws AppError forbidden for anything that leads outside (`..`, absolute, drive, NUL,
 *   symbolic links), not-found where there is nothing
 */
export async function resolveInside(root: string, relative: string): Promise<string> {
  if (!isProjectPath(relative)) throw forbidden(relative)
  try {
    const base = await realpath(root)
    const found = await realpath(join(base, ...relative.split('/')))
    if (!isInside(base, found)) throw forbidden(relative)
    return found
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('not-found', `There is no file ${relative}.`, {
      detail: relative,
      cause: error,
    })
  }
}

function forbidden(relative: string): AppError {
  return new AppError('forbidden', 'That path leads outside the folder.', {
    detail: relative.slice(0, 200),
  })
}

function isInside(base: string, path: string): boolean {
  return path.startsWith(base.endsWith(sep) ? base : base + sep)
}

/**
 * The real path of an existing project folder.
 * @throws AppError not-found, project-invalid
 */
export async function findProject(folder: string): Promise<string> {
  const root = await realpath(folder).catch((error: unknown) => {
    throw new AppError('not-found', `There is no folder ${folder}.`, {
      hint: 'It may have been moved or renamed, or its disk is not connected.',
      cause: error,
    })
  })
  const file = await lstat(join(root, PROJECT_FILE)).catch(() => null)
  if (file === null) {
    throw new AppError('project-invalid', `${folder} is not a project.`, {
      hint: `Choose a folder that holds a ${PROJECT_FILE}.`,
    })
  }
  return root
}

/**
 * Makes the folder of a new project.
 * @returns its real path, and the first folder that had to be made (null when it was there)
 * @throws AppError project-exists, or the file system's own error
 */
export async function makeProjectFolder(
  folder: string,
): Promise<{ root: string; made: string | null }> {
  try {
    const made = (await mkdir(folder, { recursive: true })) ?? null
    const names = await readdir(folder)
    if (names.some((name) => !IGNORED_NAMES.has(name))) throw notEmpty(folder)
    return { root: await realpath(folder), made }
  } catch (error) {
    if (['EEXIST', 'ENOTDIR'].includes(fileErrorCode(error) ?? '')) throw notEmpty(folder)
    throw error
  }
}

function notEmpty(folder: string): AppError {
  return new AppError('project-exists', `${folder} is not empty.`, {
    hint: 'Choose another name or an empty folder. To go on with a project, open it.',
  })
}

/**
 * Makes the folders that a project needs and clears what an interrupted save left behind.
 * @throws AppError project-invalid where a folder is a link that leads out of the project, or a
 *   file of the project is not a plain file
 */
export async function prepareFolders(root: string): Promise<void> {
  for (const name of [PROJECT_FILE, JOURNAL_FILE]) {
    await rm(temporaryOf(join(root, name)), { force: true })
    // A link could have this app read or overwrite any file of the person's.
    const found = await lstat(join(root, name)).catch(() => null)
    if (found !== null && !found.isFile()) {
      throw new AppError('project-invalid', `${name} is not a plain file.`, {
        hint: `Replace ${join(root, name)} by the real file.`,
      })
    }
  }
  for (const name of FOLDERS) {
    const path = join(root, name)
    await mkdir(path, { recursive: true })
    if (!isInside(root, await realpath(path))) {
      throw new AppError('project-invalid', `The folder ${name} leads outside the project.`, {
        hint: `Replace the link ${path} by a real folder.`,
      })
    }
  }
}

/**
 * Reads, upgrades and checks project.json.
 * @throws AppError project-invalid, project-too-new
 */
export async function loadProject(root: string): Promise<{ doc: ProjectDoc; seq: number }> {
  const path = join(root, PROJECT_FILE)
  const invalid = (message: string, cause?: unknown): AppError =>
    new AppError('project-invalid', message, {
      hint: `Nothing was changed. Restore ${PROJECT_FILE} from a backup or from version control.`,
      detail: path,
      cause,
    })
  if ((await stat(path)).size > MAX_PROJECT_BYTES) {
    throw invalid(`${PROJECT_FILE} is larger than ${MAX_PROJECT_BYTES / 1024 / 1024} MB.`)
  }
  let raw: unknown
  try {
    raw = JSON.parse((await readFile(path, 'utf8')).replace(/^\uFEFF/, ''))
  } catch (error) {
    throw invalid(`${PROJECT_FILE} is not valid JSON.`, error)
  }
  return readProjectFile(raw)
}

/** Writes project.json atomically, with sorted keys. Throws the file system's own errors. */
export async function storeProject(root: string, doc: ProjectDoc, seq: number): Promise<void> {
  const file: ProjectFile = { app: PROJECT_APP, version: SCHEMA_VERSION, seq, ...doc }
  await writeAtomic(join(root, PROJECT_FILE), canonicalJson(file))
}
