import { open } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'

/**
 * ffmpeg states the durations of an MP4 or MOV in milliseconds, so a player that keeps to them
 * drops up to half a millisecond of sound. This restates them in audio samples, in place: the
 * movie's time scale becomes the sample rate (ISO/IEC 14496-12: mvhd, tkhd, elst).
 *
 * @param lengths in samples: of the sound, and of the pictures rounded to samples
 */
export async function stateExactDurations(
  path: string,
  lengths: { readonly sampleRate: number; readonly sound: number; readonly pictures: number },
): Promise<void> {
  const longest = Math.max(lengths.sound, lengths.pictures)
  // The 32-bit fields that ffmpeg wrote hold a day of sound; beyond that milliseconds must do.
  if (longest > 0xffffffff) return
  const file = await open(path, 'r+')
  try {
    const moov = await findTop(file, 'moov')
    if (moov === null) return
    const bytes = Buffer.alloc(moov.size)
    await file.read(bytes, 0, moov.size, moov.offset)
    restate(bytes, lengths)
    await file.write(bytes, 0, moov.size, moov.offset)
  } finally {
    await file.close()
  }
}

interface Box {
  readonly type: string
  /** Of the box with its header. */
  readonly offset: number
  readonly size: number
}

const HEADER = 8

async function findTop(file: FileHandle, type: string): Promise<Box | null> {
  const head = Buffer.alloc(16)
  const { size: end } = await file.stat()
  for (let offset = 0; offset + HEADER <= end;) {
    await file.read(head, 0, 16, offset)
    const short = head.readUInt32BE(0)
    const size = short === 1 ? Number(head.readBigUInt64BE(8)) : short === 0 ? end - offset : short
    if (head.toString('latin1', 4, 8) === type) return { type, offset, size }
    if (size < HEADER) return null
    offset += size
  }
  return null
}

function children(bytes: Buffer, parent: Box): Box[] {
  const found: Box[] = []
  const end = parent.offset + parent.size
  for (let offset = parent.offset + HEADER; offset + HEADER <= end;) {
    const size = bytes.readUInt32BE(offset)
    if (size < HEADER || offset + size > end) break
    found.push({ type: bytes.toString('latin1', offset + 4, offset + HEADER), offset, size })
    offset += size
  }
  return found
}

function restate(
  bytes: Buffer,
  lengths: { readonly sampleRate: number; readonly sound: number; readonly pictures: number },
): void {
  const movie = { type: 'moov', offset: 0, size: bytes.length }
  const inside = (parent: Box, type: string): Box | undefined =>
    children(bytes, parent).find((box) => box.type === type)
  const header = inside(movie, 'mvhd')
  if (header === undefined || version(bytes, header) !== 0) return
  const oldScale = bytes.readUInt32BE(header.offset + 20)
  for (const track of children(bytes, movie).filter((box) => box.type === 'trak')) {
    const media = inside(track, 'mdia')
    const handler = media === undefined ? undefined : inside(media, 'hdlr')
    const kind =
      handler === undefined
        ? ''
        : bytes.toString('latin1', handler.offset + 16, handler.offset + 20)
    const length = kind === 'soun' ? lengths.sound : lengths.pictures
    const trackHeader = inside(track, 'tkhd')
    if (trackHeader === undefined || version(bytes, trackHeader) !== 0) return
    bytes.writeUInt32BE(length, trackHeader.offset + 28)
    const edits = inside(track, 'edts')
    const list = edits === undefined ? undefined : inside(edits, 'elst')
    if (list !== undefined) restateEdits(bytes, list, length, lengths.sampleRate / oldScale)
  }
  bytes.writeUInt32BE(lengths.sampleRate, header.offset + 20)
  bytes.writeUInt32BE(Math.max(lengths.sound, lengths.pictures), header.offset + 24)
}

/** An empty edit (media time -1) is only rescaled; the one that shows the media gets its length. */
function restateEdits(bytes: Buffer, list: Box, length: number, scale: number): void {
  if (version(bytes, list) !== 0) return
  const count = bytes.readUInt32BE(list.offset + 12)
  for (let n = 0; n < count; n++) {
    const at = list.offset + 16 + n * 12
    const empty = bytes.readInt32BE(at + 4) < 0
    const duration = empty ? Math.round(bytes.readUInt32BE(at) * scale) : length
    bytes.writeUInt32BE(duration, at)
  }
}

function version(bytes: Buffer, box: Box): number {
  return bytes.readUInt8(box.offset + HEADER)
}
