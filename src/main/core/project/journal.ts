import {
  closeSync,
  fdatasync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { copyFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { crc32 } from 'node:zlib'
import { z } from 'zod'
import type { AppError } from '../../../shared/contract/errors.js'
import type { Command } from '../../../shared/document/commands.js'
import { SCHEMA_VERSION } from '../../../shared/document/model.js'
import type { Id, ProjectMeta, Rec } from '../../../shared/document/model.js'
import { idSchema, metaSchema, recSchema } from '../../../shared/document/schema/index.js'
import { JOURNAL_FILE } from '../../../shared/projectPaths.js'
import { isDelta } from './delta.js'
import type { Delta } from './delta.js'
import { fileErrorCode, syncFolder, temporaryOf, toWriteError } from './disk.js'

/*
 * How safe a change is once it is acknowledged: its line has been handed to the kernel by a
 * synchronous write, so it outlives this process whatever kills it, because the page cache
 * belongs to the kernel. A power cut can only lose the last SYNC_DELAY_MS: fdatasync runs
 * once for all lines of that time, since one for every brush stroke would cost 5-30 ms each.
 */
const SYNC_DELAY_MS = 100

const FORMAT = 'lumiere-journal'

const headerSchema = z.strictObject({
  format: z.literal(FORMAT),
  version: z.int().min(1),
  project: idSchema,
})

/** What one step of undo or redo changed, for steps whose recording the journal does not hold. */
export interface Patch {
  readonly label: string
  readonly added: Readonly<Record<Id, Rec>>
  readonly updated: Readonly<Record<Id, Delta>>
  readonly removed: readonly Id[]
  readonly meta: ProjectMeta | null
}

/** One acknowledged change. `seq` grows by one from line to line. */
export type JournalEntry =
  | {
      readonly op: 'do'
      readonly seq: number
      readonly mode: 'record' | 'ignore'
      /** Continues the entry of the history before it. */
      readonly join: boolean
      readonly commands: readonly Command[]
    }
  | {
      readonly op: 'move'
      readonly seq: number
      /** Entries of the history to undo (negative) or redo. */
      readonly by: number
      /** One for each step; null where the journal itself holds the entry. */
      readonly patches: readonly (Patch | null)[]
    }

const entrySchema: z.ZodType<JournalEntry> = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('do'),
    seq: z.int().min(1),
    mode: z.enum(['record', 'ignore']),
    join: z.boolean(),
    // Checked one by one when they are applied.
    commands: z.array(z.custom<Command>((value) => typeof value === 'object')),
  }),
  z.strictObject({
    op: z.literal('move'),
    seq: z.int().min(1),
    by: z.int(),
    patches: z.array(
      z
        .strictObject({
          label: z.string(),
          added: z.record(idSchema, recSchema),
          updated: z.record(
            idSchema,
            z.custom<Delta>((value) => isDelta(value)),
          ),
          removed: z.array(idSchema),
          meta: metaSchema.nullable(),
        })
        .nullable(),
    ),
  }),
])

function encode(value: unknown): Buffer {
  const text = JSON.stringify(value)
  return Buffer.from(`{"crc":"${checksum(text)}","entry":${text}}\n`)
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(8, '0')
}

