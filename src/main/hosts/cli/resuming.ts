import { resolve } from 'node:path'
import type { Input } from '../../../shared/contract/api.js'
import { AppError } from '../../../shared/contract/errors.js'
import type { Client } from './client.js'
import type { Report } from './report.js'
import type { CommandContext } from './session.js'
import { digestsOf, lastingFolder, passingFolder } from './workFolder.js'
import type { WorkFolder } from './workFolder.js'

/** The options of commands whose work can be kept beside the result. */
export const RESUME = 'keep the work beside --out; after a stop the same command goes on'
export const FRESH = 'with --resume: start over instead of going on'

/** How the work of a command is kept for the same command run again. */
export interface Resuming {
  readonly fresh: boolean
  /** Files that the work depends on. */
  readonly files: readonly string[]
  /** All else that it depends on. */
  readonly asked: object
}

/**
 * The folder of a command's project: one that goes with it or, where that is asked for, one beside
 * `path`, which may have been begun by an earlier run.
 *
 * @throws AppError `file-missing`, `file-exists`
 */
export async function openWork(
  { paths, report }: Pick<CommandContext, 'paths' | 'report'>,
  purpose: string,
  path: string,
  resuming: Resuming | undefined,
): Promise<WorkFolder> {
  if (resuming === undefined) return passingFolder(paths, purpose)
  const { files, asked, fresh } = resuming
  const digests = await Promise.all(
    files.map(async (file) => {
      const [digest] = await digestsOf([resolve(file)]).catch((cause: unknown) => {
        throw new AppError('file-missing', `${file} cannot be read.`, { cause })
      })
      return digest
    }),
  )
  const request = { version: paths.version, purpose, digests, ...asked }
  const work = await lastingFolder(path, request, fresh)
  if (work.isBegun) report.note({ project: work.project }, 'Found the work of an earlier run.')
  return work
}

/** Says from which frame a job goes on, where an earlier run has finished some. */
export async function saysWhereItGoesOn(
  client: Client,
  report: Report,
  request: Input<'jobs.forecast'>,
): Promise<void> {
  const { goesOn } = await client.call('jobs.forecast', request)
  if (goesOn === undefined) return
  const { done, total } = goesOn
  report.note({ goesOn }, `Going on from frame ${done + 1} of ${total}.`)
}

/**
 * True where a job of the open project was stopped with something finished. What becomes of that is
 * said.
 *
 * @param keeps the option that keeps it, where this run goes without
 */
export async function saysWhereItStopped(
  client: Client,
  report: Report,
  keeps?: string,
): Promise<boolean> {
  const stopped = (await client.call('jobs.list', {})).find((job) => job.unfinished !== undefined)
  if (stopped?.unfinished === undefined) return false
  const { done, total } = stopped.unfinished
  const then =
    keeps === undefined
      ? 'The same command goes on from there; --fresh starts over.'
      : `They are not kept: with ${keeps} the same command would go on from there.`
  report.note(
    { unfinished: stopped.unfinished, kept: keeps === undefined },
    `Stopped after ${done} of ${total} frames. ${then}`,
  )
  return true
}
