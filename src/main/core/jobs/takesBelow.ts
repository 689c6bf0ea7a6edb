import { join } from 'node:path'
import type { UnderTake } from '../../../shared/contract/edit.js'
import { acceptedLayers } from '../../../shared/document/layers.js'
import { recordsOf } from '../../../shared/document/model.js'
import type { ProjectDoc, SegmentRec } from '../../../shared/document/model.js'
import { TAKE_FILES } from '../../../shared/projectPaths.js'

/**
 * What a segment works on: everything in use on its clip that was there before its own first take.
 *
 * @param folder the project's, absolute
 * @param span source frames `[from, to)` that it looks at
 */
export function takesBelow(
  doc: ProjectDoc,
  segment: SegmentRec,
  folder: string,
  span: { readonly from: number; readonly to: number } = segment,
): UnderTake[] {
  const own = recordsOf(doc, 'take')
    .filter((take) => take.segmentId === segment.id)
    .map((take) => take.createdAt)
    .sort()
  const [first] = own
  return acceptedLayers(doc, segment.clipId)
    .filter(({ segment: { id }, take, from, to }) => {
      const earlier = first === undefined || take.createdAt < first
      return id !== segment.id && earlier && from < span.to && to > span.from
    })
    .map(({ take, from, to }) => ({
      path: join(folder, take.path, TAKE_FILES.video),
      ...{ first: take.from, from, to },
    }))
}
