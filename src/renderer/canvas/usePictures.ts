import { useEffect, useMemo, useRef, useState } from 'react'
import type { ErrorData } from '../../shared/contract/errors.js'
import { previewIdOf } from '../../shared/projectPaths.js'
import { bridge } from '../bridge/index.js'
import { openFrameSource } from '../player/frameSource.js'
import type { Pictures, ShownPicture } from '../player/pictures.js'
import { createPictures } from '../player/pictures.js'
import { pictureAt } from '../player/timelineMap.js'
import { wantedPictures } from '../player/wanted.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'

export interface PictureStatus {
  readonly hasTake: boolean
  readonly problem: ErrorData | null
  /** The clip's preview is still being made. */
  readonly preparing: boolean
}

const NONE: PictureStatus = { hasTake: false, problem: null, preparing: false }

function statusOf(pictures: Pictures): PictureStatus {
  const { doc, preparing } = useProject.getState()
  const { playhead, auditionTakeId } = useEditor.getState()
  const picture = doc === null ? null : pictureAt(doc, playhead, auditionTakeId)
  const problem = pictures.problem('source') ?? pictures.problem('take')
  const take = picture?.take ?? null
  // Takes that have just come to lie on each other get their preview in a moment.
  const isStack = take !== null && take.previewId !== previewIdOf(take.record)
  const isPreparing =
    picture !== null &&
    problem !== null &&
    (isStack ||
      preparing.includes(picture.asset.id) ||
      (take !== null && preparing.includes(take.record.id)))
  return {
    hasTake: pictures.shown('take') !== null,
    problem: isPreparing ? null : problem,
    preparing: isPreparing,
  }
}

function sameStatus(a: PictureStatus, b: PictureStatus): boolean {
  return a.hasTake === b.hasTake && a.problem === b.problem && a.preparing === b.preparing
}

/**
 * Keeps the pictures for the viewer in step with document and playhead, outside of React:
 * a frame costs a redraw of one layer, not a render.
 * @param onSettled told whether what is on screen is exactly the frame under the playhead
 */
export function usePictures(
  redraw: () => void,
  onSettled: (settled: boolean) => void,
): {
  readonly pictures: { shown(layer: 'source' | 'take'): ShownPicture | null }
  readonly status: PictureStatus
} {
  const held = useRef<Pictures | null>(null)
  const [status, setStatus] = useState(NONE)
  const tell = useRef({ redraw, onSettled })
  useEffect(() => {
    tell.current = { redraw, onSettled }
  })

  useEffect(() => {
    const pictures = createPictures((path, fps) => openFrameSource(bridge.mediaUrl(path), fps))
    held.current = pictures
    const note = (): void => {
      tell.current.onSettled(pictures.settled())
      const next = statusOf(pictures)
      setStatus((before) => (sameStatus(before, next) ? before : next))
    }
    const ask = (): void => {
      pictures.show(wantedPictures(useProject.getState().doc, useEditor.getState()))
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
      pictures.close()
      held.current = null
    }
  }, [])

  const pictures = useMemo(
    () => ({ shown: (layer: 'source' | 'take') => held.current?.shown(layer) ?? null }),
    [],
  )
  return { pictures, status }
}
