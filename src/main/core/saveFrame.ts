import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, extname, join } from 'node:path'
import { encode } from 'fast-png'
import type { Input, Output } from '../../shared/contract/api.js'
import { AppError } from '../../shared/contract/errors.js'
import { acceptedLayers } from '../../shared/document/layers.js'
import { recordOf } from '../../shared/document/model.js'
import type { ProjectDoc } from '../../shared/document/model.js'
import { placedTake, sourceWithTakes } from '../ffmpeg/takeFrames.js'
import { exportPath } from './jobs/exportJob.js'
import { exists, writeWhole } from './media/files.js'
import { toWriteError } from './project/disk.js'

/**
 * Writes one frame of a clip as a PNG: what is seen of it, takes in use included, at the size of the
 * source. Painted over and added as a key frame it fits pixel for pixel.
 *
 * @throws AppError `not-found`, `invalid-request`, `file-exists`, `disk-full`, `disk-write`, and what
 * reading throws
 */
export async function saveFrame(
  { clipId, frame, path, overwrite }: Input<'clip.saveFrame'>,
  project: { readonly folder: string; readonly doc: ProjectDoc },
  ffmpegPath: string,
): Promise<Output<'clip.saveFrame'>> {
  const { doc, folder } = project
  const asset = recordOf(doc, 'asset', recordOf(doc, 'clip', clipId)?.assetId)
  if (asset === undefined) {
    throw new AppError('not-found', 'This clip is no longer in the project.', {
      hint: 'Undo the deletion, or choose another clip.',
    })
  }
  const { width, height, frames } = asset.info
  if (frame >= frames) {
    throw new AppError('invalid-request', `The clip has no frame ${frame}.`, {
      hint: `Its frames run from 0 to ${frames - 1}.`,
    })
  }
  const pathOf = (relative: string): string => join(folder, relative)
  const named = exportPath(folder, path)
  const target = extname(named).toLowerCase() === '.png' ? named : `${named}.png`
  if (!overwrite && (await exists(target))) {
    throw new AppError('file-exists', 'There is already something under this name.', {
      hint: 'Choose another name, or say that it may be replaced.',
      detail: target,
    })
  }
  const source = { path: pathOf(asset.path), info: asset.info }
  const takes = acceptedLayers(doc, clipId).map((layer) => placedTake(layer, pathOf))
  const range = { from: frame, to: frame + 1 }
  const seen = sourceWithTakes(ffmpegPath, source, { ...range, takes, layout: 'rgb24' })
  for await (const data of seen) {
    const png = encode({ width, height, data, channels: 3, depth: 8 })
    try {
      await mkdir(dirname(target), { recursive: true })
      await writeWhole(target, (temporary) => writeFile(temporary, png))
    } catch (error) {
      throw toWriteError(error, 'the frame')
    }
    return { path: target }
  }
  throw new AppError('media-damaged', `Frame ${frame} cannot be read.`, {
    hint: 'The file may be cut off. Import it again.',
  })
}
