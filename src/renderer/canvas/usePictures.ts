import { useEffect, useMemo, useRef, useState } from 'react'
import { bridge } from '../bridge/index.js'
import { currentPair } from '../compare/comparing.js'
import type { Id } from '../../shared/document/model.js'
import { openFrameSource } from '../player/frameSource.js'
import type { Pictures, ShownOverlay, ShownPicture } from '../player/pictures.js'
import { createPictures } from '../player/pictures.js'
import { pictureAt } from '../player/timelineMap.js'
import { wantedPictures } from '../player/wanted.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import { createStackWatch } from '../player/stackWatch.js'
import { createPatience, filmIds, NO_PICTURE, sameStatus, statusOf } from './pictureStatus.js'
import type { PictureStatus } from './pictureStatus.js'

/**
 * Keeps the pictures for the viewer in step with document and playhead, outside of React:
 * a frame costs a redraw of one layer, not a render.
 * @param onSettled told whether what is on screen is exactly the frame under the playhead
 */
export function usePictures(
  redraw: () => void,
  onSettled: (settled: boolean) => void,
): {
  readonly pictures: {
    shown(layer: 'source' | 'take' | 'other'): ShownPicture | null
    overlays(): readonly ShownOverlay[]
  }
  readonly status: PictureStatus
} {
  const held = useRef<Pictures | null>(null)
  const [status, setStatus] = useState(NO_PICTURE)
  const tell = useRef({ redraw, onSettled })
  useEffect(() => {
    tell.current = { redraw, onSettled }
  })

  useEffect(() => {
    const pictures = createPictures((path, fps) => openFrameSource(bridge.mediaUrl(path), fps))
    const patience = createPatience(() => note())
    held.current = pictures
    const note = (): void => {
      tell.current.onSettled(pictures.settled())
      const { doc, preparing } = useProject.getState()
      const { playhead, auditionTakeId } = useEditor.getState()
      const pair = currentPair()
      const ids =
        pair === null
          ? filmIds(doc === null ? null : pictureAt(doc, playhead, auditionTakeId))
          : { source: [pair.left.id], take: [pair.right.id] }
      const next = statusOf(pictures, ids, preparing, patience)
      setStatus((before) => (sameStatus(before, next) ? before : next))
    }
    const stacks = createStackWatch()
    const ask = (): void => {
      const { doc, confirmed, preparing } = useProject.getState()
      const isAwaited = (id: Id): boolean => stacks.isAwaited(id, confirmed, preparing)
      pictures.show(wantedPictures(doc, useEditor.getState(), isAwaited))
      note()
    }
    const stops = [
      pictures.subscribe(() => {
        tell.current.redraw()
        note()
      }),
      useEditor.subscribe(ask),
      useProject.subscribe((state, before) => {
        if (state.preparing !== before.preparing) pictures.retry()
        ask()
      }),
    ]
    ask()
    return () => {
      for (const stop of stops) stop()
      patience.close()
      pictures.close()
      held.current = null
    }
  }, [])

  const pictures = useMemo(
    () => ({
      shown: (layer: 'source' | 'take' | 'other') => held.current?.shown(layer) ?? null,
      overlays: () => held.current?.overlays() ?? [],
    }),
    [],
  )
  return { pictures, status }
}
