import { mkdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import type { Output, PixelSize } from '../../shared/contract/api.js'
import { AppError } from '../../shared/contract/errors.js'
import { recordOf } from '../../shared/document/model.js'
import type { AssetRec, Id, MaskRec, ProjectDoc } from '../../shared/document/model.js'
import { newId } from '../../shared/ids.js'
import { bitmapPathsOf, maskAt } from '../../shared/mask/index.js'
import type { MaskFrame, MaskBitmaps } from '../../shared/mask/index.js'
import { encodeGreyPng, readGreyPng } from '../ffmpeg/greyPng.js'
import { exists } from './media/files.js'
import { toWriteError, writeAtomic } from './project/disk.js'
import { resolveInside } from './project/folder.js'

/**
 * Copies a PNG into the project's masks folder as 8-bit grey.
 *
 * @returns the project-relative path for a `bitmap` shape, and how it will be scaled
 * @throws AppError `mask-invalid`, and `mask-shape` where it has another shape than what it is a mask of, and would
 *   lie over the wrong things
 */
export async function importMaskPng(
  { folder, doc }: { readonly folder: string; readonly doc: ProjectDoc },
  maskId: Id,
  path: string,
): Promise<{ readonly path: string; readonly scaled: Output<'mask.import'>['scaled'] }> {
  const asset = recordOf(doc, 'asset', recordOf(doc, 'mask', maskId)?.assetId)
  if (asset === undefined) {
    throw new AppError('not-found', 'This mask is no longer in the project.')
  }
  const grey = await readGreyPng(path)
  const from = { width: grey.width, height: grey.height }
  const to = { width: asset.info.width, height: asset.info.height }
  if (!isSameShape(from, to)) {
    const [mask, clip] = [from, to].map(({ width, height }) => `${width}x${height}`)
    throw new AppError(
      'mask-shape',
      `The mask has ${mask} pixels, another shape than the ${clip} of what it is for.`,
      { hint: 'Paint it over a whole frame, not cropped and not turned.' },
    )
  }
  const relative = `masks/${newId('mask')}.png`
  await writePng(join(folder, relative), encodeGreyPng(grey))
  const isScaled = from.width !== to.width || from.height !== to.height
  return { path: relative, scaled: isScaled ? { from, to } : null }
}

/** One is the other scaled, as far as whole pixels allow. */
function isSameShape(a: PixelSize, b: PixelSize): boolean {
  return (
    Math.abs((a.width * b.height) / b.width - a.height) <= 1 ||
    Math.abs((a.height * b.width) / b.height - a.width) <= 1
  )
}

/** The highest level of a mask picture, 0 to 255. */
export async function brightestOf(path: string): Promise<number> {
  const { data } = await readGreyPng(path)
  return data.reduce((most, value) => Math.max(most, value), 0)
}

/**
 * Writes the mask as grey PNGs: one frame to the file `path`, more into the folder `path`.
 * @returns the number of files written
 */
export async function exportMaskPngs(options: {
  readonly projectFolder: string
  readonly doc: ProjectDoc
  readonly maskId: Id
  readonly from: number
  readonly to: number
  readonly path: string
  readonly overwrite: boolean
}): Promise<number> {
  const { doc, from, to } = options
  const mask = recordOf(doc, 'mask', options.maskId)
  const asset = recordOf(doc, 'asset', mask?.assetId)
  if (mask === undefined || asset === undefined) {
    throw new AppError('not-found', 'This mask is no longer in the project.')
  }
  if (to <= from || to > asset.info.frames) {
    throw new AppError('invalid-request', 'The range of frames does not fit the clip.')
  }
  const target = resolve(options.projectFolder, 'exports', options.path)
  const single = to - from === 1
  if (!options.overwrite && (await exists(target))) {
    throw new AppError('file-exists', 'There is already a file or folder of that name.', {
      hint: 'Choose another name, or allow it to be replaced.',
      detail: target,
    })
  }
  const bitmaps = await loadBitmaps(options.projectFolder, mask)
  for (let frame = from; frame < to; frame++) {
    const name = single ? target : join(target, `frame_${String(frame).padStart(6, '0')}.png`)
    await writePng(name, encodeGreyPng(rasterise(mask, asset, frame, bitmaps)))
  }
  return to - from
}

function rasterise(mask: MaskRec, asset: AssetRec, frame: number, bitmaps: MaskBitmaps): MaskFrame {
  const { width, height } = asset.info
  const size = { width, height }
  return { width, height, data: maskAt(mask, frame, size, size, bitmaps) }
}

/** The pictures that a mask's bitmap shapes show. */
export async function loadBitmaps(projectFolder: string, mask: MaskRec): Promise<MaskBitmaps> {
  const found = new Map<string, MaskFrame>()
  for (const path of bitmapPathsOf(mask)) {
    found.set(path, await readGreyPng(await resolveInside(projectFolder, path)))
  }
  return (path) => found.get(path)
}

async function writePng(path: string, bytes: Uint8Array): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true })
    await writeAtomic(path, bytes)
  } catch (error) {
    throw toWriteError(error, 'the mask')
  }
}
