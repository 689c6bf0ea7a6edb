import { existsSync } from 'node:fs'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProjectState } from '../../shared/contract/api.js'
import { AppError } from '../../shared/contract/errors.js'
import type { EventMessage } from '../../shared/contract/events.js'
import type { Command } from '../../shared/document/commands.js'
import type { Diff } from '../../shared/document/diff.js'
import { recordsOf } from '../../shared/document/model.js'
import type { FfmpegTools } from '../ffmpeg/tools.js'
import type { EngineHost } from './engineHost/engineHost.js'
import { editJob } from './jobs/editJob.js'
import { draftJob } from './jobs/draftJob.js'
import { leftoversJob } from './jobs/leftoversJob.js'
import { exportJob } from './jobs/exportJob.js'
import { animateJob } from './jobs/animateJob.js'
import { generateJob } from './jobs/generateJob.js'
import { importJob } from './jobs/importJob.js'
import { prepareJob } from './jobs/prepareJob.js'
import { createDigests } from './jobs/digests.js'
import { keepJob } from './jobs/keepJob.js'
import { createJobQueue } from './jobs/queue.js'
import type { JobQueue, JobStore } from './jobs/queue.js'
import { clipFolderName } from './jobs/unfinishedClip.js'
import { findUnfinished } from './jobs/unfinishedTake.js'
import type { Rates } from './jobs/rates.js'
import { proofJob } from './jobs/proofJob.js'
import { removeJob } from './jobs/removeJob.js'
import { repaintJob } from './jobs/repaintJob.js'
import { retimeJob } from './jobs/retimeJob.js'
import { createJobStore } from './jobs/store.js'
import { styliseJob } from './jobs/styliseJob.js'
import { trackJob } from './jobs/trackJob.js'
import { clearLeftovers } from './project/leftovers.js'
import type { PackStore } from './packs/packStore.js'
import type { ProjectSession } from './project/session.js'
import { beingPrepared, previewsOf, stackPreviews, touchesLayers } from './previews.js'
import type { Preview } from './previews.js'

/** The open project with its jobs: they live and end together. */
export interface OpenProject {
  readonly session: ProjectSession
  readonly jobs: JobQueue
}

export interface Workspace {
  /** @throws AppError `no-project` when none is open. */
  current(): OpenProject
  state(): ProjectState | null
  /** Closes the open project, if any, and takes this one in its place. */
  adopt(session: ProjectSession): Promise<ProjectState>
  close(): Promise<void>
  dispatch(
    commands: readonly Command[],
    options: { mode: 'record' | 'ignore'; gesture?: string; origin?: string },
  ): { seq: number }
  /** Runs an undo, redo or jump; tells the change when there was one. */
  travel(step: (session: ProjectSession) => { diff: Diff; seq: number } | null): { seq: number }
  save(): Promise<{ seq: number }>
  /** Tells every listener the complete state anew. */
  announce(): ProjectState
}

export interface WorkspaceDeps {
  readonly engine: EngineHost
  readonly tools: () => Promise<FfmpegTools>
  readonly rates: () => Promise<Rates>
  readonly packs: PackStore
  readonly appVersion: string
  readonly emit: (message: EventMessage) => void
}

