import { join } from 'node:path'
import { isMethod, requestSchemas } from '../../shared/contract/api.js'
import type { Input, JobRequest, Method, Output, Reply } from '../../shared/contract/api.js'
import { AppError, toErrorData } from '../../shared/contract/errors.js'
import type { EventMessage } from '../../shared/contract/events.js'
import type { JobKind, JobKinds } from '../../shared/contract/job.js'
import { findFfmpeg } from '../ffmpeg/tools.js'
import { probe } from '../ffmpeg/probe.js'
import { examine } from './doctor.js'
import { createEngineHost } from './engineHost/engineHost.js'
import type { SpawnEngine } from './engineHost/port.js'
import { isClipsManifest } from '../../shared/contract/pack.js'
import { loadRates } from './jobs/rates.js'
import { createPackStore } from './packs/packStore.js'
import { verifyPack } from './packs/readPack.js'
import { exportMaskPngs, importMaskPng } from './maskFiles.js'
import { matchPicture } from './matchPicture.js'
import { measureSubjects } from './measureSubjects.js'
import { addPainted } from './paintedFrames.js'
import { saveFrame } from './saveFrame.js'
import { resolveInside } from './project/folder.js'
import { createProject, openProject } from './project/session.js'
import { addStyle, listStyles } from './styles.js'
import { createRecentProjects } from './recent.js'
import { SAMPLE_FOLDER, openSampleProject } from './sampleProject.js'
import { createWorkspace } from './workspace.js'

/** What only the host can do: native dialogs and the file manager. */
export interface HostShell {
  pick(input: Input<'host.pick'>): Promise<string | null>
  reveal(path: string): Promise<void>
}

export interface CoreDeps {
  readonly version: string
  readonly host: 'electron' | 'web' | 'cli'
  /** Per-user settings of the app: recent projects, learned speeds. */
  readonly dataFolder: string
  readonly resourcesFolder: string
  /** Model packs that come with the app. */
  readonly packsFolder: string
  readonly defaultProjectsFolder: string
  readonly spawnEngine: SpawnEngine
  /** Null where there are no native dialogs (browser, command line). */
  readonly shell: HostShell | null
}

/** The product as a library: the only thing a host sees. */
export interface Core {
  /** Validates and runs one method. Never rejects: a failure is `{ok: false, error}`. */
  call(method: string, input: unknown): Promise<Reply<unknown>>
  on(listener: (message: EventMessage) => void): () => void
  /**
   * Absolute path of a file of the open project.
   * @throws AppError `no-project`, `forbidden`, `not-found`
   */
  resolveMedia(projectPath: string): Promise<string>
  /** Cancels jobs, saves and closes the project, ends the engine. */
  close(): Promise<void>
}

type PassedOver = Output<'project.openLatest'>['passedOver'][number]
type Handlers = { readonly [M in Method]: (input: Input<M>) => Promise<Output<M>> | Output<M> }

