import { create } from 'zustand'
import type { ErrorData } from '../../shared/contract/errors.js'
import { isAbort, toErrorData } from '../../shared/contract/errors.js'

export type ToastNote =
  | 'saved'
  | 'imported'
  | 'generated'
  | 'retimed'
  | 'retimedAside'
  | 'exported'
  | 'takeReady'
  | 'takeUpdated'
  | 'maskImported'
  | 'frameSaved'
  | 'paintedAdded'
  | 'paintedScaled'
  | 'noDoubt'
  | 'maskExported'

export type ToastContent =
  | { readonly kind: 'error'; readonly error: ErrorData }
  | {
      readonly kind: 'note'
      readonly note: ToastNote
      readonly values?: Readonly<Record<string, string | number>>
    }

export type Toast = ToastContent & { readonly id: number }

interface ToastsState {
  readonly toasts: readonly Toast[]
}

const SHOWN_AT_ONCE = 4
let nextId = 1

export const useToasts = create<ToastsState>()(() => ({ toasts: [] }))

function add(content: ToastContent): void {
  const toast = { ...content, id: nextId++ }
  useToasts.setState(({ toasts }) => ({ toasts: [...toasts, toast].slice(-SHOWN_AT_ONCE) }))
}

/** Says what failed and what to do next. Cancelling is no failure and shows nothing. */
export function showError(thrown: unknown): void {
  if (isAbort(thrown)) return
  const error = toErrorData(thrown)
  const repeated = useToasts
    .getState()
    .toasts.some((toast) => toast.kind === 'error' && toast.error.message === error.message)
  if (!repeated) add({ kind: 'error', error })
}

export function showNote(
  note: ToastNote,
  values?: Readonly<Record<string, string | number>>,
): void {
  add({ kind: 'note', note, ...(values === undefined ? {} : { values }) })
}

export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }))
}
