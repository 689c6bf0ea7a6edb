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

  /**
   * The control that the pointer pressed last, while it keeps the focus. `:focus-visible` alone does
   * not tell: any other key, such as an arrow, makes it true of a clicked button as well.
   */
  let clicked: Element | null = null
  const onPointer = (event: Event): void => {
    clicked = event.target instanceof page.Element ? event.target.closest(PRESSABLE) : null
  }
  const onFocus = (event: Event): void => {
    if (!(event.target instanceof page.Node) || clicked?.contains(event.target) !== true) {
      clicked = null
    }
  }

  const onDown = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return
    const target = event.target instanceof page.Element ? event.target : null
    const keys = keysOf(event)
    if (page.document.querySelector(ON_TOP) !== null) return
    if (target?.matches(TEXT_INPUT) === true && keys !== 'Mod+S') return
    // A control reached by keyboard is pressed by Space; one clicked in passing must not steal it from playback.
    const pressing = keys === 'Space' || keys === 'Enter'
    const control = target?.closest(PRESSABLE) ?? null
    if (pressing && control !== clicked && control?.matches(':focus-visible') === true) return

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

  page.addEventListener('pointerdown', onPointer, true)
  page.addEventListener('focusin', onFocus)
  page.addEventListener('keydown', onDown)
  page.addEventListener('keyup', onUp)
  page.addEventListener('blur', release)
  return () => {
    page.removeEventListener('pointerdown', onPointer, true)
    page.removeEventListener('focusin', onFocus)
    page.removeEventListener('keydown', onDown)
    page.removeEventListener('keyup', onUp)
    page.removeEventListener('blur', release)
  }
}