export function createWorkspace(deps: WorkspaceDeps): Workspace {
  const { emit } = deps
  let open: OpenProject | null = null
  let preparing: readonly string[] = []
  let stackTimer: NodeJS.Timeout | null = null
  /** Stacks without a preview, whose making has not begun yet: nobody has to ask for them in vain. */
  let awaited: readonly string[] = []

  function current(): OpenProject {
    if (open === null) {
      throw new AppError('no-project', 'No project is open.', {
        hint: 'Open a project or create a new one.',
      })
    }
    return open
  }

  function stateOf(session: ProjectSession): ProjectState {
    const { folder, doc, seq, history, unsaved, recovered } = session
    return { folder, doc, seq, history, unsaved, recovered, preparing }
  }

  function announce(): ProjectState {
    const payload = stateOf(current().session)
    emit({ event: 'project', payload })
    return payload
  }

  function tell(session: ProjectSession, diff: Diff, origin: string | null): void {
    const { seq, history, unsaved } = session
    const project = open?.session === session ? open : null
    const restacked = touchesLayers(diff) ? project : null
    const missing = restacked === null ? [] : missingStacks(restacked)
    // Before the change itself is told: whoever shows it then knows what there is to show. What lay
    // on each other before is on screen until then.
    if (restacked !== null) setAwaited(restacked, [...awaited, ...missing])
    emit({ event: 'document', payload: { seq, diff, history, unsaved, origin } })
    if (restacked !== null) setAwaited(restacked, missing)
    if (project === null) return
    // Undo brings back what may have been removed before its previews were made.
    prepareWanted(project, previewsOf(Object.values(diff.added))).catch(logFailure)
    if (restacked === null) return
    if (stackTimer !== null) clearTimeout(stackTimer)
    stackTimer = setTimeout(() => {
      if (open !== project) return
      const told = awaited
      prepareWanted(project, stackPreviews(project.session.doc))
        .catch(logFailure)
        .finally(() => {
          if (open !== project || awaited !== told) return
          setAwaited(project, [])
        })
    }, STACK_DELAY_MS)
    stackTimer.unref()
  }

  function missingStacks({ session }: OpenProject): readonly string[] {
    return stackPreviews(session.doc)
      .filter(({ file }) => !existsSync(join(session.folder, file)))
      .map(({ id }) => id)
  }

  function setAwaited({ jobs }: OpenProject, ids: readonly string[]): void {
    awaited = ids
    updatePreparing(jobs)
  }

  function updatePreparing(jobs: JobQueue): void {
    const begun = beingPrepared(jobs)
    const now = [...new Set([...begun, ...awaited])]
    if (now.join() === preparing.join()) return
    preparing = now
    emit({ event: 'preparing', payload: preparing })
  }

  async function createJobs(session: ProjectSession, store: JobStore): Promise<JobQueue> {
    const resources = {
      session,
      tools: deps.tools,
      engine: deps.engine,
      rates: await deps.rates(),
      packs: deps.packs,
      appVersion: deps.appVersion,
      digest: createDigests(),
      dispatch: (commands: readonly Command[], mode: 'record' | 'ignore') => {
        const { diff } = session.dispatch(commands, { mode })
        tell(session, diff, null)
      },
    }
    const queue: JobQueue = createJobQueue({
      handlers: {
        import: importJob(resources),
        prepare: prepareJob(resources),
        remove: removeJob(resources),
        edit: editJob(resources),
        keep: keepJob(resources),
        stylise: styliseJob(resources),
        track: trackJob(resources),
        proof: proofJob(resources),
        draft: draftJob(resources),
        leftovers: leftoversJob(resources),
        generate: generateJob(resources),
        animate: animateJob(resources),
        replace: repaintJob(resources, 'replace'),
        regenerate: repaintJob(resources, 'regenerate'),
        retime: retimeJob(resources),
        export: exportJob(resources),
      },
      store,
      emit: (job) => {
        emit({ event: 'job', payload: job })
        if (job.kind === 'prepare') updatePreparing(queue)
      },
      dismissed: (id) => {
        emit({ event: 'jobDismissed', payload: { id } })
      },
    })
    return queue
  }

  /** The cache folder may be deleted at any time: whatever is missing is made again in the background. */
  function prepareMissing(project: OpenProject): Promise<void> {
    const { doc } = project.session
    return prepareWanted(project, [
      ...previewsOf([...recordsOf(doc, 'asset'), ...recordsOf(doc, 'take')]),
      ...stackPreviews(doc),
    ])
  }

  async function prepareWanted(
    { session, jobs }: OpenProject,
    wanted: readonly Preview[],
  ): Promise<void> {
    for (const { id, file } of wanted) {
      const there = await stat(join(session.folder, file)).catch(() => null)
      if (there !== null || beingPrepared(jobs).includes(id) || open?.session !== session) continue
      await jobs.start('prepare', { recordId: id })
    }
  }

  async function close(): Promise<void> {
    if (open === null) return
    const { session, jobs } = open
    open = null
    preparing = []
    awaited = []
    if (stackTimer !== null) clearTimeout(stackTimer)
    await jobs.close()
    await session.close()
    emit({ event: 'project', payload: null })
  }

  return {
    current,
    announce,
    close,
    state: () => (open === null ? null : stateOf(open.session)),

    async adopt(session) {
      await close()
      const store = createJobStore(session.folder)
      // They cost room and nothing else: no reason to refuse the project.
      await clearLeftovers(session, await unfinishedOf(session, store)).catch((error: unknown) => {
        console.error('Clearing leftovers failed:', error)
      })
      const project = { session, jobs: await createJobs(session, store) }
      open = project
      session.onSaved(() => {
        emit({ event: 'saved', payload: { seq: session.seq, unsaved: session.unsaved } })
      })
      await project.jobs.restore()
      const state = announce()
      // Not awaited: opening must not wait for proxies. A failure shows as a failed job.
      prepareMissing(project).catch(logFailure)
      return state
    },

    dispatch(commands, { mode, gesture, origin }) {
      const { session } = current()
      const { diff, seq } = session.dispatch(commands, {
        mode,
        ...(gesture === undefined ? {} : { gesture }),
      })
      tell(session, diff, origin ?? null)
      return { seq }
    },

    travel(step) {
      const { session } = current()
      const moved = step(session)
      if (moved !== null) tell(session, moved.diff, null)
      return { seq: session.seq }
    },

    async save() {
      const { session } = current()
      await session.save()
      return { seq: session.seq }
    },
  }
}

/** Tells the unfinished work that a job of the store goes on with from what nobody will. */
async function unfinishedOf(
  { folder, doc, history }: ProjectSession,
  store: JobStore,
): Promise<Parameters<typeof clearLeftovers>[1]> {
  const wanted = new Set<string>()
  const clips = new Set<string>()
  for (const { kind, input } of await store.load()) {
    if (kind === 'retime' && 'from' in input && 'clipId' in input) clips.add(clipFolderName(input))
    const makesTake = kind === 'remove' || kind === 'edit' || kind === 'stylise'
    if (makesTake && 'segmentId' in input) wanted.add(input.segmentId)
  }
  return {
    clip: (name) => clips.has(name),
    async take(segmentId, path) {
      // Undo may bring a removed segment back.
      const isThere = Object.hasOwn(doc.records, segmentId) || history.entries.length > 0
      if (!wanted.has(segmentId) || !isThere) return false
      return (await findUnfinished(folder, segmentId))?.folder === path
    },
  }
}

/** A drag changes what lies on what many times a second; previews are made of where it ends. */
const STACK_DELAY_MS = 300

function logFailure(error: unknown): void {
  // The project was closed before its previews were begun: the next opening makes them.
  if (error instanceof AppError && error.code === 'no-project') return
  console.error('Preparing previews failed:', error)
}
