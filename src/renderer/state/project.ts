import i18next from 'i18next'
import { create } from 'zustand'
import type { StoreApi, UseBoundStore } from 'zustand'
import type { HistoryState, Input, ProjectState } from '../../shared/contract/api.js'
import { AppError } from '../../shared/contract/errors.js'
import type { Events } from '../../shared/contract/events.js'
import type { Command } from '../../shared/document/commands.js'
import type { ProjectDoc } from '../../shared/document/model.js'
import { bridge } from '../bridge/index.js'
import type { Bridge } from '../bridge/types.js'
import { createOutbox } from './outbox.js'
import { acknowledge, createReplica, drop, propose, receive, resync } from './replica.js'
import type { Replica } from './replica.js'
import { showError } from './toasts.js'

type Opening = 'project.create' | 'project.open' | 'project.openSample'

export interface ProjectStore {
  /** `starting` until core has answered for the first time. */
  readonly phase: 'starting' | 'none' | 'open'
  readonly folder: string | null
  /** What to show: confirmed by core, with this window's own commands on top. Null without a project. */
  readonly doc: ProjectDoc | null
  /** Core has told all of `doc`: nothing of this window is still on its way. */
  readonly confirmed: boolean
  readonly history: HistoryState
  /** Changes since the last full save; they are in the journal already. */
  readonly unsaved: number
  readonly saving: boolean
  readonly recovered: ProjectState['recovered']
  /** Ids of assets and takes whose proxy or pictures are missing or being made. */
  readonly preparing: readonly string[]

  /**
   * Applies commands here at once and sends them to core, in order. When core refuses them
   * they are taken back and a message says why. Resolves with whether they were accepted.
   * Calls with the same `gesture`, one after the other, undo as one step.
   */
  readonly dispatch: (
    commands: readonly Command[],
    options?: { readonly gesture?: string; readonly mode?: 'record' | 'ignore' },
  ) => Promise<boolean>
  readonly undo: () => Promise<void>
  readonly redo: () => Promise<void>
  readonly goTo: (position: number) => Promise<void>
  readonly save: () => Promise<boolean>
  /** Resolves when core knows of all that was changed here. */
  readonly settled: () => Promise<void>
  /** Opens, creates or shows the sample; resolves with whether it worked. */
  readonly open: <M extends Opening>(method: M, input: Input<M>) => Promise<boolean>
  readonly keepRecovery: () => Promise<void>
  readonly discardRecovery: () => Promise<void>
  /** Listens to core and opens the last state, or the sample project on a first start. */
  readonly connect: () => () => void
}

const NO_HISTORY: HistoryState = { entries: [], position: 0 }
const CLOSED = {
  phase: 'none',
  folder: null,
  doc: null,
  confirmed: true,
  history: NO_HISTORY,
  unsaved: 0,
  recovered: null,
  preparing: [],
} as const

/** Core takes at most 1000 commands in one dispatch. */
const LARGEST_BATCH = 500

