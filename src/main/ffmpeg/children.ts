import { spawn } from 'node:child_process'
import type { ChildProcess, StdioOptions } from 'node:child_process'
import { AppError } from '../../shared/contract/errors.js'

const running = new Set<ChildProcess>()

// A normal exit of this process must not leave an ffmpeg behind. After a SIGKILL nothing here
// runs; then the broken pipe ends the child, as every child of this folder talks over one.
process.on('exit', killChildren)

/** Kills every ffmpeg or ffprobe that this process started and that still runs. */
export function killChildren(): void {
  for (const child of running) child.kill('SIGKILL')
}

/** Process ids of the ffmpeg and ffprobe children that run now. */
export function runningChildren(): readonly number[] {
  return [...running].flatMap((child) => (child.pid === undefined ? [] : [child.pid]))
}

/** Has the child killed when this process ends. */
export function track(child: ChildProcess): void {
  running.add(child)
  const forget = (): void => {
    running.delete(child)
  }
  child.once('exit', forget)
  child.once('error', forget)
}

/** How a child ended: exit code (null when a signal ended it) and the end of what it complained about. */
export interface ChildEnd {
  readonly code: number | null
  readonly stderr: string
}

export interface TrackedChild {
  readonly process: ChildProcess
  /** Resolves when the child is gone and its stderr is read; rejects with `ffmpeg-missing` when it cannot start. */
  readonly ended: Promise<ChildEnd>
  kill(): void
}

/** Starts a tracked child with an argv array, never through a shell. Aborting the signal kills it. */
export function startChild(
  command: string,
  args: readonly string[],
  options: {
    readonly stdin: 'ignore' | 'pipe'
    readonly stdout: 'ignore' | 'pipe'
    readonly signal?: AbortSignal | undefined
    readonly onStderr?: (text: string) => void
  },
): TrackedChild {
  throwIfAborted(options.signal)
  const stdio: StdioOptions = [options.stdin, options.stdout, 'pipe']
  const child = spawn(command, args, { stdio, windowsHide: true, env: CHILD_ENVIRONMENT })
  track(child)

  let stderr = ''
  child.stderr?.setEncoding('utf8')
  child.stderr?.on('data', (text: string) => {
    options.onStderr?.(text)
    stderr = (stderr + text).slice(-STDERR_KEPT)
  })
  const kill = (): void => {
    child.kill('SIGKILL')
  }
  options.signal?.addEventListener('abort', kill, { once: true })
  const ended = new Promise<ChildEnd>((resolve, reject) => {
    child.once('close', (code) => {
      options.signal?.removeEventListener('abort', kill)
      resolve({ code, stderr })
    })
    child.once('error', (cause) => {
      options.signal?.removeEventListener('abort', kill)
      reject(cannotStart(command, cause))
    })
  })
  // Whoever stops reading early never awaits this; the failure is then of no interest.
  ended.catch(() => undefined)
  return { process: child, ended, kill }
}

/** Raises the one form of cancellation this layer uses. */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new AppError('cancelled', 'Cancelled.')
}

function cannotStart(command: string, cause: Error): AppError {
  return new AppError('ffmpeg-missing', `The program ${command} could not be started.`, {
    hint: 'Check the ffmpeg path in the settings, or install the app again.',
    detail: cause.message,
    cause,
  })
}

const STDERR_KEPT = 8000

/**
 * The static Linux builds crash where the C library loads its character tables, which reading a
 * transport stream's service name asks for; without tables the name stays as it is.
 */
const CHILD_ENVIRONMENT = { ...process.env, GCONV_PATH: '/dev/null' }
