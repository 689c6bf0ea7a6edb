import type { ProjectDoc } from '../../shared/document/model.js'
import { assetCache, takePreview } from '../../shared/projectPaths.js'
import type { EditorState } from '../state/editor.js'
import type { Wanted } from './pictures.js'
import { pictureAt } from './timelineMap.js'

const NOTHING: Wanted = { source: null, take: null, speed: 0 }

/** The files and frames that the viewer needs now. The source is kept up to date beneath a take, so that comparing shows it at once. */
export function wantedPictures(
  doc: ProjectDoc | null,
  editor: Pick<EditorState, 'playhead' | 'shuttle' | 'compare' | 'auditionTakeId'>,
): Wanted {
  if (doc === null) return NOTHING
  const picture = pictureAt(doc, editor.playhead, editor.auditionTakeId)
  if (picture === null) return NOTHING
  const { asset, take } = picture
  const { fps, width, height } = asset.info
  return {
    source: { path: assetCache(asset.id).proxy, fps, frame: picture.sourceFrame, width, height },
    take:
      take === null || editor.compare === 'source'
        ? null
        : { path: takePreview(take.previewId), fps, frame: take.frame, width, height },
    speed: editor.shuttle,
  }
}
