// @vitest-environment happy-dom
import { act } from 'react'
import type { ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import type { Root } from 'react-dom/client'
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest'
import { startI18n } from '../i18n/index.js'
import { showNote, useToasts } from '../state/toasts.js'
import { ConfirmDialog, ModalDialog } from './Dialog.js'
import { Toasts } from './Toasts.js'

Object.assign(globalThis, { IS_REACT_ACT_ENVIRONMENT: true })

let root: Root
beforeAll(() => startI18n('en'))
beforeEach(() => {
  useToasts.setState({ toasts: [] })
  const box = document.createElement('div')
  document.body.append(box)
  root = createRoot(box)
})
afterEach(() => {
  act(() => root.unmount())
  document.body.replaceChildren()
})

function show(dialog: ReactNode): void {
  act(() =>
    root.render(
      <>
        {dialog}
        <Toasts />
      </>,
    ),
  )
}

function escape(role: string): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true })
  act(() => void document.querySelector(`[role=${role}]`)?.dispatchEvent(event))
  return event
}

it.each([false, true])('a dialog closes at one Escape, with a message after it: %s', (message) => {
  const onClose = vi.fn()
  show(
    <ModalDialog title="Export" onClose={onClose}>
      Done
    </ModalDialog>,
  )
  if (message) act(() => showNote('exported', { name: 'film.mp4' }))
  const event = escape('dialog')
  expect(onClose).toHaveBeenCalledTimes(1)
  // Nothing behind it hears of the key.
  expect(event.defaultPrevented).toBe(true)
})

it('a question within a dialog is what Escape answers, with a message after it', () => {
  const onClose = vi.fn()
  const onAnswer = vi.fn()
  show(
    <ModalDialog title="Export" onClose={onClose}>
      <ConfirmDialog title="Replace?" body="It is there." confirm="Yes" onAnswer={onAnswer} />
    </ModalDialog>,
  )
  act(() => showNote('saved'))
  escape('alertdialog')
  expect(onAnswer).toHaveBeenCalledExactlyOnceWith(false)
  expect(onClose).not.toHaveBeenCalled()
})
