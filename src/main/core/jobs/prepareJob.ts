import { recordOf } from '../../../shared/document/model.js'
import type { AssetRec, ProjectDoc, TakeRec } from '../../../shared/document/model.js'
import { AppError } from '../../../shared/contract/errors.js'
import { prepareAsset, preparePreview } from '../media/prepare.js'
import type { JobHandler } from './queue.js'
import { completeForecast, megapixelFrames } from './resources.js'
import type { JobResources } from './resources.js'

export function prepareJob(resources: JobResources): JobHandler<'prepare'> {
  const { session } = resources
  return {
    lane: 'media',
    plan: [
      { phase: 'proxy', weight: 8 },
      { phase: 'thumbnails', weight: 1 },
      { phase: 'waveform', weight: 0.5 },
      { phase: 'preview', weight: 8 },
    ],

    async forecast({ recordId }) {
      const target = find(session.doc, recordId)
      const frames =
        target === null
          ? 0
          : target.take === null
            ? target.asset.info.frames
            : target.take.to - target.take.from
      return completeForecast(resources, {
        kind: 'prepare',
        work: target === null ? 0 : megapixelFrames(target.asset.info, frames),
        memoryBytes: 200e6,
        diskBytes: target?.asset.bytes ?? 0,
        problems: target === null ? [gone().toData()] : [],
      })
    },

    async run({ input, signal, report }) {
      const target = find(session.doc, input.recordId)
      if (target === null) throw gone()
      const common = {
        tools: await resources.tools(),
        projectFolder: session.folder,
        asset: target.asset,
        onProgress: report,
        signal,
      }
      if (target.take === null) await prepareAsset(common)
      else await preparePreview({ ...common, take: target.take })
      return {}
    },
  }
}

function gone(): AppError {
  return new AppError('not-found', 'This clip or take is no longer in the project.')
}

/** The asset of a record that has a cache, and the take when the record is one. */
function find(doc: ProjectDoc, id: string): { asset: AssetRec; take: TakeRec | null } | null {
  const asset = recordOf(doc, 'asset', id)
  if (asset !== undefined) return { asset, take: null }
  const take = recordOf(doc, 'take', id)
  const source = take === undefined ? null : assetOfSegment(doc, take.segmentId)
  return take === undefined || source === null ? null : { asset: source, take }
}

/** The source of a segment: its clip's asset. */
export function assetOfSegment(doc: ProjectDoc, segmentId: string): AssetRec | null {
  const segment = recordOf(doc, 'segment', segmentId)
  const clip = recordOf(doc, 'clip', segment?.clipId)
  return recordOf(doc, 'asset', clip?.assetId) ?? null
}
