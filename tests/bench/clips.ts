import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { openFrameWriter } from './writer.js'

/** A clip of the benchmark: textured scene under a moving camera, with a square that moves apart from it. */
export interface BenchClip {
  readonly path: string
  readonly width: number
  readonly height: number
  readonly frames: number
}

const FPS = { num: 24, den: 1 }

/**
 * Renders a clip of known content: value noise in four octaves panned by 2 px a frame,
 * and an 80 px square. Written as lossless H.264, so that decoding costs what it costs
 * for real footage.
 */
export async function renderBenchClip(
  ffmpeg: string,
  folder: string,
  width: number,
  height: number,
  seconds: number,
): Promise<BenchClip> {
  const frames = seconds * 24
  const path = join(folder, `bench-${width}x${height}-${seconds}s.mp4`)
  const world = texture(width + 512, height)
  const writer = openFrameWriter(ffmpeg, path, { width, height, fps: FPS })
  const frame = new Uint8Array(width * height)
  for (let index = 0; index < frames; index++) {
    // A triangle wave keeps the pan inside the world whatever the length.
    const pan = 256 + Math.round(256 * triangle((index * 2) / 512))
    for (let y = 0; y < height; y++) {
      const from = y * (width + 512) + pan
      frame.set(world.subarray(from, from + width), y * width)
    }
    fillSquare(frame, { width, height }, index, 235)
    await writer.write(frame)
  }
  await writer.finish()
  return { path, width, height, frames }
}

/**
 * The same clip in colour: what grey pictures cost to encode says little about an edit, after which
 * no two planes are alike.
 */
export async function inColour(ffmpeg: string, clip: BenchClip): Promise<BenchClip> {
  const path = clip.path.replace(/\.mp4$/, '-colour.mp4')
  await promisify(execFile)(ffmpeg, [
    ...['-v', 'error', '-i', clip.path, '-vf', 'format=rgb24,curves=preset=cross_process'],
    ...['-c:v', 'libx264', '-crf', '12', '-pix_fmt', 'yuv420p', '-y', path],
  ])
  return { ...clip, path }
}

/** Draws the moving square of frame `index` with one value: the object in a frame, the mask in a mask. */
export function fillSquare(
  data: Uint8Array,
  size: { width: number; height: number },
  index: number,
  value: number,
): void {
  const { width } = size
  const { left, top, side } = squareAt(size, index)
  for (let y = top; y < top + side; y++) data.fill(value, y * width + left, y * width + left + side)
}

/** Where the moving square is in frame `index`. */
export function squareAt(
  { width, height }: { width: number; height: number },
  index: number,
): { left: number; top: number; side: number } {
  const side = Math.round(height / 6)
  const left = Math.round(width * (0.4 + 0.25 * triangle(index / 90)))
  return { left, top: Math.round(height * 0.4), side }
}

/** -1..1, period 4. */
function triangle(t: number): number {
  const phase = ((t % 4) + 4) % 4
  return phase < 2 ? phase - 1 : 3 - phase
}

function texture(width: number, height: number): Uint8Array {
  const sum = new Float32Array(width * height)
  for (const [octave, cell] of [64, 24, 9, 4].entries()) {
    const strength = 0.5 ** octave
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = y * width + x
        sum[at] = (sum[at] ?? 0) + strength * valueNoise(x / cell, y / cell, octave)
      }
    }
  }
  return Uint8Array.from(sum, (value) => 30 + (value / 1.875) * 190)
}

function valueNoise(x: number, y: number, seed: number): number {
  const left = Math.floor(x)
  const top = Math.floor(y)
  const ease = (t: number): number => t * t * (3 - 2 * t)
  const u = ease(x - left)
  const v = ease(y - top)
  const a = hash(left, top, seed) * (1 - u) + hash(left + 1, top, seed) * u
  const b = hash(left, top + 1, seed) * (1 - u) + hash(left + 1, top + 1, seed) * u
  return a * (1 - v) + b * v
}

function hash(x: number, y: number, seed: number): number {
  let value = Math.imul(x, 374761393) ^ Math.imul(y, 668265263) ^ Math.imul(seed + 1, 1274126177)
  value = Math.imul(value ^ (value >>> 13), 1103515245)
  return ((value ^ (value >>> 16)) >>> 0) / 4294967296
}
