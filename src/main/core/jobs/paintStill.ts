import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { UnderTake } from '../../../shared/contract/edit.js'
import type { EngineProgress } from '../../../shared/contract/engine.js'
import { AppError } from '../../../shared/contract/errors.js'
import type { PackIdentity } from '../../../shared/contract/pack.js'
import type { AssetRec } from '../../../shared/document/model.js'
import { DEFAULT_STYLISE } from '../../../shared/style.js'
import type { StillStyle } from '../../../shared/style.js'
import { probe } from '../../ffmpeg/probe.js'
import { listParts } from '../../ffmpeg/takeParts.js'
import { verifyPack } from '../packs/readPack.js'
import { resolveInside } from '../project/folder.js'
import type { JobResources } from './resources.js'

/** A still in the style of a picture, as a take of one frame, with what made it. */
export interface PaintedStill {
  readonly take: UnderTake
  readonly pack: PackIdentity
  /** SHA-256 of the style picture. */
  readonly reference: string
}

/**
 * Paints one frame of a still before something else is done with it.
 *
 * @param still.under takes in use on it, from the lowest to the highest
 * @param still.folder where the take goes; the caller removes it
 * @throws AppError `pack-missing`, `pack-failed`, `edit-empty`, `cancelled`, and what reading throws
 */
export async function paintStill(
  { session, packs, tools: findTools, engine, digest }: JobResources,
  style: StillStyle,
  still: {
    readonly asset: AssetRec
    readonly frame: number
    readonly under: readonly UnderTake[]
    readonly folder: string
  },
  options: {
    readonly signal: AbortSignal
    readonly onProgress: (progress: EngineProgress) => void
  },
): Promise<PaintedStill> {
  const { asset, frame, under, folder } = still
  const range = { from: frame, to: frame + 1 }
  const tools = await findTools()
  const pack = await packs.findStyle({ capability: 'stylize' })
  await verifyPack(pack, { signal: options.signal })
  const reference = await resolveInside(session.folder, style.style.path)
  await mkdir(folder, { recursive: true })
  const result = await engine.run(
    'stylise',
    {
      source: { path: await resolveInside(session.folder, asset.path), info: asset.info },
      params: { ...DEFAULT_STYLISE, ...style, smoothing: 0 },
      pack: await packs.source(pack),
      reference: { path: reference, info: await probe(tools, reference) },
      ...{ range, mask: null, under, painted: [] },
      ...{ outputFolder: folder, ffmpegPath: tools.ffmpeg },
    },
    options,
  )
  await packs.learn(pack, result.refused)
  const [part] = await listParts(folder)
  if (part === undefined) throw new AppError('internal', 'The painted still is not there.')
  const { manifest, sha256 } = pack
  return {
    take: { path: join(part.path), first: frame, ...range },
    pack: { id: manifest.id, version: manifest.version, sha256 },
    reference: await digest(reference),
  }
}
