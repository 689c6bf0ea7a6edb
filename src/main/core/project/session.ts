import { rm } from 'node:fs/promises'
import type { HistoryState, ProjectState } from '../../../shared/contract/api.js'
import { AppError } from '../../../shared/contract/errors.js'
import { applyAll } from '../../../shared/document/apply.js'
import type { Command } from '../../../shared/document/commands.js'
import { isEmptyDiff } from '../../../shared/document/diff.js'
import type { Diff } from '../../../shared/document/diff.js'
import { createHistory } from '../../../shared/document/history.js'
import { SCHEMA_VERSION } from '../../../shared/document/model.js'
import type { ProjectDoc } from '../../../shared/document/model.js'
import { metaSchema } from '../../../shared/document/schema/index.js'
import { newId } from '../../../shared/ids.js'
import { toWriteError } from './disk.js'
import {
  findProject,
  loadProject,
  makeProjectFolder,
  prepareFolders,
  storeProject,
} from './folder.js'
import { openJournal, readJournal, setAsideJournal } from './journal.js'
import { lockProject } from './lock.js'
import type { ProjectLock } from './lock.js'
import { labelOf, patchOf, replayEntry } from './replay.js'

/** Lines of the journal after which the project is saved by itself, so that it never grows long. */
const AUTOSAVE_ENTRIES = 500

/** The document after a change: what changed, and the number of the change. */
export interface Changed {
  readonly diff: Diff
  readonly seq: number
}

/**
 * An open project: the document, its history and its files. Every change is in the journal
 * before the call that makes it returns; see journal.ts for what that is worth.
 */
export interface ProjectSession {
  readonly folder: string
  readonly doc: ProjectDoc
  /** Grows by one with every change, across sessions. */
  readonly seq: number
  readonly history: HistoryState
  /** Changes since project.json was last written. */
  readonly unsaved: number
  readonly recovered: ProjectState['recovered']
  /** @throws AppError command-rejected, disk-full, disk-write: then nothing has changed */
  dispatch(
    commands: readonly Command[],
    options: { readonly mode: 'record' | 'ignore'; readonly gesture?: string },
  ): Changed
  /** Null when there is nothing to undo. Throws like {@link ProjectSession.dispatch}. */
  undo(): Changed | null
  redo(): Changed | null
  /** Jumps to a place in the history; null when it is there already or does not exist. */
  goTo(position: number): Changed | null
  /**
   * Writes project.json and starts the journal anew; the history of this session stays.
   * @throws AppError disk-full, disk-write: then the journal still holds every change
   */
  save(): Promise<void>
  /** Calls back after every save, also those that the session makes by itself. */
  onSaved(listener: () => void): void
  /** Accepts what was recovered after a crash. Saving does too. */
  keepRecovery(): void
  /** Goes back to the last save; the journal is kept aside as `journal-<time>.ndjson`. */
  discardRecovery(): Promise<void>
  /** Saves and lets go of the project. When saving fails it throws, and the journal stays for the next time. */
  close(): Promise<void>
}

/**
 * Makes a project in a new or empty folder and opens it.
 * @throws AppError project-exists, invalid-request (the name), disk-full, disk-write
 */
export async function createProject(
  folder: string,
  { name }: { name: string },
): Promise<ProjectSession> {
  const meta = metaSchema.safeParse({
    id: newId('project'),
    name,
    createdAt: new Date().toISOString(),
    fps: { num: 30, den: 1 },
    width: 1920,
    height: 1080,
  })
  if (!meta.success) {
    throw new AppError('invalid-request', 'This name cannot be used for a project.', {
      hint: 'Use 1 to 120 visible characters.',
    })
  }
  let made: string | null = null
  try {
    const place = await makeProjectFolder(folder)
    made = place.made
    const lock = await lockProject(place.root)
    return await lock.during(async () => {
      const doc: ProjectDoc = { meta: meta.data, records: {} }
      await storeProject(place.root, doc, 0)
      return start(place.root, lock)
    })
  } catch (error) {
    if (made !== null) await rm(made, { recursive: true, force: true }).catch(() => undefined)
    throw toWriteError(error, `the project folder ${folder}`)
  }
}

/**
 * Opens a project, replaying what a crash left in its journal.
 * @throws AppError not-found, project-invalid, project-too-new, project-locked, disk-full, disk-write
 */
export async function openProject(folder: string): Promise<ProjectSession> {
  const root = await findProject(folder)
  try {
    const lock = await lockProject(root)
    return await lock.during(() => start(root, lock))
  } catch (error) {
    throw toWriteError(error, `to the project folder ${folder}`)
  }
}

