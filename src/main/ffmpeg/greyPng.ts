import { readFile, stat } from 'node:fs/promises'
import { decode, encode } from 'fast-png'
import { AppError } from '../../shared/contract/errors.js'
import type { MaskFrame } from '../../shared/mask/index.js'

/** A mask drawn elsewhere is rarely larger; beyond it a PNG is a decompression bomb. */
const MAX_PIXELS = 64e6
const MAX_BYTES = 64 * 1024 * 1024

/**
 * Reads a PNG as a grey mask: luminance, with transparent counted as black.
 * @throws AppError `file-missing`, `mask-invalid`
 */
export async function readGreyPng(path: string): Promise<MaskFrame> {
  const bytes = await stat(path).catch(() => null)
  if (bytes === null || !bytes.isFile()) {
    throw new AppError('file-missing', 'The mask picture was not found.', {
      hint: 'Check that the file is still where it was.',
      detail: path,
    })
  }
  if (bytes.size > MAX_BYTES) throw invalid('The mask picture is too large.', path)
  const file = await readFile(path)
  // Other pictures have other things where a PNG has its size.
  if (!file.subarray(0, 8).equals(SIGNATURE)) throw noPng(path)
  // Width and height stand at fixed places of the header: look before inflating the pixels.
  if (file.length > 24 && file.readUInt32BE(16) * file.readUInt32BE(20) > MAX_PIXELS) {
    throw invalid('The mask picture has too many pixels.', path)
  }
  try {
    return toGrey(decode(file))
  } catch (error) {
    throw noPng(path, error)
  }
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function noPng(path: string, cause?: unknown): AppError {
  return new AppError('mask-invalid', 'The mask picture could not be read as a PNG.', {
    hint: 'Save it as a PNG: white where the mask is, black elsewhere.',
    detail: path,
    cause,
  })
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
export function encodeGreyPng({ width, height, data }: MaskFrame): Uint8Array {
  return encode({ width, height, data, channels: 1, depth: 8 })
}