export function createCore(deps: CoreDeps): Core {
  const listeners = new Set<(message: EventMessage) => void>()
  const engine = createEngineHost(deps.spawnEngine)
  const recent = createRecentProjects(deps.dataFolder)
  const tools = once(() => findFfmpeg())
  const rates = once(() => loadRates(deps.dataFolder))
  const packs = createPackStore({
    appFolder: deps.packsFolder,
    installedFolder: join(deps.dataFolder, 'packs'),
    slowFile: join(deps.dataFolder, 'slow-providers.json'),
  })

  const workspace = createWorkspace({
    engine,
    tools,
    rates,
    packs,
    appVersion: deps.version,
    emit: (message) => {
      for (const listener of listeners) listener(message)
    },
  })

  // Opening, closing and going back replace the project under everybody's feet: one at a time.
  let turn: Promise<unknown> = Promise.resolve()
  function inTurn<T>(change: () => Promise<T>): Promise<T> {
    const mine = turn.then(change)
    turn = mine.catch(() => undefined)
    return mine
  }

  const sampleFolder = join(deps.defaultProjectsFolder, SAMPLE_FOLDER)
  const openSample = async (name?: string): Promise<Output<'project.open'>> =>
    remember(
      await openSampleProject(workspace, {
        ...(name === undefined ? {} : { name }),
        projectsFolder: deps.defaultProjectsFolder,
        resourcesFolder: deps.resourcesFolder,
      }),
    )

  async function open(folder: string): Promise<Output<'project.open'>> {
    if (folder === sampleFolder) return openSample()
    return remember(await workspace.adopt(await openProject(folder)))
  }

  async function openLatest(sampleName?: string): Promise<Output<'project.openLatest'>> {
    if (workspace.state() !== null) return { ...workspace.announce(), passedOver: [] }
    const passedOver: PassedOver[] = []
    for (const { folder, name } of await recent.list()) {
      try {
        return { ...(await open(folder)), passedOver }
      } catch (error) {
        // Moved, deleted or open elsewhere: the list still names it for a person to try.
        passedOver.push({ name, error: toErrorData(error) })
      }
    }
    return { ...(await openSample(sampleName)), passedOver }
  }

  async function remember<T extends Output<'project.open'>>(state: T): Promise<T> {
    await recent.add(state.folder, state.doc.meta.name)
    return state
  }

  const handlers: Handlers = {
    'app.info': () => ({
      version: deps.version,
      host: deps.host,
      platform: process.platform,
      nativeDialogs: deps.shell !== null,
      defaultProjectsFolder: deps.defaultProjectsFolder,
    }),
    'app.doctor': () =>
      examine({
        appVersion: deps.version,
        tools,
        engine,
        packs,
        folder: deps.defaultProjectsFolder,
      }),

    'host.pick': async (input) => ({ path: (await deps.shell?.pick(input)) ?? null }),
    'host.reveal': async ({ path }) => {
      await deps.shell?.reveal(path)
      return null
    },

    'project.create': ({ folder, name }) =>
      inTurn(async () => remember(await workspace.adopt(await createProject(folder, { name })))),
    'project.open': ({ folder }) =>
      inTurn(async () => {
        // What is open already (a reloaded window, a double click) must not fail on our own lock.
        if (workspace.state()?.folder === folder) return workspace.announce()
        return open(folder)
      }),
    'project.openSample': ({ name }) => inTurn(() => openSample(name)),
    'project.openLatest': ({ name }) => inTurn(() => openLatest(name)),
    'project.recent': () => recent.list(),
    'project.state': () => workspace.state(),
    'project.save': () => workspace.save(),
    'project.close': () =>
      inTurn(async () => {
        await workspace.close()
        return null
      }),
    'project.discardRecovery': () =>
      inTurn(async () => {
        await workspace.current().session.discardRecovery()
        return workspace.announce()
      }),
    'project.keepRecovery': () => {
      workspace.current().session.keepRecovery()
      workspace.announce()
      return null
    },

    'document.dispatch': ({ commands, mode, gesture, origin }) =>
      workspace.dispatch(commands, {
        mode,
        ...(gesture === undefined ? {} : { gesture }),
        ...(origin === undefined ? {} : { origin }),
      }),
    'document.undo': () => workspace.travel((session) => session.undo()),
    'document.redo': () => workspace.travel((session) => session.redo()),
    'document.goTo': ({ position }) => workspace.travel((session) => session.goTo(position)),

    'media.probe': async ({ path }) => probe(await tools(), path),
    'mask.import': async ({ maskId, frame, path }) => {
      const { path: relative, scaled } = await importMaskPng(
        workspace.current().session,
        maskId,
        path,
      )
      // The picture is the mask of that frame, not one more mark on it.
      const shapes = [{ kind: 'bitmap', erase: false, path: relative } as const]
      const set = [{ type: 'mask.setKeyframe', id: maskId, frame, shapes } as const]
      return { ...workspace.dispatch(set, { mode: 'record' }), scaled }
    },
    'mask.export': async (input) => {
      const { folder, doc } = workspace.current().session
      return { files: await exportMaskPngs({ ...input, projectFolder: folder, doc }) }
    },

    'edit.matchPicture': async (input) =>
      matchPicture(input, workspace.current().session, { tools: await tools(), engine }),

    'edit.subjects': async ({ segmentId }) =>
      measureSubjects(segmentId, workspace.current().session, { tools: await tools(), engine }),

    'style.add': async (input) =>
      addStyle(input, workspace.current().session.folder, {
        tools: await tools(),
        resourcesFolder: deps.resourcesFolder,
      }),
    'style.addPainted': async (input) =>
      addPainted(input, workspace.current().session, await tools()),
    'clip.saveFrame': async (input) =>
      saveFrame(input, workspace.current().session, (await tools()).ffmpeg),
    'style.list': () => listStyles(workspace.current().session.folder),

    'packs.list': () => packs.list(),
    'packs.read': async ({ id }) => {
      const any = await packs.findAny({ id })
      const card = await packs.card(any)
      if (!isClipsManifest(any.manifest)) {
        return { card, vocabulary: [], tokens: null, examples: [] }
      }
      const pack = await packs.find({ id })
      const { maxTokens, padding, unknown, begin } = pack.manifest.vocabulary
      return {
        card,
        vocabulary: await packs.vocabulary(pack),
        tokens: { maxTokens, padding, unknown, begin },
        examples: await packs.examples(pack),
      }
    },
    'packs.verify': async ({ id }) => {
      await verifyPack(await packs.findAny({ id }))
      return packs.summary(id)
    },
    'packs.install': ({ path }) => packs.install(path),
    'packs.remove': async ({ id }) => {
      await packs.remove(id)
      return null
    },

    'jobs.list': () => (workspace.state() === null ? [] : workspace.current().jobs.list()),
    'jobs.forecast': (request) => workspace.current().jobs.forecast(request.kind, inputOf(request)),
    'jobs.start': (request) => workspace.current().jobs.start(request.kind, inputOf(request)),
    'jobs.cancel': async ({ jobId }) => {
      await workspace.current().jobs.cancel(jobId)
      return null
    },
    'jobs.finish': ({ jobId }) => {
      workspace.current().jobs.finishEarly(jobId)
      return null
    },
    'jobs.dismiss': async ({ jobId }) => {
      await workspace.current().jobs.dismiss(jobId)
      return null
    },
  }

  return {
    async call(method, input) {
      try {
        if (!isMethod(method)) {
          throw new AppError('unknown-method', `There is no method "${method.slice(0, 80)}".`)
        }
        const parsed = requestSchemas[method].safeParse(input)
        if (!parsed.success) {
          const [issue] = parsed.error.issues
          throw new AppError(
            'invalid-request',
            `The request is not valid: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim(),
            { detail: method },
          )
        }
        // Each handler takes what its own schema yields; TypeScript can't tie the two through a union.
        const handler = handlers[method] as (input: unknown) => unknown
        return { ok: true, data: await handler(parsed.data) }
      } catch (error) {
        return { ok: false, error: toErrorData(error) }
      }
    },

    on(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },

    resolveMedia: (projectPath) =>
      resolveInside(workspace.current().session.folder, join(projectPath)),

    async close() {
      await inTurn(() => workspace.close())
      engine.close()
      listeners.clear()
    },
  }
}

/** zod types an absent optional as `T | undefined`; the job kinds say "absent". The values are the same. */
function inputOf(request: JobRequest): JobKinds[JobKind]['input'] {
  return request.input as JobKinds[JobKind]['input']
}

/** Runs once and keeps the result; a failure is forgotten, so that the next call tries again. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | null = null
  return () => {
    made ??= make().catch((error: unknown) => {
      made = null
      throw error
    })
    return made
  }
}
