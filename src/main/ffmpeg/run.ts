import type { ChildProcess } from 'node:child_process'
import createCommand from 'fluent-ffmpeg'
import { throwIfAborted, track } from './children.js'
import { ffmpegFailure } from './failure.js'
import { fileUrl, patternOptions } from './paths.js'
import { createProgressParser } from './progress.js'
import type { FfmpegProgress } from './progress.js'

/** A job from files to files. */
export interface FfmpegJob {
  /** For the error message: `make the filmstrip`. */
  readonly doing: string
  readonly inputs: readonly { readonly path: string; readonly options?: readonly string[] }[]
  readonly outputs: readonly { readonly path: string; readonly options: readonly string[] }[]
}

/**
 * Members that fluent-ffmpeg 2.1.3 has and its types hide. Its look-ups of the program's path
 * and capabilities go through one cache for the whole process, which ignores a path set later,
 * so each command gets its own answers; what ffmpeg can do we ask ourselves (tools.ts).
 */
interface Internals {
  ffmpegProc?: ChildProcess
  _getFfmpegPath: (done: (error: null, path: string) => void) => void
  _checkCapabilities: (done: (error: null) => void) => void
  availableEncoders: (done: (error: null, encoders: Record<string, never>) => void) => void
}

/**
 * Runs ffmpeg from files with pictures to files. The only place that uses fluent-ffmpeg.
 *
 * @throws AppError `cancelled`, `disk-full`, `disk-write`, `media-damaged`, `ffmpeg-failed`
 */
export async function runFfmpeg(
  ffmpegPath: string,
  job: FfmpegJob,
  options: {
    readonly signal?: AbortSignal | undefined
    readonly onProgress?: (progress: FfmpegProgress) => void
  } = {},
): Promise<void> {
  const { signal, onProgress } = options
  throwIfAborted(signal)
  const command = createCommand({ stdoutLines: 60 })
  const internals = command as unknown as Internals
  internals._getFfmpegPath = (done) => done(null, ffmpegPath)
  internals._checkCapabilities = (done) => done(null)
  internals.availableEncoders = (done) => done(null, {})

  // Always several arguments at a time: a single string or an array would be split at its spaces.
  for (const input of job.inputs) {
    command
      .input(fileUrl(input.path))
      .inputOptions(...QUIET, ...patternOptions(input.path), ...(input.options ?? []))
  }
  for (const output of job.outputs) {
    command.output(fileUrl(output.path)).outputOptions('-map_chapters', '-1', ...output.options)
  }

  command.output('pipe:1').outputOptions(...LIFELINE)

  const parse = createProgressParser()
  const complaints: string[] = []
  await new Promise<void>((succeed, reject) => {
    const abort = (): void => {
      command.kill('SIGKILL')
    }
    const settle = (finish: () => void): void => {
      signal?.removeEventListener('abort', abort)
      finish()
    }
    command
      .on('start', () => {
        if (internals.ffmpegProc !== undefined) track(internals.ffmpegProc)
        if (signal?.aborted === true) abort()
      })
      .on('stderr', (line: string) => {
        const reports = parse(`${line}\n`)
        if (!PROGRESS_LINE.test(line)) complaints.push(line)
        for (const report of reports) onProgress?.(report)
      })
      .on('end', () => settle(succeed))
      .on('error', (error: Error) => {
        const text = complaints.slice(-40).join('\n')
        settle(() => reject(ffmpegFailure(job.doing, null, text === '' ? error.message : text)))
      })
    signal?.addEventListener('abort', abort, { once: true })
    command.run()
  }).catch((error: unknown) => {
    throwIfAborted(signal)
    throw error
  })
}

/** No questions on stdin, no network by way of a playlist, complaints only, progress as lines. */
const QUIET = [
  ...['-hide_banner', '-nostdin', '-loglevel', 'error'],
  ...['-progress', 'pipe:2', '-protocol_whitelist', 'file,pipe'],
]

/**
 * A listing of the first input's packets to this process, which nobody reads. When this process is
 * killed the pipe breaks, and with it ffmpeg ends, which otherwise would work on for no one.
 */
const LIFELINE = ['-map', '0:V:0', '-c', 'copy', '-flush_packets', '1', '-f', 'framecrc']

const PROGRESS_LINE = /^[a-z0-9_]+=\s*\S+$/
