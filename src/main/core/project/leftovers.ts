import { readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { stackOf } from '../../../shared/document/layers.js'
import { recordsOf } from '../../../shared/document/model.js'
import type { Id } from '../../../shared/document/model.js'
import { FOLDERS, previewIdOf } from '../../../shared/projectPaths.js'
import { removePartials } from '../media/files.js'
import { UNFINISHED_CLIP } from '../jobs/unfinishedClip.js'
import { forgetUnfinished } from '../jobs/unfinishedTake.js'
import type { ProjectSession } from './session.js'

/** A take's folder while it is being made; a finished one has no dot. */
const UNFINISHED_TAKE = /^\.take_/

/**
 * Removes what a killed process left in a project that has just been opened, before any job of
 * it runs: partial files, folders of takes that were never finished, and the cache of media that
 * no record names. Never a file that a person may have put there.
 *
 * @param goesOn what some job still goes on with: an unfinished take of a segment, a clip's folder
 */
export async function clearLeftovers(
  session: ProjectSession,
  goesOn: {
    readonly take: (segmentId: Id, folder: string) => Promise<boolean>
    readonly clip: (name: string) => boolean
  },
): Promise<void> {
  const { folder, doc, history } = session
  for (const name of FOLDERS) await removePartials(join(folder, name), 'all')

  for (const segment of await foldersIn(join(folder, 'takes'))) {
    const path = join(folder, 'takes', segment)
    for (const take of await foldersIn(path)) {
      const own = join(path, take)
      if (!UNFINISHED_TAKE.test(take)) await forgetUnfinished(own)
      else if (!(await goesOn.take(segment, own))) await rm(own, { recursive: true, force: true })
    }
    await removeEmpty(path)
  }

  const takes = recordsOf(doc, 'take').map(previewIdOf)
  const known = new Set([...Object.keys(doc.records), ...takes])
  for (const id of await foldersIn(join(folder, 'cache'))) {
    const path = join(folder, 'cache', id)
    await removePartials(path, 'all')
    await removeEmpty(path)
    // Made anew whenever takes come to lie like that again.
    const isOldStack = id.startsWith('stack_') && stackOf(doc, id) === undefined
    const isStopped = UNFINISHED_CLIP.test(id) && !goesOn.clip(id)
    // Undo may bring a removed record back, which then needs its previews.
    const isForgotten = !known.has(id) && history.entries.length === 0
    if (isOldStack || isStopped || (isForgotten && MADE_OF_RECORD.test(id)))
      await rm(path, { recursive: true, force: true })
  }
}

/** Folders of the cache that are named after the record they were made for. */
const MADE_OF_RECORD = /^(?:asset|take)_/

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => [])
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
}

async function removeEmpty(path: string): Promise<void> {
  // Refused where something is in it, which then stays.
  await rmdir(path).catch(() => undefined)
}
