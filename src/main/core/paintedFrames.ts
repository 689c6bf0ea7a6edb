import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { encode } from 'fast-png'
import type { Input, Output } from '../../shared/contract/api.js'
import { AppError } from '../../shared/contract/errors.js'
import { recordOf } from '../../shared/document/model.js'
import type { ProjectDoc } from '../../shared/document/model.js'
import { nameOfFrame } from '../../shared/style.js'
import { readFrames } from '../ffmpeg/frames.js'
import { probe } from '../ffmpeg/probe.js'
import type { FfmpegTools } from '../ffmpeg/tools.js'
import { claimName, writeWhole } from './media/files.js'

const FOLDER = 'styles/painted'
/** Shapes that differ by more were cropped or turned, and their paint would lie in wrong places. */
const MOST_STRETCH = 0.02

/**
 * Copies a frame that was painted in another program into the project: RGBA at the size of the
 * clip, so that transparency is kept and the engine reads all of them alike.
 *
 * @throws AppError `not-found`, `painted-invalid`, and what reading the picture throws, naming it
 */
export async function addPainted(
  { assetId, frame, path }: Input<'style.addPainted'>,
  project: { readonly folder: string; readonly doc: ProjectDoc },
  tools: FfmpegTools,
): Promise<Output<'style.addPainted'>> {
  const asset = recordOf(project.doc, 'asset', assetId)
  if (asset === undefined) {
    throw new AppError('not-found', 'This clip is no longer in the project.', {
      hint: 'Undo the deletion, or choose another clip.',
    })
  }
  const { width, height, frames } = asset.info
  if (frame >= frames) {
    throw new AppError('painted-invalid', `The clip has no frame ${frame}.`, {
      hint: `Its frames run from 0 to ${frames - 1}; a name like “frame 12.png” says which one.`,
    })
  }
  const info = await probe(tools, path).catch(fail)
  const stretch = (info.width / info.height) * (height / width)
  if (Math.abs(Math.log(stretch)) > MOST_STRETCH) {
    throw new AppError(
      'painted-invalid',
      `It has ${info.width}x${info.height} pixels, another shape than the clip’s ${width}x${height}.`,
      { hint: 'Paint over a whole frame of the clip, without cropping or turning it.' },
    )
  }
  const data = await readPixels(tools, { path, info }, { width, height }).catch(fail)
  await mkdir(join(project.folder, FOLDER), { recursive: true })
  const name = await claimName(join(project.folder, FOLDER), nameOfFrame(frame))
  await writeWhole(join(project.folder, FOLDER, name), (temporary) =>
    writeFile(temporary, encode({ width, height, data, channels: 4, depth: 8 })),
  )
  const isScaled = info.width !== width || info.height !== height
  return {
    painted: { frame, path: `${FOLDER}/${name}` },
    scaledFrom: isScaled ? { width: info.width, height: info.height } : null,
  }
}

async function readPixels(
  tools: FfmpegTools,
  source: Parameters<typeof readFrames>[1],
  size: { readonly width: number; readonly height: number },
): Promise<Uint8Array> {
  const options = { from: 0, to: 1, layout: 'rgba', ...size } as const
  for await (const data of readFrames(tools.ffmpeg, source, options)) return data
  throw new AppError('media-damaged', 'It could not be decoded.')
}

/** Two files are at play: a failure says that it is the picture's. */
function fail(error: unknown): never {
  if (!(error instanceof AppError)) throw error
  const { code, message, detail } = error.toData()
  throw new AppError(code, `The painted frame cannot be used. ${message}`, {
    hint: 'Save it as PNG, TIFF or WebP that other programs can open.',
    ...(detail === undefined ? {} : { detail }),
  })
}
