import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join, sep } from 'node:path'
import { z } from 'zod'
import type { Output } from '../../shared/contract/api.js'

const LIMIT = 12

/** Folder below the data folder for throw-away projects and uploads; nothing in it is remembered. */
export const TEMPORARY_FOLDER = 'temporary'

/** Ending of a folder in which a command keeps unfinished work: no project to open again. */
export const UNFINISHED_WORK = '.unfinished'
const schema = z.array(
  z.strictObject({ folder: z.string(), name: z.string(), openedAt: z.string() }),
)

/** The projects opened last on this computer, newest first; a plain file in the data folder. */
export interface RecentProjects {
  list(): Promise<Output<'project.recent'>>
  add(folder: string, name: string): Promise<void>
}

export function createRecentProjects(dataFolder: string): RecentProjects {
  const file = join(dataFolder, 'recent.json')

  async function list(): Promise<Output<'project.recent'>> {
    try {
      return schema.parse(JSON.parse(await readFile(file, 'utf8')))
    } catch {
      // A convenience list: missing or damaged means empty, never an error to show.
      return []
    }
  }

  return {
    list,
    async add(folder, name) {
      if (folder.startsWith(join(dataFolder, TEMPORARY_FOLDER) + sep)) return
      if (dirname(folder).endsWith(UNFINISHED_WORK)) return
      const others = (await list()).filter((one) => one.folder !== folder)
      const entry = { folder, name, openedAt: new Date().toISOString() }
      await mkdir(dataFolder, { recursive: true })
      const temporary = `${file}.${String(process.pid)}.tmp`
      await writeFile(temporary, JSON.stringify([entry, ...others].slice(0, LIMIT), null, 2))
      await rename(temporary, file)
    },
  }
}