/** The project store on a given bridge; the app uses {@link useProject}. */
export function createProjectStore(
  host: Bridge,
  onError: (thrown: unknown, about?: string) => void = showError,
): UseBoundStore<StoreApi<ProjectStore>> {
  const outbox = createOutbox()
  const window = Math.random().toString(36).slice(2, 10)
  let replica: Replica | null = null
  let counter = 0
  /** The last dispatch that has not been sent yet: a gesture's next commands join it. */
  let waiting: {
    readonly origin: string
    readonly gesture: string | undefined
    readonly commands: Command[]
    readonly done: Promise<boolean>
  } | null = null

  return create<ProjectStore>()((set, get) => {
    const show = (next: Replica, changes: Partial<ProjectStore> = {}): void => {
      replica = next
      set({ ...changes, doc: next.doc, confirmed: next.pending.length === 0 })
    }

    const load = (state: ProjectState | null): void => {
      if (state === null) {
        replica = null
        set(CLOSED)
        return
      }
      const same = replica !== null && get().folder === state.folder
      show(
        same && replica
          ? resync(replica, state.doc, state.seq)
          : createReplica(state.doc, state.seq),
        {
          phase: 'open',
          folder: state.folder,
          history: state.history,
          unsaved: state.unsaved,
          recovered: state.recovered,
          preparing: state.preparing,
        },
      )
    }

    const onDocument = (event: Events['document']): void => {
      if (replica === null || event.seq <= replica.seq) return
      show(receive(replica, event), { history: event.history, unsaved: event.unsaved })
    }

    /** Runs a call that needs everything before it to have reached core; failures become a message. */
    const inOrder = async (task: () => Promise<unknown>): Promise<boolean> => {
      waiting = null
      try {
        await outbox.add(task)
        return true
      } catch (thrown) {
        onError(thrown)
        return false
      }
    }

    return {
      ...CLOSED,
      phase: 'starting',
      saving: false,

      dispatch(commands, { gesture, mode = 'record' } = {}) {
        if (replica === null || commands.length === 0) return Promise.resolve(false)
        const joins =
          waiting !== null &&
          gesture !== undefined &&
          waiting.gesture === gesture &&
          waiting.commands.length + commands.length <= LARGEST_BATCH
        const origin = joins && waiting ? waiting.origin : `${window}-${(counter += 1)}`
        const proposal = propose(replica, origin, commands)
        if (!proposal.ok) {
          onError(AppError.from(proposal.error))
          return Promise.resolve(false)
        }
        show(proposal.replica)
        if (joins && waiting) {
          waiting.commands.push(...commands)
          return waiting.done
        }

        const batch = [...commands]
        const done = outbox
          .add(() => {
            if (waiting?.origin === origin) waiting = null
            return host.call('document.dispatch', {
              // The wire schema's arrays are mutable; core only reads them.
              commands: batch as Input<'document.dispatch'>['commands'],
              mode,
              origin,
              ...(gesture === undefined ? {} : { gesture }),
            })
          })
          .then(
            ({ seq }) => {
              if (replica !== null) show(acknowledge(replica, origin, seq))
              return true
            },
            (thrown: unknown) => {
              if (replica !== null) show(drop(replica, origin))
              onError(thrown)
              return false
            },
          )
        waiting = { origin, gesture, commands: batch, done }
        return done
      },

      async undo() {
        await inOrder(() => host.call('document.undo', {}))
      },
      async redo() {
        await inOrder(() => host.call('document.redo', {}))
      },
      async goTo(position) {
        await inOrder(() => host.call('document.goTo', { position }))
      },

      async save() {
        set({ saving: true })
        const saved = await inOrder(() => host.call('project.save', {}))
        set({ saving: false })
        return saved
      },

      settled: () => outbox.idle(),

      open(method, input) {
        return inOrder(async () => load(await host.call(method, input)))
      },

      async keepRecovery() {
        if (await inOrder(() => host.call('project.keepRecovery', {}))) set({ recovered: null })
      },
      async discardRecovery() {
        await inOrder(async () => {
          const state = await host.call('project.discardRecovery', {})
          replica = null
          load(state)
        })
      },

      connect() {
        const stops = [
          host.on('project', load),
          host.on('document', onDocument),
          host.on('saved', ({ unsaved }) => set({ unsaved })),
          host.on('preparing', (preparing) => set({ preparing })),
        ]
        void inOrder(async () => {
          const open = await host.call('project.state', {})
          if (open !== null) {
            load(open)
            return
          }
          const { passedOver, ...state } = await host.call('project.openLatest', {
            name: i18next.t('topBar.sampleName'),
          })
          load(state)
          for (const { name, error } of passedOver) onError(AppError.from(error), name)
        }).then((opened) => {
          if (!opened && get().phase === 'starting') set({ phase: 'none' })
        })
        return () => stops.forEach((stop) => stop())
      },
    }
  })
}

/** The open project. Failures reach the person as messages, never as exceptions. */
export const useProject = createProjectStore(bridge)
