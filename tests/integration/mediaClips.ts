import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'
import { readFrames } from '../../src/main/ffmpeg/frames.js'
import type { PixelLayout, ReadFramesOptions } from '../../src/main/ffmpeg/frames.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'
import type { MediaInfo } from '../../src/shared/document/model.js'

/** Clips and folders for the tests that run the real ffmpeg. */
export const tools = await findFfmpeg()

/** A fresh folder, removed after the file's tests. The name holds what breaks careless quoting. */
export async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lumiere Über 東京 🎬 '))
  afterAll(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Renders `path` from a lavfi graph; `output` are the encoder's options. */
export async function renderClip(
  path: string,
  graph: string,
  output: readonly string[],
  sound?: string,
): Promise<string> {
  const audio = sound === undefined ? [] : ['-f', 'lavfi', '-i', sound]
  const input = ['-v', 'error', '-nostdin', '-f', 'lavfi', '-i', graph, ...audio]
  await ffmpeg([...input, ...output, '-y', path])
  return path
}

/** Runs ffmpeg as it is, for what only a test needs. */
export async function ffmpeg(args: readonly string[]): Promise<void> {
  await promisify(execFile)(tools.ffmpeg, args)
}

/** A short name for a picture's exact bytes. */
export function digest(frame: Uint8Array): string {
  return createHash('sha1').update(frame).digest('hex').slice(0, 12)
}

export async function readAll(
  path: string,
  info: MediaInfo,
  layout: PixelLayout = 'yuv420p',
  options: Partial<ReadFramesOptions> = {},
): Promise<Uint8Array[]> {
  const frames: Uint8Array[] = []
  const range = { from: 0, to: info.frames, ...options }
  for await (const frame of readFrames(tools.ffmpeg, { path, info }, { ...range, layout })) {
    frames.push(frame)
  }
  return frames
}

export const LOSSLESS = [
  '-c:v',
  'libx264',
  '-preset',
  'ultrafast',
  '-qp',
  '0',
  '-pix_fmt',
  'yuv420p',
]
