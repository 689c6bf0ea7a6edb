import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { AppError } from '../../../shared/contract/errors.js'
import type { AssetRec, MediaInfo } from '../../../shared/document/model.js'
import { newId } from '../../../shared/ids.js'
import { throwIfAborted } from '../../ffmpeg/children.js'
import { fileFailure } from '../../ffmpeg/failure.js'
import { readFrames } from '../../ffmpeg/frames.js'
import { probe } from '../../ffmpeg/probe.js'
import type { FfmpegTools } from '../../ffmpeg/tools.js'
import { claimName, cutToBytes, isErrno, safeFileName, temporaryBeside } from './files.js'
import type { MediaProgress, MediaWork } from './progress.js'

/** Frames decoded at each end of a clip before it is believed to be whole. */
const CHECKED_FRAMES = 12
/** A decoder may drop a few pictures that lean on missing ones; more than this share is damage. */
const BEARABLE_LOSS = 0.05

/**
 * Copies a file into the project's media/ folder and describes it. The file is decoded at its
 * start and its end first, so that one which was cut off is refused. Nothing stays behind when
 * it fails or is cancelled.
 *
 * @param options.prepare runs on the copy while it still has a temporary name, so that a process
 * killed before a record names the file leaves nothing but what is known to be partial
 * @throws AppError of {@link probe}, `media-damaged`, `disk-full`, `disk-write`, `cancelled`
 */
export async function importMedia(
  options: MediaWork & {
    readonly tools: FfmpegTools
    readonly projectFolder: string
    readonly path: string
    /** Shown and kept in place of the file's own name. */
    readonly name?: string | undefined
    readonly prepare?: (unfinished: AssetRec) => Promise<void>
  },
): Promise<AssetRec> {
  const { tools, projectFolder, path, onProgress, signal } = options
  onProgress?.({ phase: 'probing', done: 0, total: null })
  const probed = await probe(tools, path, signal)
  const info = await checkDecoding(tools, path, probed, { onProgress, signal })

  const folder = join(projectFolder, 'media')
  const original = options.name ?? basename(path)
  const wanted = safeFileName(original)
  const temporary = await temporaryBeside(join(folder, wanted))
  try {
    await mkdir(folder, { recursive: true })
    const bytes = await copyFile(path, temporary, { onProgress, signal })
    const unfinished: AssetRec = {
      ...{ id: newId('asset'), type: 'asset', name: displayName(original) },
      ...{ path: `media/${basename(temporary)}`, bytes, info },
    }
    await options.prepare?.(unfinished)
    const name = await claimName(folder, wanted)
    await rename(temporary, join(folder, name)).catch(async (error: unknown) => {
      await rm(join(folder, name), { force: true })
      throw error
    })
    return { ...unfinished, path: `media/${name}` }
  } catch (error) {
    await rm(temporary, { force: true })
    throwIfAborted(signal)
    throw isErrno(error) ? fileFailure(error, path) : error
  }
}

/** Bytes of a shown name; far inside the 255 UTF-16 units that documents accept. */
const DISPLAY_NAME = 240

function displayName(original: string): string {
  const plain = basename(original.replaceAll('\\', '/')).normalize('NFC')
  return cutToBytes(plain.replace(/\p{Cc}/gu, ' '), DISPLAY_NAME).trim() || 'media'
}

/** Copies with progress in bytes; resolves with the size once the data is on the disk. */
async function copyFile(from: string, to: string, work: MediaWork): Promise<number> {
  const { size } = await stat(from)
  let done = 0
  const count = new Transform({
    transform(chunk: Uint8Array, _encoding, next) {
      done += chunk.byteLength
      work.onProgress?.({ phase: 'copying', done, total: size })
      next(null, chunk)
    },
  })
  work.onProgress?.({ phase: 'copying', done: 0, total: size })
  const source = createReadStream(from, { highWaterMark: 1 << 20 })
  const target = createWriteStream(to, { flags: 'wx', flush: true })
  await pipeline(source, count, target, work.signal === undefined ? {} : { signal: work.signal })
  if (done !== size) {
    throw new AppError('file-unreadable', 'The file changed while it was copied.', {
      hint: 'Wait until it is written completely, then import it again.',
      detail: `${done} of ${size} bytes`,
    })
  }
  return done
}

/**
 * Decodes both ends. Where the end lacks pictures the whole file is decoded once to count what is
 * really there; the result describes that.
 */
async function checkDecoding(
  tools: FfmpegTools,
  path: string,
  info: MediaInfo,
  work: MediaWork,
): Promise<MediaInfo> {
  const { frames } = info
  const report = (progress: Omit<MediaProgress, 'phase'>): void => {
    work.onProgress?.({ phase: 'probing', ...progress })
  }
  const head = await countFrames(
    tools,
    path,
    info,
    0,
    Math.min(frames, CHECKED_FRAMES),
    work.signal,
  )
  if (head === 0) throw damaged(0, frames)
  const from = Math.max(0, frames - CHECKED_FRAMES)
  const tail = await countFrames(tools, path, info, from, frames, work.signal)
  if (tail === frames - from && head === Math.min(frames, CHECKED_FRAMES)) return info
  const found = await countFrames(tools, path, info, 0, frames, work.signal, (done) =>
    report({ done, total: frames }),
  )
  if (found < frames * (1 - BEARABLE_LOSS) - 1) throw damaged(found, frames)
  return { ...info, frames: found }
}

async function countFrames(
  tools: FfmpegTools,
  path: string,
  info: MediaInfo,
  from: number,
  to: number,
  signal: AbortSignal | undefined,
  onFrame?: (count: number) => void,
): Promise<number> {
  let count = 0
  const small = { width: 16, height: 16, layout: 'gray' as const }
  try {
    for await (const frame of readFrames(
      tools.ffmpeg,
      { path, info },
      { from, to, ...small, signal },
    )) {
      if (frame.byteLength > 0) count++
      onFrame?.(count)
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'media-damaged') throw error
  }
  return count
}

function damaged(found: number, frames: number): AppError {
  return new AppError(
    'media-damaged',
    `Only ${found} of the file's ${frames} frames can be decoded.`,
    {
      hint: 'It was cut off or is damaged: copy or download it again.',
    },
  )
}
