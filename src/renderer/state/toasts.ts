import { create } from 'zustand'
import type { ErrorData } from '../../shared/contract/errors.js'
import { isAbort, toErrorData } from '../../shared/contract/errors.js'

export type ToastNote =
  | 'saved'
  | 'imported'
  | 'generated'
  | 'kept'
  | 'retimed'
  | 'retimedAside'
  | 'exported'
  | 'takeReady'
  | 'takeUpdated'
  | 'maskImported'
  | 'maskScaled'
  | 'frameSaved'
  | 'paintedAdded'
  | 'paintedScaled'
  | 'noDoubt'
  | 'maskExported'

export type ToastContent =
  | {
      readonly kind: 'error'
      readonly error: ErrorData
      /** What it happened to, such as file names: the same error of several is one message. */
      readonly about: readonly string[]
    }
  | {
      readonly kind: 'note'
      readonly note: ToastNote
      readonly values?: Readonly<Record<string, string | number>>
      /** Shows what it is about. */
      readonly show?: () => void
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
  useToasts.setState(({ toasts }) => ({ toasts: newest([...toasts, toast]) }))
}

/** What failed is not pushed out by what went well: the oldest good news goes first. */
function newest(toasts: readonly Toast[]): readonly Toast[] {
  if (toasts.length <= SHOWN_AT_ONCE) return toasts
  const first = toasts.find(({ kind }) => kind === 'note') ?? toasts[0]
  return toasts.filter((toast) => toast !== first)
}

/**
 * Says what failed and what to do next. Cancelling is no failure and shows nothing.
 * @param about what it happened to, where the message itself may not say so
 */
export function showError(thrown: unknown, about?: string): void {
  if (isAbort(thrown)) return
  const error = toErrorData(thrown)
  const { toasts } = useToasts.getState()
  const same = toasts.find((one) => one.kind === 'error' && one.error.message === error.message)
  if (same?.kind !== 'error') {
    add({ kind: 'error', error, about: about === undefined ? [] : [about] })
  } else if (about !== undefined && !same.about.includes(about)) {
    const more = { ...same, about: [...same.about, about] }
    useToasts.setState({ toasts: toasts.map((one) => (one.id === same.id ? more : one)) })
  }
}

export function showNote(
  note: ToastNote,
  values?: Readonly<Record<string, string | number>>,
  show?: () => void,
): void {
  add({
    ...{ kind: 'note', note },
    ...(values === undefined ? {} : { values }),
    ...(show === undefined ? {} : { show }),
  })
}

export function dismissToast(id: number): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }))
}

/** Good news is about one project's things: in the next one it would name what is not there. */
export function dismissNotes(): void {
  useToasts.setState(({ toasts }) => ({ toasts: toasts.filter(({ kind }) => kind !== 'note') }))
}
