import type { ErrorData } from '../../../shared/contract/errors.js'
import type { Job, JobKind, JobPhase } from '../../../shared/contract/job.js'

/** What a command says: lines for people, or one JSON event a line for programs. */
export interface Report {
  readonly job: (job: Job) => void
  /** Something worth knowing on the way. */
  readonly note: (data: object, text: string) => void
  /** The outcome on stdout. `lines` is its form for people. */
  readonly result: (data: unknown, lines: readonly string[]) => void
  readonly error: (error: ErrorData) => void
}

const PHASES: Readonly<Record<JobPhase, string>> = {
  waiting: 'waiting',
  starting: 'starting',
  probing: 'reading',
  copying: 'copying',
  proxy: 'making the preview',
  thumbnails: 'making thumbnails',
  waveform: 'reading the sound',
  analysing: 'analysing motion',
  filling: 'filling',
  grading: 'applying the edit',
  retiming: 'changing the speed',
  painting: 'painting',
  tracking: 'following the mask',
  checking: 'checking',
  loading: 'loading the model',
  sampling: 'generating',
  enlarging: 'enlarging',
  writing: 'writing',
  preview: 'making the preview',
  encoding: 'encoding',
  finishing: 'finishing',
}

interface Streams {
  readonly out: (text: string) => void
  readonly err: (text: string) => void
  /** The error stream is a terminal: one line may be written over. */
  readonly terminal: boolean
}

const ownStreams: Streams = {
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
  terminal: process.stderr.isTTY,
}

export function createReport(json: boolean, streams: Streams = ownStreams): Report {
  return json ? jsonReport(streams) : textReport(streams)
}

function jsonReport({ out }: Streams): Report {
  const line = (event: string, fields: object): void => {
    out(`${JSON.stringify({ event, ...fields })}\n`)
  }
  return {
    job: ({ id, kind, status, progress }) => {
      line('job', { id, kind, status, ...progress })
    },
    note: (data, text) => {
      line('note', { text, ...data })
    },
    result: (data) => {
      line('result', { data })
    },
    error: (error) => {
      line('error', error)
    },
  }
}

function textReport({ out, err, terminal }: Streams): Report {
  let shown = ''
  const clear = (): void => {
    if (terminal && shown !== '') err('\r\u001b[K')
    shown = ''
  }
  return {
    job: (job) => {
      if (terminal) {
        const line = progressLine(job)
        if (line !== shown) err(`\r\u001b[K${line}`)
        shown = line
        return
      }
      // In a log file every phase gets one line.
      const line = `${commandOf(job.kind)}: ${PHASES[job.progress.phase]}`
      if (line !== shown && job.endedAt === null) err(`${line}\n`)
      shown = line
    },
    note: (_data, text) => {
      clear()
      err(`${text}\n`)
    },
    result: (_data, lines) => {
      clear()
      for (const line of lines) out(`${line}\n`)
    },
    error: ({ message, hint, detail }) => {
      clear()
      err(`${message}\n`)
      if (hint !== undefined) err(`${hint}\n`)
      if (detail !== undefined && process.env['LUMIERE_DEBUG']) err(`${detail}\n`)
    },
  }
}

/** E.g. `remove: filling 12 of 70, about 20 s left`. */
export function progressLine({ kind, progress }: Job): string {
  const { phase, done, total, etaSeconds } = progress
  const count = total === null ? (done > 0 ? ` ${done}` : '') : ` ${done} of ${total}`
  const left = etaSeconds === null ? '' : `, about ${duration(etaSeconds)} left`
  return `${commandOf(kind)}: ${PHASES[phase]}${count}${left}`
}

/** A job by the name of its command. */
function commandOf(kind: JobKind): string {
  return kind === 'stylise' ? 'stylize' : kind
}

/** Seconds in the words of a forecast: `8 s`, `3 min`, `1 h 20 min`. */
export function duration(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds))
  if (whole < 90) return `${whole} s`
  const minutes = Math.round(whole / 60)
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
