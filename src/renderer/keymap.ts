import type { ParseKeys } from 'i18next'
import type { ActionName } from './state/actions.js'

export const KEY_GROUPS = ['everywhere', 'playback', 'viewer'] as const
export type KeyGroup = (typeof KEY_GROUPS)[number]

interface Binding {
  /** As {@link keysOf} spells them; `Mod` is Ctrl, or Command on a Mac. */
  readonly keys: string
  readonly action: ActionName
}

/** One line of the shortcut list: what it does and the keys that do it. */
export interface Shortcut {
  readonly group: KeyGroup
  readonly label: ParseKeys
  readonly bindings: readonly Binding[]
  /** Shown where the keys are not bindings: one that is held, or that a panel takes itself. */
  readonly display?: readonly string[]
}

const line = (
  group: KeyGroup,
  label: ParseKeys,
  ...bindings: readonly (readonly [string, ActionName])[]
): Shortcut => ({
  group,
  label,
  bindings: bindings.map(([keys, action]) => ({ keys, action })),
})

/** Held, not pressed: see keyboard.ts. */
export const HOLD_COMPARE = '\\'

/**
 * Every key of the app, in the order of the shortcut list. J, K, L, I and O belong to the
 * transport in every panel, so the lasso is on Shift+L; Q and W trim, so the wipe is on Shift+W.
 */
export const SHORTCUTS: readonly Shortcut[] = [
  line('everywhere', 'shortcuts.undo', ['Mod+Z', 'undo']),
  line('everywhere', 'shortcuts.redo', ['Mod+Shift+Z', 'redo'], ['Mod+Y', 'redo']),
  line('everywhere', 'shortcuts.save', ['Mod+S', 'save']),
  line('everywhere', 'shortcuts.import', ['Mod+I', 'import']),
  line('everywhere', 'shortcuts.export', ['Mod+E', 'export']),
  line('everywhere', 'shortcuts.run', ['Mod+Enter', 'run']),
  line('everywhere', 'shortcuts.cancel', ['Escape', 'cancel']),
  line('everywhere', 'shortcuts.panels', ['F6', 'nextPanel'], ['Shift+F6', 'previousPanel']),
  line('everywhere', 'shortcuts.list', ['?', 'shortcuts']),

  line('playback', 'shortcuts.play', ['Space', 'play']),
  line('playback', 'shortcuts.shuttleBack', ['J', 'shuttleBack']),
  line('playback', 'shortcuts.shuttleStop', ['K', 'shuttleStop']),
  line('playback', 'shortcuts.shuttleForward', ['L', 'shuttleForward']),
  line('playback', 'shortcuts.mute', ['Shift+M', 'mute']),
  // Signs, since menus, lists and sliders take the arrows.
  line('playback', 'shortcuts.volume', [',', 'volumeDown'], ['.', 'volumeUp']),
  line('playback', 'shortcuts.in', ['I', 'markIn']),
  line('playback', 'shortcuts.out', ['O', 'markOut']),
  line('playback', 'shortcuts.clearRange', ['Shift+X', 'clearRange']),
  line('playback', 'shortcuts.frame', ['ArrowLeft', 'frameBack'], ['ArrowRight', 'frameForward']),
  line(
    'playback',
    'shortcuts.second',
    ['Shift+ArrowLeft', 'secondBack'],
    ['Shift+ArrowRight', 'secondForward'],
  ),
  line('playback', 'shortcuts.ends', ['Home', 'goToStart'], ['End', 'goToEnd']),
  line('playback', 'shortcuts.edits', ['ArrowUp', 'previousEdit'], ['ArrowDown', 'nextEdit']),
  line('playback', 'shortcuts.split', ['Mod+K', 'split']),
  line('playback', 'shortcuts.trimStart', ['Q', 'trimStart']),
  line('playback', 'shortcuts.trimEnd', ['W', 'trimEnd']),
  line('playback', 'shortcuts.track2', ['Alt+ArrowUp', 'trackUp'], ['Alt+ArrowDown', 'trackDown']),
  line('playback', 'shortcuts.marker', ['M', 'marker']),
  line('playback', 'shortcuts.snapping', ['S', 'snapping']),
  // The timeline takes these itself while it has the focus.
  { group: 'playback', label: 'shortcuts.zoom', bindings: [], display: ['=', '-'] },
  { group: 'playback', label: 'timeline.fit', bindings: [], display: ['0'] },
  line('playback', 'shortcuts.deleteSelection', ['Delete', 'deleteSelection']),
  line('playback', 'shortcuts.rippleDelete', ['Shift+Delete', 'rippleDelete']),

  line('viewer', 'shortcuts.select', ['V', 'select']),
  line('viewer', 'shortcuts.hand', ['H', 'hand']),
  line('viewer', 'shortcuts.brush', ['B', 'brush']),
  line('viewer', 'shortcuts.eraser', ['E', 'eraser']),
  line('viewer', 'shortcuts.rectangle', ['U', 'rectangle']),
  line('viewer', 'shortcuts.ellipse', ['Shift+U', 'ellipse']),
  line('viewer', 'shortcuts.lasso', ['Shift+L', 'lasso']),
  line('viewer', 'shortcuts.size', ['[', 'brushSmaller'], [']', 'brushLarger']),
  line('viewer', 'shortcuts.invert', ['X', 'invert']),
  line('viewer', 'shortcuts.track', ['T', 'trackForward'], ['Shift+T', 'trackBoth']),
  line('viewer', 'shortcuts.doubtful', ['N', 'nextDoubtful'], ['Shift+N', 'previousDoubtful']),
  line('viewer', 'shortcuts.leftovers', ['Shift+S', 'addLeftovers']),
  line('viewer', 'shortcuts.apply', ['Enter', 'apply']),
  { group: 'viewer', label: 'shortcuts.holdCompare', bindings: [], display: [HOLD_COMPARE] },
  line('viewer', 'shortcuts.wipe', ['Shift+W', 'wipe']),
  line('viewer', 'shortcuts.side', ['Alt+W', 'side']),
]

