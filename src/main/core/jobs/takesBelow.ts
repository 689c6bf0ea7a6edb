import { join } from 'node:path'
import type { UnderTake } from '../../../shared/contract/edit.js'
import { layersBelow } from '../../../shared/document/layers.js'
import type { ProjectDoc, SegmentRec } from '../../../shared/document/model.js'
import { TAKE_FILES } from '../../../shared/projectPaths.js'

/**
 * What a segment works on: everything in use that lies below it, from the lowest to the highest.
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
  return layersBelow(doc, segment)
    .filter(({ from, to }) => from < span.to && to > span.from)
    .map(({ take, from, to }) => ({
      path: join(folder, take.path, TAKE_FILES.video),
      ...{ first: take.from, from, to },
    }))
}
