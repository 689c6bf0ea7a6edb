import {
  copyFile,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../shared/contract/errors.js'
import type { Rational } from '../../shared/rational.js'
import { startChild, throwIfAborted } from './children.js'
import { ffmpegFailure, fileFailure } from './failure.js'
import { QUIET } from './chunks.js'
import { openTakeWriter, type FrameWriter } from './frameWriter.js'
import { readTake } from './frames.js'
import { inputOf } from './paths.js'
import { runFfmpeg } from './run.js'
import { syncFolder, writeAtomic } from './writeAtomic.js'

/**
 * A take while it is being made: short FFV1 files one after the other, each with a note that is
 * written when it is complete. Whoever is killed loses the file in hand and nothing else; at the
 * end they are joined without touching a pixel.
 *
 *     <folder>/parts/000000.mkv 000000.json 000042.mkv 000042.json ... checkpoint.json
 */

/** What is known of one finished frame. */
export interface FrameNote {
  /** 0..1, as in a take. */
  readonly confidence: number
  readonly seen: number
  /** What invented pixels add to the confidence, 0..1; none where nothing is ever invented. */
  readonly invented?: number
  /** The frame shows the source. */
  readonly untouched: boolean
}

export interface TakePart {
  /** First frame, counted from the take's own first. */
  readonly first: number
  readonly path: string
  readonly notes: readonly FrameNote[]
  /** How long these frames took. */
  readonly seconds: number
}

const FOLDER = 'parts'
const CHECKPOINT = 'checkpoint.json'

/** A part is closed after this long: what a kill costs beside the window in hand. */
const PART_MS = 2000

/** The finished parts of a take, in order and without a gap. */
export async function listParts(folder: string): Promise<TakePart[]> {
  const names = await readdir(join(folder, FOLDER)).catch(() => [])
  const parts: TakePart[] = []
  let next = 0
  for (const name of names.filter((one) => /^\d+\.json$/.test(one)).sort()) {
    const first = Number.parseInt(name, 10)
    const note = await readJson(join(folder, FOLDER, name))
    const path = join(folder, FOLDER, `${nameOf(first)}.mkv`)
    const size = await stat(path).then(
      (found) => found.size,
      () => 0,
    )
    if (first !== next || !isNote(note) || size === 0) break
    parts.push({ first, path, ...note })
    next += note.notes.length
  }
  return parts
}

/** Frames that a list of parts holds. */
export function framesIn(parts: readonly TakePart[]): number {
  const last = parts.at(-1)
  return last === undefined ? 0 : last.first + last.notes.length
}

/** Writes a take in parts, going on behind those that are there. */
export interface TakePartsWriter {
  /** Frames that were there before. */
  readonly known: number
  /** What was handed to the last {@link checkpoint}; null without one. */
  readonly checkpointed: unknown
  /** Notes of every frame so far. */
  notes(): readonly FrameNote[]
  write(frame: Uint8Array, note: FrameNote): Promise<void>
  /** Notes what going on from here needs, as JSON, once everything before is safe. */
  checkpoint(state: unknown): Promise<void>
  /** Completes the part in hand; call it however the work ends. */
  close(): Promise<void>
  /** Forgets every part: what is there does not fit. */
  clear(): Promise<void>
}

/** @throws (from its methods) AppError `disk-full`, `disk-write`, `ffmpeg-failed` */
export function openTakeParts(
  ffmpegPath: string,
  folder: string,
  take: { readonly width: number; readonly height: number; readonly fps: Rational },
): Promise<TakePartsWriter> {
  return openParts(folder, (path) => openTakeWriter(ffmpegPath, path, take))
}

/**
 * The same for frames of another kind.
 *
 * @param openPart must make files that ffmpeg can join
 */
export async function openParts(
  folder: string,
  openPart: (path: string) => FrameWriter,
): Promise<TakePartsWriter> {
  const parts = await listParts(folder)
  const place = join(folder, FOLDER)
  await mkdir(place, { recursive: true })
  const notes = parts.flatMap((part) => [...part.notes])
  let written = framesIn(parts)
  let open: { writer: FrameWriter; first: number; started: number } | null = null
  let since = performance.now()

  async function close(): Promise<void> {
    if (open === null) return
    const { writer, first } = open
    open = null
    await writer.finish()
    await onDisk(place, async () => {
      await syncFile(join(place, `${nameOf(first)}.mkv`))
      const seconds = (performance.now() - since) / 1000
      const note = { notes: notes.slice(first), seconds }
      await writeAtomic(join(place, `${nameOf(first)}.json`), JSON.stringify(note))
    })
    since = performance.now()
  }

  return {
    known: written,
    checkpointed: await readJson(join(place, CHECKPOINT)),
    notes: () => notes,
    close,
    async write(frame, note) {
      // Not stopped by the task's signal: what is finished when the person cancels is kept.
      open ??= {
        writer: openPart(join(place, `${nameOf(written)}.mkv`)),
        first: written,
        started: performance.now(),
      }
      try {
        await open.writer.write(frame)
      } catch (error) {
        notes.length = open.first
        open = null
        throw error
      }
      notes.push(note)
      written++
      if (performance.now() - open.started > PART_MS) await close()
    },
    async checkpoint(state) {
      await close()
      await onDisk(place, () => writeAtomic(join(place, CHECKPOINT), JSON.stringify(state)))
    },
    async clear() {
      await rm(place, { recursive: true, force: true })
      await mkdir(place, { recursive: true })
      notes.length = 0
      written = 0
    },
  }
}

/** One frame of a take in parts, RGBA. */
export async function readPartFrame(
  ffmpegPath: string,
  folder: string,
  frame: number,
  size: { readonly width: number; readonly height: number },
): Promise<Uint8Array> {
  const part = (await listParts(folder)).findLast(({ first }) => first <= frame)
  if (part !== undefined) {
    const at = frame - part.first
    const options = { from: at, to: at + 1, layout: 'rgba', ...size } as const
    for await (const rgba of readTake(ffmpegPath, part.path, options)) return rgba
  }
  throw new AppError('media-damaged', `The unfinished take has no frame ${frame}.`)
}

/**
 * Joins the parts into one file without decoding them, and counts its frames.
 *
 * @returns the number of frames
 * @throws AppError `media-damaged` when a part does not hold the frames it should, which also
 * removes the parts; `cancelled`, `disk-full`, `disk-write`
 */
export async function joinParts(
  ffmpegPath: string,
  folder: string,
  path: string,
  options: { readonly fps: Rational; readonly signal?: AbortSignal | undefined },
): Promise<number> {
  const { fps, signal } = options
  const parts = await listParts(folder)
  const [only] = parts
  const frames = framesIn(parts)
  await rm(path, { force: true })
  if (only === undefined) throw new AppError('media-damaged', 'The unfinished take is empty.')
  if (parts.length === 1) {
    // The same file under another name, where the disk can do that: no time and no room.
    await link(only.path, path).catch(() => onDisk(folder, () => copyFile(only.path, path)))
  } else {
    const list = await writePartList(folder, fps)
    await runFfmpeg(
      ffmpegPath,
      {
        doing: 'join the take',
        inputs: [{ path: list, options: ['-f', 'concat'] }],
        outputs: [{ path, options: ['-map', '0:V:0', '-c', 'copy', '-f', 'matroska', '-y'] }],
      },
      { signal },
    )
  }
  const found = await countFrames(ffmpegPath, path, signal)
  if (found === frames) return frames
  await rm(path, { force: true })
  await removeParts(folder)
  throw new AppError('media-damaged', `The unfinished take has ${found} frames, not ${frames}.`, {
    hint: 'Run it again: it starts from its beginning.',
    detail: path,
  })
}

/** Writes a list of the parts for ffmpeg's concat demuxer; answers its path. */
export async function writePartList(folder: string, fps: Rational): Promise<string> {
  const list = join(folder, FOLDER, 'list.txt')
  const lines = (await listParts(folder)).flatMap(({ first, notes }) => [
    `file '${nameOf(first)}.mkv'`,
    // Matroska counts milliseconds: said exactly, the parts' own roundings do not add up.
    `duration ${((notes.length * fps.den) / fps.num).toFixed(9)}`,
  ])
  await onDisk(folder, () => writeFile(list, ['ffconcat version 1.0', ...lines, ''].join('\n')))
  return list
}

/** Removes what only an unfinished take needs. */
export async function removeParts(folder: string): Promise<void> {
  await rm(join(folder, FOLDER), { recursive: true, force: true })
}

/** Packets of a video, which in FFV1 are its frames; nothing is decoded. */
export async function countFrames(
  ffmpegPath: string,
  path: string,
  signal: AbortSignal | undefined,
): Promise<number> {
  const args = [
    ...QUIET,
    ...inputOf(path),
    '-map',
    '0:V:0',
    '-c',
    'copy',
    '-f',
    'framecrc',
    'pipe:1',
  ]
  const child = startChild(ffmpegPath, args, { stdin: 'ignore', stdout: 'pipe', signal })
  let text = ''
  child.process.stdout?.setEncoding('utf8')
  for await (const piece of child.process.stdout ?? []) text += String(piece)
  const end = await child.ended
  throwIfAborted(signal)
  if (end.code !== 0) throw ffmpegFailure('read the take', end.code, end.stderr)
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('#')).length
}

function nameOf(first: number): string {
  return String(first).padStart(6, '0')
}

async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
  await syncFolder(join(path, '..'))
}

/** Has a failed file operation say so as every other part of the app does. */
async function onDisk<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw fileFailure(error, place)
  }
}

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'))
  } catch {
    // Missing, or cut off: as good as not there.
    return null
  }
}

function isNote(value: unknown): value is Pick<TakePart, 'notes' | 'seconds'> {
  if (typeof value !== 'object' || value === null) return false
  const { notes, seconds } = value as Partial<Record<keyof TakePart, unknown>>
  return typeof seconds === 'number' && Array.isArray(notes) && notes.length > 0
}