const ACTION_OF: ReadonlyMap<string, ActionName> = new Map(
  SHORTCUTS.flatMap(({ bindings }) => bindings.map(({ keys, action }) => [keys, action] as const)),
)

export function actionFor(keys: string): ActionName | undefined {
  return ACTION_OF.get(keys)
}

/** The keys of an action, for its tooltip. */
export function keysFor(action: ActionName): string | undefined {
  for (const { bindings } of SHORTCUTS) {
    const found = bindings.find((binding) => binding.action === action)
    if (found) return found.keys
  }
  return undefined
}

export type KeyPress = Pick<
  KeyboardEvent,
  'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'
>

/**
 * A key press as the key map spells it. Letters go by what is printed on the key; on a
 * keyboard without Latin letters by the key's place. Signs such as `?` or `[` ignore Shift
 * and AltGr, which other layouts need to type them.
 */
export function keysOf(press: KeyPress): string {
  const { key, code } = press
  const typed = key === ' ' ? 'Space' : key
  const placed = /^Key([A-Z])$/.exec(code)?.[1]
  const altGr = press.ctrlKey && press.altKey
  if (typed.length === 1 && !/[a-z]/i.test(typed) && placed === undefined) {
    const mod = (press.ctrlKey || press.metaKey) && !altGr
    return mod ? `Mod+${typed}` : typed
  }
  const isLatin = /^[a-z]$/i.test(typed)
  const base = isLatin ? typed.toUpperCase() : typed.length === 1 ? (placed ?? typed) : typed
  const name = base === 'Backspace' ? 'Delete' : base
  return [
    press.ctrlKey || press.metaKey ? 'Mod+' : '',
    press.altKey ? 'Alt+' : '',
    press.shiftKey ? 'Shift+' : '',
    name,
  ].join('')
}
