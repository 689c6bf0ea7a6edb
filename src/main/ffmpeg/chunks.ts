import { pipeline } from 'node:stream/promises'
import { AppError } from '../../shared/contract/errors.js'
import { startChild, throwIfAborted } from './children.js'
import { ffmpegFailure } from './failure.js'

/** No questions, no network by way of a playlist, errors only, and rotation is ours to do. */
export const QUIET = [
  ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-nostats'],
  ...['-protocol_whitelist', 'file,pipe'],
]

/**
 * Runs ffmpeg and yields its stdout in pieces of exactly `size` bytes; a shorter last piece
 * is dropped, as it is no whole frame.
 *
 * @param options.feed goes to ffmpeg's stdin, at the pace it is read; its failure is thrown here
 */
export async function* readChunks(
  ffmpegPath: string,
  args: readonly string[],
  size: number,
  options: {
    readonly doing: string
    readonly signal: AbortSignal | undefined
    readonly feed?: AsyncGenerator<Uint8Array>
  },
): AsyncGenerator<Uint8Array> {
  const { doing, signal, feed } = options
  const stdin = feed === undefined ? 'ignore' : 'pipe'
  const child = startChild(ffmpegPath, args, { stdin, stdout: 'pipe', signal })
  const stdout = child.process.stdout
  if (stdout === null) throw new AppError('internal', 'ffmpeg has no stdout.')
  let feedError: Error | undefined
  const feeding = (async () => {
    if (feed === undefined || child.process.stdin === null) return
    try {
      await pipeline(feed, child.process.stdin)
    } catch (error) {
      // A broken pipe is ffmpeg's end, whose reason is read below; anything else is the source's.
      if (!isBrokenPipe(error))
        feedError = error instanceof Error ? error : new Error(String(error))
      child.kill()
    }
  })()
  try {
    let chunk = new Uint8Array(size)
    let filled = 0
    for await (const part of stdout as AsyncIterable<Uint8Array>) {
      let at = 0
      while (at < part.byteLength) {
        const take = Math.min(part.byteLength - at, size - filled)
        chunk.set(part.subarray(at, at + take), filled)
        at += take
        filled += take
        if (filled === size) {
          throwIfAborted(signal)
          yield chunk
          chunk = new Uint8Array(size)
          filled = 0
        }
      }
    }
    const end = await child.ended
    await feeding
    throwIfAborted(signal)
    if (feedError !== undefined) throw feedError
    if (end.code !== 0) throw ffmpegFailure(doing, end.code, end.stderr)
  } catch (error) {
    throwIfAborted(signal)
    throw error
  } finally {
    child.kill()
    await feeding
  }
}

function isBrokenPipe(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  return code === 'EPIPE' || code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE'
}
