import { randomUUID } from 'node:crypto'
import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { hostname, uptime } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/contract/errors.js'
import { fileErrorCode } from './disk.js'

/** Present while a process has the project open. */
export const LOCK_FILE = 'project.lock'

const ownerSchema = z.object({
  pid: z.int().min(1),
  host: z.string(),
  /** When the lock was taken, ms since 1970. */
  since: z.number(),
  /** Start of the owning process as the system counts it; null where it does not say. */
  started: z.string().nullable(),
  token: z.string(),
})
type Owner = z.infer<typeof ownerSchema>

export interface ProjectLock {
  release(): Promise<void>
  /** Does what needs the lock; lets go of it again when that fails. */
  during<T>(work: () => Promise<T>): Promise<T>
}

/**
 * Makes this process the only one that writes to a project. A lock whose owner is gone
 * (a crash, a restart of the computer) is taken over.
 * @throws AppError project-locked
 */
export async function lockProject(root: string): Promise<ProjectLock> {
  const path = join(root, LOCK_FILE)
  const owner: Owner = {
    pid: process.pid,
    host: hostname(),
    since: Date.now(),
    started: await processStart(process.pid),
    token: randomUUID(),
  }
  for (let attempt = 0; attempt < 3; attempt++) {
    if (await create(path, JSON.stringify(owner))) {
      return lockOf(path, owner)
    }
    await removeStale(path, owner.token)
  }
  throw locked(path, null)
}

function lockOf(path: string, owner: Owner): ProjectLock {
  const release = async (): Promise<void> => {
    // Someone may have removed the file by hand and opened the project elsewhere.
    const now = await readOwner(path)
    if (now?.token === owner.token) await rm(path, { force: true })
  }
  return {
    release,
    async during(work) {
      try {
        return await work()
      } catch (error) {
        await release()
        throw error
      }
    },
  }
}

/** False where the file is there already. */
async function create(path: string, text: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx')
    try {
      await handle.writeFile(text)
    } finally {
      await handle.close()
    }
    return true
  } catch (error) {
    if (fileErrorCode(error) === 'EEXIST') return false
    throw error
  }
}

/** Removes the lock of a process that is gone; throws project-locked where it is not. */
async function removeStale(path: string, token: string): Promise<void> {
  const owner = await readOwner(path)
  if (owner === null) {
    // Half a line: either being written this instant, or all that a crash left.
    const age = await stat(path).then(
      ({ mtimeMs }) => Date.now() - mtimeMs,
      () => Infinity,
    )
    if (age < 5000) throw locked(path, null)
  } else if (await isAlive(owner)) throw locked(path, owner)
  // Two processes may find the same stale lock: whoever moves it away checks what it moved.
  const aside = `${path}.${token}`
  try {
    await rename(path, aside)
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return
    throw error
  }
  const moved = await readOwner(aside)
  if (moved !== null && moved.token !== owner?.token) {
    await rename(aside, path)
    throw locked(path, moved)
  }
  await rm(aside, { force: true })
}

async function readOwner(path: string): Promise<Owner | null> {
  try {
    return ownerSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch {
    return null
  }
}

async function isAlive(owner: Owner): Promise<boolean> {
  // Of another computer's processes nothing is known here.
  if (owner.host !== hostname()) return true
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    // EPERM: it runs as another user.
    return fileErrorCode(error) === 'EPERM'
  }
  // Numbers of processes are given out again, above all after a restart.
  const started = await processStart(owner.pid)
  if (started !== null && owner.started !== null) return started === owner.started
  const restarted = Date.now() - uptime() * 1000
  const tolerance = 10 * 60 * 1000
  return owner.since > restarted - tolerance
}

/** Which start of the computer and which moment after it a process began at; Linux only. */
async function processStart(pid: number): Promise<string | null> {
  try {
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    const line = await readFile(`/proc/${String(pid)}/stat`, 'utf8')
    // The name in brackets may hold spaces and brackets itself; field 22 is the start time.
    const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
    return `${boot.trim()} ${fields[19] ?? ''}`
  } catch {
    return null
  }
}

function locked(path: string, owner: Owner | null): AppError {
  const where =
    owner === null || owner.host === hostname() ? 'in another window' : `on ${owner.host}`
  return new AppError('project-locked', `This project is already open ${where}.`, {
    hint: `Close it there first. If it is not open anywhere, delete the file ${LOCK_FILE} in its folder.`,
    detail: owner === null ? path : `${path}: process ${String(owner.pid)} on ${owner.host}`,
  })
}
