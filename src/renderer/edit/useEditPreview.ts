import { useEffect, useMemo, useRef } from 'react'
import { recordOf } from '../../shared/document/model.js'
import type { EditSegmentRec } from '../../shared/document/model.js'
import type { EditParams } from '../../shared/edit/operations.js'
import type { Drawable } from '../canvas/draw.js'
import type { ShownPicture } from '../player/pictures.js'
import { pictureAt } from '../player/timelineMap.js'
import { useEditor } from '../state/editor.js'
import { useProject } from '../state/project.js'
import type { EditPreview, PreviewWanted } from './createPreview.js'
import { createEditPreview } from './createPreview.js'
import { placedOperations } from './operations.js'
import { subjectsOf, useSubjects, watchSubjects } from './subjects.js'

interface Shown {
  shown(layer: 'source' | 'take'): ShownPicture | null
}

/**
 * The picture under the playhead with the edit in hand applied, before any take is made.
 *
 * @param pictures what is on screen without it
 * @param told milliseconds that the newest preview took
 */
export function useEditPreview(
  pictures: Shown,
  redraw: () => void,
  told: (milliseconds: number | null) => void,
): { readonly shown: () => Drawable | null; readonly ask: () => void } {
  const held = useRef<EditPreview | null>(null)
  const tell = useRef({ redraw, told })
  useEffect(() => {
    tell.current = { redraw, told }
  })
  const preview = useMemo(
    () => ({
      shown: () => held.current?.shown() ?? null,
      ask: () => held.current?.show(wantedPreview(pictures)),
    }),
    [pictures],
  )
  useEffect(() => {
    const made = createEditPreview()
    held.current = made
    const stops = [
      made.subscribe(() => {
        tell.current.told(made.shown() === null ? null : made.took())
        tell.current.redraw()
      }),
      useEditor.subscribe(preview.ask),
      useProject.subscribe(preview.ask),
      useSubjects.subscribe(preview.ask),
      watchSubjects(),
    ]
    preview.ask()
    return () => {
      for (const stop of stops) stop()
      made.close()
      held.current = null
    }
  }, [preview])
  return preview
}

/** Kept as one object as long as nothing changes, so that nothing is drawn anew. */
let shownLatest: { readonly of: EditSegmentRec; readonly params: EditParams } | null = null
function shownParams(segment: EditSegmentRec): EditParams {
  if (shownLatest?.of !== segment) {
    const operations = placedOperations(segment.params, segment.maskId !== null)
    const all = operations === segment.params.operations
    shownLatest = { of: segment, params: all ? segment.params : { ...segment.params, operations } }
  }
  return shownLatest.params
}

function wantedPreview(pictures: Shown): PreviewWanted | null {
  const { doc } = useProject.getState()
  const { playhead, previewEditId, auditionTakeId, compare, shuttle, pair } = useEditor.getState()
  if (pair !== null) return null
  const segment = doc && recordOf(doc, 'segment', previewEditId)
  const at = doc && pictureAt(doc, playhead, auditionTakeId)
  if (!doc || !at || segment?.verb !== 'edit' || auditionTakeId !== null) return null
  if (segment.clipId !== at.clip.id || compare === 'source' || shuttle !== 0) return null
  if (at.sourceFrame < segment.from || at.sourceFrame >= segment.to) return null
  // On top of what else is in use, but never on top of an older take of itself.
  const own = at.take === null || at.take.record.segmentId === segment.id
  const below = own ? pictures.shown('source') : pictures.shown('take')
  if (below === null) return null
  const { width, height } = at.asset.info
  return {
    params: shownParams(segment),
    subjects: subjectsOf(segment),
    mask: recordOf(doc, 'mask', segment.maskId) ?? null,
    frame: at.sourceFrame,
    picture: below.picture,
    source: { width, height },
  }
}
