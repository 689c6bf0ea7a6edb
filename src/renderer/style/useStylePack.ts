import { useEffect } from 'react'
import type { PackFacts } from '../../shared/contract/pack.js'
import { refreshPacks, usePacks } from '../state/packs.js'

/** The pack that would paint: null without one, `asking` until core has answered. */
export function useStylePack(): PackFacts | 'asking' | null {
  const list = usePacks((state) => state.list)
  // One may have been installed since.
  useEffect(() => void refreshPacks(), [])
  if (list === null) return 'asking'
  const able = list.styles.filter(({ capabilities }) => capabilities.includes('stylize'))
  return able.find(({ trained }) => trained) ?? able[0] ?? null
}
