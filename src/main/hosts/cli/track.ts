import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { TrackStop } from '../../../shared/contract/track.js'
import { AppError } from '../../../shared/contract/errors.js'
import { temporaryFolder } from '../temporaryFolder.js'
import { outPath } from './out.js'
import { addMask, maskFiles, placeMasks } from './masks.js'
import { importedAsset } from './remove.js'
import type { CommandContext } from './session.js'

export interface TrackOptions {
  readonly clip: string
  /** A PNG, white = the object, painted on `maskFrame`. */
  readonly mask: string
  readonly maskFrame: number
  /** Folder for one PNG per frame. */
  readonly out: string
  readonly overwrite: boolean
}

/** Why a mask was followed no further, to go on from `until`. */
export const TRACK_ENDS: Readonly<Record<TrackStop, string>> = {
  range: 'the end of the clip',
  painted: 'a painted frame',
  cut: 'a cut',
  lost: 'the object was lost or left the picture',
}

/** Follows a mask through the whole clip, and writes it in the form that `remove --mask` takes. */
export async function track(context: CommandContext, options: TrackOptions): Promise<boolean> {
  const { client, paths, report } = context
  const out = await outPath(report, options.out, options.overwrite)
  const mask = await maskFiles(resolve(options.mask))
  if (typeof mask !== 'string') {
    throw new AppError('mask-invalid', `${options.mask} is a folder: track follows one PNG.`, {
      hint: 'Give the one PNG that the object is painted on, and --mask-frame.',
    })
  }
  const folder = await temporaryFolder(paths.data, 'track')
  try {
    await client.call('project.create', { folder: join(folder, 'project'), name: 'track' })
    const { assetId } = await client.runJob('import', { path: resolve(options.clip), place: false })
    const asset = await importedAsset(client, assetId)
    const { frames } = asset.info
    const frame = options.maskFrame
    const painted = placeMasks(mask, asset, frame)
    const maskId = await addMask(context, assetId, painted, 'interpolate')
    const found = await client.runJob('track', { maskId, frame, direction: 'both' })
    await client.call('mask.export', {
      maskId,
      from: 0,
      to: frames,
      path: out,
      overwrite: options.overwrite,
    })
    const ends = Object.entries(found.stopped).map(
      ([way, reason]) => `Went ${way} until ${TRACK_ENDS[reason]}.`,
    )
    report.result({ path: out, frames, ...found }, [`Wrote ${frames} masks to ${out}.`, ...ends])
    return true
  } finally {
    await client.call('project.close', {})
    await rm(folder, { recursive: true, force: true })
  }
}
