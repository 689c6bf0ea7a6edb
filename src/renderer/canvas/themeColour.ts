import { useMemo } from 'react'
import { useEditor } from '../state/editor.js'

/**
 * Colours of the theme for what is drawn on a canvas: reads the CSS custom properties by
 * name, again whenever the theme changes.
 */
export function useThemeColours<const Name extends string>(
  names: readonly Name[],
): Readonly<Record<Name, string>> {
  const theme = useEditor((state) => state.theme)
  return useMemo(() => readColours(names), [names, theme])
}

function readColours<Name extends string>(names: readonly Name[]): Readonly<Record<Name, string>> {
  const style = getComputedStyle(document.documentElement)
  const colours = {} as Record<Name, string>
  for (const name of names) colours[name] = style.getPropertyValue(`--${name}`).trim() || '#888'
  return colours
}
