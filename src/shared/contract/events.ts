import type { Diff } from '../document/diff.js'
import type { HistoryState, ProjectState } from './api.js'
import type { Job } from './job.js'

/** Everything core tells without being asked. `seq` fields let a listener drop what is stale. */
export interface Events {
  /** A project was opened, replaced or closed; the state is complete. */
  readonly project: ProjectState | null
  readonly document: {
    readonly seq: number
    readonly diff: Diff
    readonly history: HistoryState
    readonly unsaved: number
    /** The `origin` of the dispatch that caused it. */
    readonly origin: string | null
  }
  readonly saved: { readonly seq: number; readonly unsaved: number }
  readonly job: Job
  readonly jobDismissed: { readonly id: string }
  readonly preparing: readonly string[]
  /** A menu or shortcut of the host asks the interface to act. */
  readonly menu: { readonly action: MenuAction }
}
export type EventName = keyof Events

export const MENU_ACTIONS = [
  'newProject',
  'openProject',
  'openSample',
  'import',
  'save',
  'export',
  'undo',
  'redo',
  'shortcuts',
] as const
export type MenuAction = (typeof MENU_ACTIONS)[number]

/** The bridge that preload (Electron) and the web client give to the renderer. */
export interface EventMessage<E extends EventName = EventName> {
  readonly event: E
  readonly payload: Events[E]
}
