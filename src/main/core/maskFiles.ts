import { access, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { decode, encode } from 'fast-png'
import { AppError } from '../../shared/contract/errors.js'
import { recordOf } from '../../shared/document/model.js'
import type { AssetRec, Id, MaskRec, ProjectDoc } from '../../shared/document/model.js'
import { newId } from '../../shared/ids.js'
import { maskAt } from '../../shared/mask/keyframes.js'
import type { MaskBitmaps, MaskFrame } from '../../shared/mask/raster.js'
import { resolveInside } from './project/folder.js'

/** A mask drawn elsewhere is rarely larger; beyond it a PNG is a decompression bomb. */
const MAX_PIXELS = 64e6
const MAX_BYTES = 64 * 1024 * 1024

/**
 * Reads a PNG as a grey mask: luminance, with transparent counted as black.
 * @throws AppError `file-missing`, `mask-invalid`
 */
export async function readMaskPng(path: string): Promise<MaskFrame> {
  const bytes = await stat(path).catch(() => null)
  if (bytes === null || !bytes.isFile()) {
    throw new AppError('file-missing', 'The mask picture was not found.', {
      hint: 'Check that the file is still where it was.',
      detail: path,
    })
  }
  if (bytes.size > MAX_BYTES) throw invalid('The mask picture is too large.', path)
  const file = await readFile(path)
  // Width and height stand at fixed places of the header: look before inflating the pixels.
  if (file.length > 24 && file.readUInt32BE(16) * file.readUInt32BE(20) > MAX_PIXELS) {
    throw invalid('The mask picture has too many pixels.', path)
  }
  try {
    return toGrey(decode(file))
  } catch (error) {
    throw new AppError('mask-invalid', 'The mask picture could not be read as a PNG.', {
      hint: 'Save it as a PNG: white where the mask is, black elsewhere.',
      detail: path,
      cause: error,
    })
  }
}

function invalid(message: string, path: string): AppError {
  return new AppError('mask-invalid', message, {
    hint: 'Save it at the size of the clip and try again.',
    detail: path,
  })
}

function toGrey(png: ReturnType<typeof decode>): MaskFrame {
  const { width, height, channels, depth } = png
  const palette = png.palette
  const max = depth === 16 ? 65535 : 255
  const data = new Uint8Array(width * height)
  for (let index = 0; index < data.length; index++) {
    const at = index * channels
    const sample = (offset: number): number => ((png.data[at + offset] ?? 0) * 255) / max
    const entry = palette === undefined ? undefined : palette[png.data[index] ?? 0]
    const [red, green, blue] =
      entry ??
      (channels >= 3 ? [sample(0), sample(1), sample(2)] : [sample(0), sample(0), sample(0)])
    const alpha = channels === 2 ? sample(1) : channels === 4 ? sample(3) : (entry?.[3] ?? 255)
    const luma = 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0)
    data[index] = Math.round((luma * alpha) / 255)
  }
  return { width, height, data }
}

/** Encodes a grey picture of 0..255 as an 8-bit PNG. */
function toPng({ width, height, data }: MaskFrame): Uint8Array {
  return encode({ width, height, data, channels: 1, depth: 8 })
}

/**
 * Copies a PNG into the project's masks folder as 8-bit grey.
 * @returns the project-relative path for a `bitmap` shape
 */
export async function importMaskPng(projectFolder: string, path: string): Promise<string> {
  const grey = await readMaskPng(path)
  const relative = `masks/${newId('mask')}.png`
  await writeAtomically(join(projectFolder, relative), toPng(grey))
  return relative
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
    await writeAtomically(name, toPng(rasterise(mask, asset, frame, bitmaps)))
  }
  return to - from
}

function rasterise(mask: MaskRec, asset: AssetRec, frame: number, bitmaps: MaskBitmaps): MaskFrame {
  const { width, height } = asset.info
  const size = { width, height }
  return { width, height, data: maskAt(mask, frame, size, size, bitmaps) }
}

async function loadBitmaps(projectFolder: string, mask: MaskRec): Promise<MaskBitmaps> {
  const found = new Map<string, MaskFrame>()
  for (const path of bitmapPaths(mask)) {
    found.set(path, await readMaskPng(await resolveInside(projectFolder, path)))
  }
  return (path) => found.get(path)
}

function bitmapPaths(mask: MaskRec): Set<string> {
  const paths = new Set<string>()
  const visit = (shapes: MaskRec['keyframes'][string]): void => {
    for (const shape of shapes) {
      if (shape.kind === 'bitmap') paths.add(shape.path)
      if (shape.kind === 'between') {
        visit(shape.before)
        visit(shape.after)
      }
    }
  }
  for (const shapes of Object.values(mask.keyframes)) visit(shapes)
  return paths
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}

async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${String(process.pid)}.tmp`
  try {
    await writeFile(temporary, bytes)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw new AppError('disk-write', 'The file could not be written.', {
      hint: 'Check that the folder exists and that you may write there.',
      detail: path,
      cause: error,
    })
  }
}
