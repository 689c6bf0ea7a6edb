import { HOLD_COMPARE, actionFor, keysOf } from './keymap.js'
import { runAction } from './state/actions.js'
import { useEditor } from './state/editor.js'
import type { CompareMode } from './state/editor.js'

const TEXT_INPUT =
  'textarea, select, [contenteditable=""], [contenteditable="true"], input:not([type=checkbox]):not([type=radio]):not([type=range])'

/** Controls that Space and Enter press. */
const PRESSABLE =
  'button, summary, a[href], [role=button], [role=tab], [role=slider], [role=option]'

/** Where keys belong to what is open on top: a dialog, a menu. */
const ON_TOP = '[role=dialog], [role=alertdialog], [role=menu]'

/**
 * Listens for the keys of the app. Anything nearer to the focus goes first: text fields keep
 * all their keys but Save, and whatever a control has handled (`preventDefault`) is done.
 */
export function listenToKeys(page: Window & typeof globalThis = window): () => void {
  let before: CompareMode | null = null

  const release = (): void => {
    if (before === null) return
    useEditor.getState().set({ compare: before })
    before = null
  }

  const onDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return
    const target = event.target instanceof page.Element ? event.target : null
    const keys = keysOf(event)
    if (page.document.querySelector(ON_TOP) !== null) return
    if (target?.matches(TEXT_INPUT) === true && keys !== 'Mod+S') return
    // A control reached by keyboard is pressed by Space; one clicked in passing must not steal it from playback.
    const pressing = keys === 'Space' || keys === 'Enter'
    if (pressing && target?.closest(PRESSABLE)?.matches(':focus-visible') === true) return

    if (keys === HOLD_COMPARE) {
      event.preventDefault()
      if (before !== null) return
      before = useEditor.getState().compare
      useEditor.getState().set({ compare: 'source' })
      return
    }
    const action = actionFor(keys)
    if (action === undefined) return
    event.preventDefault()
    runAction(action)
  }

  const onUp = (event: KeyboardEvent): void => {
    if (keysOf(event) === HOLD_COMPARE) release()
  }

  page.addEventListener('keydown', onDown)
  page.addEventListener('keyup', onUp)
  page.addEventListener('blur', release)
  return () => {
    page.removeEventListener('keydown', onDown)
    page.removeEventListener('keyup', onUp)
    page.removeEventListener('blur', release)
  }
}