/** Opens a project whose lock is held. */
async function start(root: string, lock: ProjectLock): Promise<ProjectSession> {
  await prepareFolders(root)
  const saved = await loadProject(root)
  let { doc, seq } = saved
  let savedSeq = seq
  let history = createHistory()
  let recovered: ProjectState['recovered'] = null

  const found = readJournal(root)
  let keep: { bytes: number; lines: number } | null = null
  if (found !== null) {
    if (found.version > SCHEMA_VERSION) {
      throw new AppError('project-too-new', 'A newer version of the app last worked on this.', {
        hint: 'Update Lumière Studio, then open the project again. Nothing was changed.',
      })
    }
    let fits = found.project === doc.meta.id
    keep = fits ? { bytes: found.start, lines: 0 } : null
    for (const { entry, end } of found.entries) {
      // A crash between writing project.json and starting the journal anew leaves both.
      if (entry.seq > seq) {
        const next = fits && entry.seq === seq + 1 ? replayEntry(doc, history, entry) : null
        fits = next !== null
        if (next === null) break
        doc = next
        seq = entry.seq
      }
      keep = { bytes: end, lines: (keep?.lines ?? 0) + 1 }
    }
    const damagedTail = found.damaged || !fits
    // What cannot be used is kept for whoever can; the journal itself must go on from a whole line.
    if (damagedTail) await setAsideJournal(root)
    if (damagedTail || seq > savedSeq) recovered = { commands: seq - savedSeq, damagedTail }
  }
  const journal = openJournal(root, doc.meta.id, keep)
  let saving: Promise<void> = Promise.resolve()
  let closed = false
  let discarding = false
  let autosaveAt = AUTOSAVE_ENTRIES
  const savedListeners: (() => void)[] = []

  function requireOpen(): void {
    if (closed) {
      throw new AppError('no-project', 'This project was closed.', { hint: 'Open it again.' })
    }
    if (discarding) {
      throw new AppError('command-rejected', 'The project is going back to its last save.', {
        hint: 'Try again in a moment.',
      })
    }
  }

  function move(by: number): Changed | null {
    requireOpen()
    const moved = history.prepare(doc, by)
    if (moved === null) return null
    if (!moved.ok) throw AppError.from(moved.error)
    journal.append({ op: 'move', seq: seq + 1, by, patches: moved.steps.map(patchOf) })
    moved.commit()
    doc = moved.doc
    seq++
    autosave()
    return { diff: moved.diff, seq }
  }

  /** Not while it is undecided whether to keep a recovery: the last save must stay reachable. */
  function autosave(): void {
    if (recovered !== null || journal.length < autosaveAt) return
    autosaveAt = journal.length + AUTOSAVE_ENTRIES
    // Nothing is lost when it fails: the journal goes on, and the next save by hand says why.
    save().catch(() => undefined)
  }

  function save(): Promise<void> {
    const run = saving.then(write)
    saving = run.catch(() => undefined)
    return run
  }

  async function write(): Promise<void> {
    const now = { doc, seq }
    // Ends a running gesture too: none may lie half in project.json and half in the journal.
    history.mark()
    journal.mark()
    try {
      await storeProject(root, now.doc, now.seq)
      savedSeq = now.seq
      recovered = null
      await journal.restart()
      autosaveAt = AUTOSAVE_ENTRIES
    } catch (error) {
      throw toWriteError(error, 'the project')
    }
    for (const listener of savedListeners) listener()
  }

  return {
    folder: root,
    get doc() {
      return doc
    },
    get seq() {
      return seq
    },
    get history() {
      return history.state()
    },
    get unsaved() {
      return seq - savedSeq
    },
    get recovered() {
      return recovered
    },

    dispatch(commands, { mode, gesture }) {
      requireOpen()
      const applied = applyAll(doc, commands)
      if (!applied.ok) throw AppError.from(applied.error)
      if (isEmptyDiff(applied.diff)) return { diff: applied.diff, seq }
      const join = mode === 'record' && history.continues(gesture)
      journal.append({ op: 'do', seq: seq + 1, mode, join, commands: [...commands] })
      if (mode === 'ignore') history.ignore(applied.diff)
      else history.record(applied.diff, { label: labelOf(commands), gesture, join })
      doc = applied.doc
      seq++
      autosave()
      return { diff: applied.diff, seq }
    },

    undo: () => move(-1),
    redo: () => move(1),
    goTo: (position) => move(position - history.state().position),

    save() {
      requireOpen()
      return save()
    },

    onSaved(listener) {
      savedListeners.push(listener)
    },

    keepRecovery() {
      recovered = null
    },

    async discardRecovery() {
      requireOpen()
      if (recovered === null) return
      discarding = true
      try {
        await saving
        const last = await loadProject(root)
        await setAsideJournal(root)
        // The number goes on growing, so that no listener takes the change for an old one.
        await storeProject(root, last.doc, seq + 1)
        doc = last.doc
        seq++
        savedSeq = seq
        history = createHistory()
        recovered = null
        journal.mark()
        await journal.restart()
      } catch (error) {
        throw toWriteError(error, 'the project')
      } finally {
        discarding = false
      }
    },

    async close() {
      if (closed) return
      closed = true
      await saving
      try {
        if (seq !== savedSeq || recovered !== null) await save()
      } finally {
        await journal.close({ remove: seq === savedSeq })
        await lock.release()
      }
    },
  }
}
