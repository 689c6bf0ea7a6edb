import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { openTakeWriter } from '../../src/main/ffmpeg/frameWriter.js'
import type { AssetRec, ProjectDoc, Rec, TakeRec } from '../../src/shared/document/model.js'
import { TAKE_FILES } from '../../src/shared/projectPaths.js'
import type { Rational } from '../../src/shared/rational.js'
import { tools } from './mediaClips.js'

/** A clip on the timeline of {@link timeline}: from timeline frame `start`, `length` frames long. */
export interface Placed {
  readonly asset: AssetRec
  readonly start: number
  readonly length: number
  readonly in?: number
  readonly take?: TakeRec
  /** More accepted takes of the same clip. */
  readonly above?: readonly TakeRec[]
}

/** A document with these clips on one video and one audio track, the takes accepted. */
export function timeline(
  format: { readonly fps: Rational; readonly width: number; readonly height: number },
  clips: readonly Placed[],
): ProjectDoc {
  const records: Rec[] = [
    { id: 'track_v', type: 'track', kind: 'video', name: 'V1', order: 0, muted: false },
    { id: 'track_a', type: 'track', kind: 'audio', name: 'A1', order: 0, muted: false },
  ]
  clips.forEach(({ asset, start, length, take, above = [], ...rest }, n) => {
    const clip = { type: 'clip', assetId: asset.id, start, length, in: rest.in ?? 0 } as const
    records.push(asset, { ...clip, id: `clip_v${n}`, trackId: 'track_v' })
    if (asset.info.audio !== null) records.push({ ...clip, id: `clip_a${n}`, trackId: 'track_a' })
    for (const accepted of take === undefined ? [] : [take, ...above]) {
      const range = { from: accepted.from, to: accepted.to }
      const params = { dilate: null, feather: 2, seed: 1 }
      records.push(accepted, {
        ...{ id: accepted.segmentId, type: 'segment', clipId: `clip_v${n}`, verb: 'remove' },
        ...{ ...range, maskId: 'mask_none', params, acceptedTakeId: accepted.id },
      })
    }
  })
  return {
    meta: { id: 'project_test', name: 'Test', createdAt: '2025-01-01T00:00:00.000Z', ...format },
    records: Object.fromEntries(records.map((record) => [record.id, record])),
  }
}

/** Writes a take whose frames `paint` fills: RGBA, alpha 0 where the source shows. */
export async function writeTake(
  projectFolder: string,
  asset: AssetRec,
  range: { readonly from: number; readonly to: number },
  paint: (x: number, y: number, n: number) => readonly [number, number, number, number],
  number = 1,
): Promise<TakeRec> {
  const { width, height, fps } = asset.info
  const [id, segmentId] = [`take_${number}`, `segment_${number}`]
  const path = `takes/${segmentId}/${id}`
  await mkdir(join(projectFolder, path), { recursive: true })
  const file = join(projectFolder, path, TAKE_FILES.video)
  const writer = openTakeWriter(tools.ffmpeg, file, { width, height, fps })
  for (let n = 0; n < range.to - range.from; n++) {
    const frame = new Uint8Array(width * height * 4)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) frame.set(paint(x, y, n), (y * width + x) * 4)
    }
    await writer.write(frame)
  }
  await writer.finish()
  return {
    ...{ id, type: 'take', segmentId, path, name: `Take ${number}` },
    ...{ createdAt: `2025-01-01T00:00:0${number}.000Z`, confidence: 1, seconds: 1, ...range },
  }
}
