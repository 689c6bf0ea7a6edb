import { recordsOf } from '../../shared/document/model.js'
import type { AssetRec, ProjectDoc } from '../../shared/document/model.js'

/** Media by name: records have no order that outlasts closing and opening the project. */
export function mediaOf(doc: ProjectDoc): AssetRec[] {
  return recordsOf(doc, 'asset').sort(
    (a, b) =>
      a.name.localeCompare(b.name, undefined, { numeric: true }) || a.id.localeCompare(b.id),
  )
}
