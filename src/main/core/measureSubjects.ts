import type { SubjectsTaskResult } from '../../shared/contract/edit.js'
import { AppError } from '../../shared/contract/errors.js'
import { recordOf } from '../../shared/document/model.js'
import type { ProjectDoc } from '../../shared/document/model.js'
import type { FfmpegTools } from '../ffmpeg/tools.js'
import type { EngineHost } from './engineHost/engineHost.js'
import { assetOfSegment } from './jobs/prepareJob.js'
import { takesBelow } from './jobs/takesBelow.js'
import { resolveInside } from './project/folder.js'

/**
 * Measures what the recolours of an edit paint over, from the same frames and by the same rules as
 * the edit's job: so the preview shows the colours that the take will have.
 *
 * @throws AppError `not-found`, `mask-invalid`, and whatever reading throws
 */
export async function measureSubjects(
  segmentId: string,
  { folder, doc }: { readonly folder: string; readonly doc: ProjectDoc },
  { tools, engine }: { readonly tools: FfmpegTools; readonly engine: EngineHost },
): Promise<SubjectsTaskResult> {
  const segment = recordOf(doc, 'segment', segmentId)
  const asset = assetOfSegment(doc, segmentId)
  if (segment?.verb !== 'edit' || asset === null) {
    throw new AppError('not-found', 'This edit is no longer in the project.', {
      hint: 'Undo the deletion, or start a new edit.',
    })
  }
  const mask = recordOf(doc, 'mask', segment.maskId) ?? null
  return engine.run('subjects', {
    source: { path: await resolveInside(folder, asset.path), info: asset.info },
    range: { from: segment.from, to: segment.to },
    mask: mask === null ? null : { kind: 'keyframes', mask, root: folder },
    params: { operations: segment.params.operations },
    under: takesBelow(doc, segment, folder),
    ffmpegPath: tools.ffmpeg,
  })
}