/** The value of a complete, undamaged line; undefined for any other. */
function decode(line: string): unknown {
  const match = /^\{"crc":"([0-9a-f]{8})","entry":(.*)\}$/s.exec(line)
  const text = match?.[2]
  if (text === undefined || match?.[1] !== checksum(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A journal as a crash, or nothing worse than a save, left it. */
export interface JournalContents {
  /** Version of the document's schema that wrote it. */
  readonly version: number
  readonly project: Id
  readonly entries: readonly { readonly entry: JournalEntry; readonly end: number }[]
  /** Where the first entry starts, in bytes. */
  readonly start: number
  /** There is more in the file than `entries`, and it cannot be used. */
  readonly damaged: boolean
}

/** Reads up to the first line that is incomplete or damaged. Null where there is no journal. */
export function readJournal(root: string): JournalContents | null {
  let bytes: Buffer
  try {
    bytes = readFileSync(join(root, JOURNAL_FILE))
  } catch (error) {
    if (fileErrorCode(error) === 'ENOENT') return null
    throw error
  }
  // Killed before its first line was whole: nothing was ever acknowledged in it.
  if (!bytes.includes(0x0a)) return null
  const entries: { entry: JournalEntry; end: number }[] = []
  let header: z.infer<typeof headerSchema> | null = null
  let start = 0
  let at = 0
  while (at < bytes.length) {
    const newline = bytes.indexOf(0x0a, at)
    if (newline === -1) break
    const value = decode(bytes.toString('utf8', at, newline))
    if (header === null) {
      const parsed = headerSchema.safeParse(value)
      if (!parsed.success) break
      header = parsed.data
      start = newline + 1
    } else {
      const parsed = entrySchema.safeParse(value)
      if (!parsed.success) break
      entries.push({ entry: parsed.data, end: newline + 1 })
    }
    at = newline + 1
  }
  return {
    version: header?.version ?? SCHEMA_VERSION,
    project: header?.project ?? '',
    entries,
    start,
    damaged: header === null || at < bytes.length,
  }
}

/** Keeps a copy of the journal as `journal-<time>.ndjson` for whoever wants to look into it. */
export async function setAsideJournal(root: string): Promise<void> {
  const time = new Date().toISOString().replaceAll(/[:.]/g, '-')
  await copyFile(join(root, JOURNAL_FILE), join(root, `journal-${time}.ndjson`))
}

export interface Journal {
  /** Lines since the last restart. */
  readonly length: number
  /**
   * Hands a line to the operating system; afterwards the change may be acknowledged.
   * @throws AppError disk-full, disk-write: then nothing of it is in the file
   */
  append(entry: JournalEntry): void
  /** From here on, {@link Journal.restart} keeps what is appended. */
  mark(): void
  /** Drops everything before the mark, once it is saved elsewhere. Atomic. */
  restart(): Promise<void>
  /** Waits for the disk and closes; `remove` also deletes the file. */
  close(options: { remove: boolean }): Promise<void>
}

const syncData = promisify(fdatasync)

/**
 * Opens the journal of a project for appending.
 * @param keep how much of the present file to go on from; null starts anew
 */
export function openJournal(
  root: string,
  project: Id,
  keep: { readonly bytes: number; readonly lines: number } | null,
): Journal {
  const path = join(root, JOURNAL_FILE)
  const header = encode({ format: FORMAT, version: SCHEMA_VERSION, project })
  let fd = openSync(path, keep === null ? 'w' : 'r+')
  let size = keep?.bytes ?? 0
  let length = keep?.lines ?? 0
  let marked: Buffer[] | null = null
  let timer: NodeJS.Timeout | null = null
  let syncing: Promise<void> = Promise.resolve()
  let failure: AppError | null = null

  if (keep === null) write(header)
  else ftruncateSync(fd, keep.bytes)

  function write(line: Buffer): void {
    try {
      for (let done = 0; done < line.length;) {
        done += writeSync(fd, line, done, line.length - done, size + done)
      }
    } catch (error) {
      // Half a line would hide the ones that follow it.
      ftruncateSync(fd, size)
      throw error
    }
    size += line.length
  }

  function sync(): Promise<void> {
    if (timer !== null) clearTimeout(timer)
    timer = null
    syncing = syncing.then(async () => {
      try {
        await syncData(fd)
      } catch (error) {
        failure = toWriteError(error, 'the journal of the project')
      }
    })
    return syncing
  }

  return {
    get length() {
      return length
    },

    append(entry) {
      const line = encode(entry)
      if (failure !== null) {
        // Told once: the next change tries again.
        const told = failure
        failure = null
        throw told
      }
      try {
        write(line)
      } catch (error) {
        throw toWriteError(error, 'the journal of the project')
      }
      length++
      marked?.push(line)
      timer ??= setTimeout(() => void sync(), SYNC_DELAY_MS).unref()
    },

    mark() {
      marked = []
    },

    async restart() {
      const kept = marked ?? []
      const temporary = temporaryOf(path)
      await sync()
      // No await from here to the exchange: nothing may be appended to the old file meanwhile.
      const next = openSync(temporary, 'w')
      try {
        const lines = Buffer.concat([header, ...kept])
        for (let done = 0; done < lines.length;) done += writeSync(next, lines, done)
        renameSync(temporary, path)
        const old = fd
        fd = next
        size = lines.length
        length = kept.length
        // A sync of the old file may be under way: only after it.
        syncing = syncing.then(() => {
          closeSync(old)
        })
      } catch (error) {
        closeSync(next)
        throw error
      } finally {
        marked = null
      }
      await sync()
      await syncFolder(dirname(path))
    },

    async close({ remove }) {
      await sync()
      closeSync(fd)
      if (remove) await rm(path, { force: true })
    },
  }
}
