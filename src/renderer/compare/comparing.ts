import { useMemo } from 'react'
import { useShallow } from 'zustand/react/shallow'
import { recordOf } from '../../shared/document/model.js'
import type { Id } from '../../shared/document/model.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { showNote } from '../state/toasts.js'
import { keepCommands } from './keep.js'
import { pairOf, partnerOf } from './pair.js'
import type { Made, Pair, Side } from './pair.js'

/** The two clips that are on screen in place of the film, at this moment. */
export function currentPair(): Pair | null {
  return pairOf(useProject.getState().doc, useEditor.getState().pair)
}

/** The same for components, without a render for each frame. */
export function usePair(): Pair | null {
  const doc = useProject((state) => state.doc)
  const chosen = useEditor(
    useShallow(({ pair }) => (pair === null ? null : { left: pair.left, right: pair.right })),
  )
  return useMemo(() => pairOf(doc, chosen === null ? null : { ...chosen, frame: 0 }), [doc, chosen])
}

/**
 * Shows a clip that was made beside another. While two are compared already it takes the right
 * side; one of these two is taken away again.
 */
export function compareMade(id: Id): void {
  const { doc } = useProject.getState()
  const { pair, selectedClipId } = useEditor.getState()
  if (doc === null) return
  if (pair !== null) {
    if (pair.left === id || pair.right === id) endPair()
    else setSide('right', id)
    return
  }
  const other = partnerOf(doc, id, recordOf(doc, 'clip', selectedClipId)?.assetId)
  if (other === undefined) return
  const { compare, set } = useEditor.getState()
  set({
    ...{ pair: { left: id, right: other.id, frame: 0 }, shuttle: 0, tool: 'select' },
    compare: compare === 'wipe' ? 'wipe' : 'side',
  })
}

/** Puts another clip on one side; the one that is on the other side already changes places with it. */
export function setSide(side: Side, id: Id): void {
  const { pair, set } = useEditor.getState()
  if (pair === null) return
  const other = side === 'left' ? 'right' : 'left'
  const swap = pair[other] === id ? { [other]: pair[side] } : {}
  set({ pair: { ...pair, [side]: id, ...swap } })
}

/** Back to the film. */
export function endPair(): void {
  const { pair, set } = useEditor.getState()
  if (pair !== null) set({ pair: null, shuttle: 0, compare: 'off' })
}

/** Keeps the clip of one side in film and project, and lets go of the other. */
export async function keepSide(pair: Pair, side: Side): Promise<void> {
  const { doc, dispatch } = useProject.getState()
  const kept = pair[side]
  const other = pair[side === 'left' ? 'right' : 'left']
  if (doc === null) return
  const { commands, clipId } = keepCommands(doc, kept, other)
  if (!(await dispatch(commands))) return
  showClip(clipId)
  showNote('kept', { seed: kept.made.seed, other: other.made.seed })
}

/** Takes a clip in hand and goes to its beginning, in the film. */
export function showClip(clipId: Id): void {
  const { doc } = useProject.getState()
  const clip = doc === null ? undefined : recordOf(doc, 'clip', clipId)
  if (clip === undefined) return
  endPair()
  useEditor.getState().set({
    ...{ selectedClipId: clip.id, selectedSegmentId: null, selectedMaskId: null },
    ...{ shuttle: 0, playhead: clip.start },
  })
}

/** Clips are told apart by their words, and by their seeds where the words are the same. */
export function nameOf(asset: Made): string {
  return asset.made.prompt === '' ? asset.name : asset.made.prompt
}

/**
 * Ends the comparison when one of the two clips is gone, and when something of the film is taken
 * in hand: what is worked on has to be on screen.
 */
export function followPair(): () => void {
  const stops = [
    useProject.subscribe(() => {
      if (useEditor.getState().pair !== null && currentPair() === null) endPair()
    }),
    useEditor.subscribe((now, before) => {
      if (now.pair === null || before.pair === null) return
      const isFilm =
        now.playhead !== before.playhead ||
        now.selectedClipId !== before.selectedClipId ||
        now.selectedSegmentId !== before.selectedSegmentId ||
        now.selectedMaskId !== before.selectedMaskId ||
        now.auditionTakeId !== before.auditionTakeId ||
        (now.tool !== before.tool && now.tool !== 'select' && now.tool !== 'hand')
      if (isFilm) endPair()
    }),
  ]
  return () => stops.forEach((stop) => stop())
}
