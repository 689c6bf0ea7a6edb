import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Unfinished } from '../../../shared/contract/job.js'
import { canonicalJson } from '../../../shared/document/canonicalJson.js'
import type { Id, SegmentRec, TakeBeneath } from '../../../shared/document/model.js'
import { newId } from '../../../shared/ids.js'
import { takeFolder } from '../../../shared/projectPaths.js'
import { framesIn, listParts, removeParts } from '../../ffmpeg/takeParts.js'
import { writeAtomic } from '../project/disk.js'

/**
 * A take's folder from its first finished frame to its last. It says what it is made of, so that a
 * run goes on only with what would come out the same: other inputs start anew.
 */
export interface UnfinishedTake {
  readonly takeId: Id
  /** Project-relative, and absolute. */
  readonly path: string
  readonly folder: string
  readonly made: TakeInputs
  /** Frames that are finished, from `made.from` on. */
  readonly done: number
  /** How long they took. */
  readonly seconds: number
}

/** What a take is made of. */
export interface TakeInputs {
  /** Hash of everything that decides how it comes out. */
  readonly key: string
  readonly kind: 'remove' | 'edit' | 'stylise'
  /** Source frames `[from, to)`. */
  readonly from: number
  readonly to: number
  /** What lies below it; absent in what an older version began. */
  readonly beneath?: readonly TakeBeneath[] | undefined
  /** For people and for making it again, as the finished take's recipe has it. */
  readonly recipe: Readonly<Record<string, unknown>>
}

const FILE = 'unfinished.json'

/** A take's folder while it is being made; a finished one has no dot. */
const HIDDEN = /^\.(take_.+)$/

const schema = z.object({
  version: z.literal(1),
  key: z.string(),
  kind: z.enum(['remove', 'edit', 'stylise']),
  from: z.int().min(0),
  to: z.int().min(1),
  beneath: z
    .array(z.object({ path: z.string(), from: z.int().min(0), to: z.int().min(0) }))
    .optional(),
  recipe: z.record(z.string(), z.unknown()),
})

/** One hash of everything that decides a result. */
export function keyOf(everything: object): string {
  return createHash('sha256').update(canonicalJson(everything)).digest('hex')
}

/** What was being made of a segment when the work stopped; null where nothing of it is finished. */
export async function findUnfinished(
  projectFolder: string,
  segmentId: Id,
): Promise<UnfinishedTake | null> {
  for (const one of await foldersOf(projectFolder, segmentId)) {
    const made = schema.safeParse(await readJson(join(one.folder, FILE)))
    if (!made.success) continue
    const parts = await listParts(one.folder)
    const done = framesIn(parts)
    if (done === 0 || done > made.data.to - made.data.from) continue
    const seconds = parts.reduce((sum, part) => sum + part.seconds, 0)
    return { ...one, made: made.data, done, seconds }
  }
  return null
}

/**
 * The folder to make a take in: the one that was begun with the same inputs, else a new one. What
 * was begun with others is removed.
 */
export async function openUnfinished(
  projectFolder: string,
  segment: SegmentRec,
  inputs: TakeInputs,
): Promise<UnfinishedTake> {
  const found = await findUnfinished(projectFolder, segment.id)
  if (found?.made.key === inputs.key) return found
  await discardUnfinished(projectFolder, segment.id)
  const takeId = newId('take')
  const path = takeFolder(segment.id, `.${takeId}`)
  const folder = join(projectFolder, path)
  await mkdir(folder, { recursive: true })
  await writeAtomic(join(folder, FILE), JSON.stringify({ version: 1, ...inputs }))
  return { takeId, path, folder, made: inputs, done: 0, seconds: 0 }
}

/** Removes what was begun of a segment; a take of its finished frames may be in the making beside. */
export async function discardUnfinished(projectFolder: string, segmentId: Id): Promise<void> {
  for (const { folder } of await foldersOf(projectFolder, segmentId)) {
    if ((await readJson(join(folder, FILE))) === null) continue
    await rm(folder, { recursive: true, force: true })
  }
}

/** Removes from a finished take's folder what only an unfinished one needs. */
export async function forgetUnfinished(folder: string): Promise<void> {
  await removeParts(folder)
  await rm(join(folder, FILE), { force: true })
}

/** As jobs and forecasts tell it. */
export function progressOf({ made, done }: UnfinishedTake): Unfinished {
  return { done, total: made.to - made.from, next: made.from + done }
}

async function foldersOf(
  projectFolder: string,
  segmentId: Id,
): Promise<Pick<UnfinishedTake, 'takeId' | 'path' | 'folder'>[]> {
  const names = await readdir(join(projectFolder, 'takes', segmentId)).catch(() => [])
  return names.flatMap((name) => {
    const takeId = HIDDEN.exec(name)?.[1]
    if (takeId === undefined) return []
    const path = takeFolder(segmentId, name)
    return [{ takeId, path, folder: join(projectFolder, path) }]
  })
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    return null
  }
}
