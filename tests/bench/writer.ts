import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Rational } from '../../src/shared/rational.js'

/** Encodes grey frames to H.264 for the benchmark's clips. */
export function openFrameWriter(
  ffmpeg: string,
  path: string,
  options: { width: number; height: number; fps: Rational },
): { write(frame: Uint8Array): Promise<void>; finish(): Promise<void> } {
  const { width, height, fps } = options
  const child = spawn(
    ffmpeg,
    ['-v', 'error', '-y', '-f', 'rawvideo', '-pix_fmt', 'gray', '-s', `${width}x${height}`]
      .concat(['-r', `${fps.num}/${fps.den}`, '-i', 'pipe:0', '-c:v', 'libx264'])
      .concat(['-preset', 'veryfast', '-crf', '16', '-pix_fmt', 'yuv420p', path]),
    { stdio: ['pipe', 'inherit', 'inherit'] },
  )
  const ended = once(child, 'close') as Promise<[number | null]>
  return {
    async write(frame) {
      if (!child.stdin.write(Buffer.from(frame))) await once(child.stdin, 'drain')
    },
    async finish() {
      child.stdin.end()
      const [code] = await ended
      if (code !== 0) throw new Error(`ffmpeg ended with ${String(code)}`)
    },
  }
}
