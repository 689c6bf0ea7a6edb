import { execFile, execFileSync } from 'node:child_process'
import { promisify } from 'node:util'
import type { Size } from '../../src/main/engine/vision/image.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'

/** A red square in the middle of a panning picture: 320x180, 16 fps, 2 s, with a tone. */
export async function renderMovingSquare(path: string): Promise<string> {
  const { ffmpeg } = await findFfmpeg()
  const graph =
    'mandelbrot=size=480x240:rate=16:start_scale=0.4:end_scale=0.4,trim=end_frame=1,' +
    "loop=32:1:0,setpts=N/16/TB,crop=320:180:x='n*3':y=20," +
    'drawbox=x=140:y=70:w=40:h=40:color=red:t=fill'
  const input = ['-v', 'error', '-f', 'lavfi', '-i', graph]
  const tone = ['-f', 'lavfi', '-i', 'sine=frequency=330:duration=2']
  const output = ['-frames:v', '32', '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-crf', '12']
  await promisify(execFile)(ffmpeg, [...input, ...tone, ...output, '-c:a', 'aac', '-y', path])
  return path
}

/** A red square that crosses a still picture: 320x180, 16 fps, 2 s, from x = 40 by 5 px a frame. */
export async function renderCrossingSquare(path: string): Promise<string> {
  const { ffmpeg } = await findFfmpeg()
  const graph =
    'mandelbrot=size=480x240:rate=16:start_scale=0.4:end_scale=0.4,trim=end_frame=1,' +
    'loop=32:1:0,setpts=N/16/TB,crop=320:180:40:20[back];' +
    'testsrc=size=40x40:rate=16,trim=end_frame=1,loop=32:1:0,setpts=N/16/TB,hue=s=2[front];' +
    "[back][front]overlay=x='40+n*5':y=70"
  const input = ['-v', 'error', '-f', 'lavfi', '-i', graph]
  const output = ['-frames:v', '32', '-pix_fmt', 'yuv420p', '-c:v', 'libx264', '-crf', '10']
  await promisify(execFile)(ffmpeg, [...input, ...output, '-y', path])
  return path
}

/** A clip of RGB frames that a test drew, at 16 fps. */
export async function encodeFrames(
  path: string,
  { width, height, frames }: Size & { readonly frames: readonly Uint8Array[] },
): Promise<string> {
  const { ffmpeg } = await findFfmpeg()
  const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', `${width}x${height}`, '-r', '16']
  const output = ['-pix_fmt', 'yuv420p', '-crf', '14', '-y', path]
  execFileSync(ffmpeg, ['-v', 'error', ...raw, '-i', '-', ...output], {
    input: Buffer.concat(frames.map((frame) => Buffer.from(frame))),
  })
  return path
}
