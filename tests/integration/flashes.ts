import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'vitest'
import { ffmpeg, tools } from './mediaClips.js'

/** Samples a second at which beeps are looked for. */
export const RATE = 48_000

/**
 * When each white picture is shown, in seconds of the file's own clock.
 *
 * @param folder for files on the way
 */
export async function flashTimes(path: string, folder: string): Promise<number[]> {
  const { stdout } = await promisify(execFile)(tools.ffprobe, [
    ...['-v', 'error', '-select_streams', 'v:0', '-of', 'csv=p=0'],
    ...['-show_entries', 'frame=best_effort_timestamp_time', path],
  ])
  const times = stdout.trim().split(/\s+/).map(Number.parseFloat)
  const levels = join(folder, 'levels.raw')
  await ffmpeg([
    ...['-v', 'error', '-i', path, '-map', '0:v:0', '-vf', 'scale=1:1:flags=area,format=gray'],
    ...['-vsync', 'passthrough', '-f', 'rawvideo', '-y', levels],
  ])
  const bytes = await readFile(levels)
  expect(bytes).toHaveLength(times.length)
  return times.filter((_, n) => (bytes[n] ?? 0) > 128)
}

/**
 * When each beep begins, in seconds of the file's own clock.
 *
 * @param folder for files on the way
 */
export async function beepTimes(path: string, folder: string): Promise<number[]> {
  const raw = join(folder, 'sound.raw')
  // Where its first sample stands on the clock of the file, silence is put before it.
  const filter = `aresample=${String(RATE)}:async=1:first_pts=0`
  await ffmpeg([
    ...['-v', 'error', '-copyts', '-i', path, '-map', '0:a:0', '-af', filter, '-ac', '1'],
    ...['-f', 's16le', '-y', raw],
  ])
  const bytes = await readFile(raw)
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset, bytes.length >> 1)
  const found: number[] = []
  let quietSince = -Infinity
  for (const [n, value] of samples.entries()) {
    if (Math.abs(value) < 8000) continue
    if (n - quietSince > RATE / 10) found.push(n / RATE)
    quietSince = n
  }
  return found
}
