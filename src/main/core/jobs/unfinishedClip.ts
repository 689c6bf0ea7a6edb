import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { JobKinds, Unfinished } from '../../../shared/contract/job.js'
import { framesIn, listParts } from '../../ffmpeg/takeParts.js'
import { writeAtomic } from '../project/disk.js'
import { keyOf } from './unfinishedTake.js'

/**
 * A clip that is being made in parts, as takes are (unfinishedTake.ts): its folder is found again
 * by what was asked for, and says what it is made of, so that a run goes on only with what would
 * come out the same.
 */
export interface UnfinishedClip {
  /** Project-relative, and absolute. */
  readonly path: string
  readonly folder: string
  /** Hash of everything that decides how it comes out. */
  readonly key: string
  /** Frames that are finished, and of the whole. */
  readonly done: number
  readonly total: number
}

type Input = JobKinds['retime']['input']

const FILE = 'unfinished.json'
const schema = z.object({ version: z.literal(1), key: z.string(), total: z.int().min(1) })

/** Folder names of clips that are being made, in the cache. */
export const UNFINISHED_CLIP = /^retime_[0-9a-f]{24}$/

/** Name of the folder in which a clip with this input is made. */
export function clipFolderName(input: Input): string {
  return `retime_${keyOf(input).slice(0, 24)}`
}

/** What was being made when the work stopped; null where nothing of it is finished. */
export async function findUnfinishedClip(
  projectFolder: string,
  input: Input,
): Promise<UnfinishedClip | null> {
  const path = `cache/${clipFolderName(input)}`
  const folder = join(projectFolder, path)
  const made = schema.safeParse(await readJson(join(folder, FILE)))
  if (!made.success) return null
  const { key, total } = made.data
  const done = framesIn(await listParts(folder))
  return done === 0 || done > total ? null : { path, folder, key, done, total }
}

/** The folder to make a clip in: the one that was begun with the same key, else a new one. */
export async function openUnfinishedClip(
  projectFolder: string,
  input: Input,
  made: { readonly key: string; readonly total: number },
): Promise<UnfinishedClip> {
  const found = await findUnfinishedClip(projectFolder, input)
  if (found?.key === made.key) return found
  await discardUnfinishedClip(projectFolder, input)
  const path = `cache/${clipFolderName(input)}`
  const folder = join(projectFolder, path)
  await mkdir(folder, { recursive: true })
  await writeAtomic(join(folder, FILE), JSON.stringify({ version: 1, ...made }))
  return { path, folder, ...made, done: 0 }
}

export async function discardUnfinishedClip(projectFolder: string, input: Input): Promise<void> {
  const folder = join(projectFolder, 'cache', clipFolderName(input))
  await rm(folder, { recursive: true, force: true })
}

/** As jobs and forecasts tell it: frames of the result. */
export function progressOfClip({ done, total }: UnfinishedClip): Unfinished {
  return { done, total, next: done }
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return null
  }
}
