import type { Diff } from '../../shared/document/diff.js'
import { stacksOf } from '../../shared/document/layers.js'
import { recordsOf } from '../../shared/document/model.js'
import type { ProjectDoc, Rec } from '../../shared/document/model.js'
import { assetCache, previewIdOf, takePreview } from '../../shared/projectPaths.js'
import type { JobQueue } from './jobs/queue.js'

/** A file of the cache with the id under which a prepare job makes it. */
export interface Preview {
  readonly id: string
  readonly file: string
}

/** The previews of media and takes. */
export function previewsOf(records: readonly Rec[]): Preview[] {
  return records.flatMap((record) => {
    const { id } = record
    if (record.type === 'asset') return [{ id, file: assetCache(id).proxy }]
    return record.type === 'take' ? [{ id, file: takePreview(previewIdOf(record)) }] : []
  })
}

/** The previews of takes that lie on each other. */
export function stackPreviews(doc: ProjectDoc): Preview[] {
  return recordsOf(doc, 'clip')
    .flatMap((clip) => stacksOf(doc, clip.id))
    .map(({ id }) => ({ id, file: takePreview(id) }))
}

/** Also where something goes: what lay on both sides of it now lies on each other. */
export function touchesLayers({ added, updated, removed }: Diff): boolean {
  const now = Object.values(updated).map(([, to]) => to)
  const changed = [...Object.values(added), ...now, ...Object.values(removed)]
  return changed.some(({ type }) => type === 'segment' || type === 'take')
}

/** Ids of what a job makes a preview of, now or in its turn. */
export function beingPrepared(jobs: JobQueue): readonly string[] {
  return jobs
    .list()
    .filter(
      (job) => job.kind === 'prepare' && (job.status === 'queued' || job.status === 'running'),
    )
    .map((job) => (job.input as { recordId: string }).recordId)
}
