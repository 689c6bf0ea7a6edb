import { recordOf } from '../../shared/document/model.js'
import type { Id, ProjectDoc } from '../../shared/document/model.js'
import { lookOf } from '../../shared/document/overlays.js'
import { assetCache, previewIdOf, takePreview } from '../../shared/projectPaths.js'
import { pairOf, pairPicture } from '../compare/pair.js'
import type { EditorState } from '../state/editor.js'
import type { Wanted, WantedPicture } from './pictures.js'
import { overlaysAt, pictureAt } from './timelineMap.js'
import type { Picture } from './timelineMap.js'

const NOTHING: Wanted = { source: null, take: null, other: null, overlays: [], speed: 0 }

/** The files and frames that the viewer needs now. What is awaited is not asked for: it is not there yet. The source is kept up to date beneath a take, so that comparing shows it at once. */
export function wantedPictures(
  doc: ProjectDoc | null,
  editor: Pick<
    EditorState,
    'playhead' | 'shuttle' | 'compare' | 'against' | 'auditionTakeId' | 'pair'
  >,
  isAwaited: (previewId: Id) => boolean = () => false,
): Wanted {
  if (doc === null) return NOTHING
  const pair = pairOf(doc, editor.pair)
  if (pair !== null && editor.pair !== null) {
    const { frame } = editor.pair
    return {
      ...NOTHING,
      source: pairPicture(pair, 'left', frame),
      take: editor.compare === 'source' ? null : pairPicture(pair, 'right', frame),
      speed: editor.shuttle,
    }
  }
  const picture = pictureAt(doc, editor.playhead, editor.auditionTakeId)
  if (picture === null) return NOTHING
  return {
    source: wantedSource(picture),
    take: editor.compare === 'source' ? null : wantedTake(picture, isAwaited),
    other:
      editor.compare === 'wipe' || editor.compare === 'side'
        ? wantedOther(doc, picture, editor.against)
        : null,
    overlays: overlaysAt(doc, editor.playhead, editor.auditionTakeId).map((overlay) => ({
      ...(wantedTake(overlay, isAwaited) ?? wantedSource(overlay)),
      look: lookOf(overlay.clip),
    })),
    speed: editor.shuttle,
  }
}

function wantedSource({ asset, sourceFrame }: Picture): WantedPicture {
  const { fps, width, height } = asset.info
  return { path: assetCache(asset.id).proxy, fps, frame: sourceFrame, width, height }
}

/** The take on the other side, where it has this frame. */
function wantedOther(doc: ProjectDoc, picture: Picture, takeId: Id | null): WantedPicture | null {
  const take = recordOf(doc, 'take', takeId)
  const clipId = recordOf(doc, 'segment', take?.segmentId)?.clipId
  const { sourceFrame, clip, asset } = picture
  if (take === undefined || clipId !== clip.id) return null
  if (sourceFrame < take.from || sourceFrame >= take.to) return null
  const { fps, width, height } = asset.info
  const path = takePreview(previewIdOf(take))
  return { path, fps, width, height, frame: sourceFrame - take.from }
}

/** What the take lies on is put together after it is accepted: until then, the take alone. */
function wantedTake(
  { asset, take, sourceFrame }: Picture,
  isAwaited: (previewId: Id) => boolean,
): WantedPicture | null {
  if (take === null) return null
  const { fps, width, height } = asset.info
  const size = { fps, width, height }
  const wanted = { ...size, path: takePreview(take.previewId), frame: take.frame }
  const alone = previewIdOf(take.record)
  if (alone === take.previewId) return wanted
  const instead = { ...size, path: takePreview(alone), frame: sourceFrame - take.record.from }
  return isAwaited(take.previewId) ? instead : { ...wanted, instead }
}
