import { readdir } from 'node:fs/promises'
import { join, resolve, sep } from 'node:path'
import type { MaskSource } from '../../shared/contract/sources.js'
import { AppError } from '../../shared/contract/errors.js'
import { bitmapPathsOf, maskAt, rasteriseShapes, type MaskFrame } from '../../shared/mask/index.js'
import { maskSourceAt } from '../../shared/mask/keyframes.js'
import { readGreyPng } from '../ffmpeg/greyPng.js'
import type { Size } from './vision/image.js'

/** The mask of a source frame as coverage 0..255; the same array again where nothing changed. */
export type MaskReader = (frame: number) => Promise<Uint8Array>

/**
 * Opens a mask source for frames of this size.
 *
 * @param first source frame that the first picture of a folder belongs to
 * @param full size that key frames were painted at, when the frames wanted are smaller
 * @throws AppError `mask-invalid`, `mask-empty`, `file-missing`
 */
export async function openMask(
  source: MaskSource,
  size: Size,
  first: number,
  full: Size = size,
): Promise<MaskReader> {
  switch (source.kind) {
    case 'png': {
      const data = fit(await readGreyPng(source.path), size)
      return () => Promise.resolve(data)
    }
    case 'pngs':
      return openFolder(source.folder, size, first)
    case 'keyframes':
      return openKeyFrames(source, size, full)
  }
}

async function openFolder(folder: string, size: Size, first: number): Promise<MaskReader> {
  const names = (await readdir(folder)).filter((name) => /\.png$/i.test(name)).sort()
  if (names.length === 0) {
    throw new AppError('mask-empty', 'The mask folder holds no PNG pictures.', {
      hint: 'Give a folder with one grey PNG per frame, white where to remove.',
      detail: folder,
    })
  }
  return async (frame) => {
    // A folder that is shorter than the range keeps its last picture.
    const name = names[Math.min(names.length - 1, Math.max(0, frame - first))]!
    return fit(await readGreyPng(join(folder, name)), size)
  }
}

async function openKeyFrames(
  { mask, root }: Extract<MaskSource, { kind: 'keyframes' }>,
  size: Size,
  full: Size,
): Promise<MaskReader> {
  const bitmaps = new Map<string, MaskFrame>()
  for (const path of bitmapPathsOf(mask)) {
    const full = resolve(root, path)
    if (!full.startsWith(resolve(root) + sep)) {
      throw new AppError('forbidden', 'A mask picture lies outside the project.', { detail: path })
    }
    bitmaps.set(path, await readGreyPng(full))
  }
  let held: { readonly shapes: unknown; readonly data: Uint8Array } | null = null
  return (frame) => {
    const shown = maskSourceAt(mask, frame)
    const shapes = shown.kind === 'one' ? shown.shapes : null
    if (held !== null && shapes !== null && held.shapes === shapes)
      return Promise.resolve(held.data)
    const data = maskAt(mask, frame, full, size, (path) => bitmaps.get(path))
    held = { shapes, data }
    return Promise.resolve(data)
  }
}

/** The picture at the frame's size. */
function fit(picture: MaskFrame, size: Size): Uint8Array {
  if (picture.width === size.width && picture.height === size.height) return picture.data
  const shape = { kind: 'bitmap', erase: false, path: 'mask' } as const
  return rasteriseShapes([shape], size, size, () => picture)
}
