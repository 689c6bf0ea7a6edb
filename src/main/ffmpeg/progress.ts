/** What ffmpeg reports of a running job. */
export interface FfmpegProgress {
  /** Frames written so far; 0 for a job without pictures. */
  readonly frame: number
  /** Length of what is written so far. */
  readonly seconds: number
  /** True in the last report only. */
  readonly ended: boolean
}

/**
 * Reads the `key=value` blocks that `-progress` prints, in whatever pieces they arrive.
 * Returns the reports completed by this piece, oldest first.
 */
export function createProgressParser(): (text: string) => FfmpegProgress[] {
  let rest = ''
  let frame = 0
  let seconds = 0
  return (text) => {
    const lines = (rest + text).split(/\r?\n/)
    rest = lines.pop() ?? ''
    const reports: FfmpegProgress[] = []
    for (const line of lines) {
      const [key, value] = keyValue(line)
      if (key === 'frame') frame = whole(value) ?? frame
      // ffmpeg prints microseconds under this name since ever; `out_time_us` came later.
      else if (key === 'out_time_ms') seconds = Math.max(0, (whole(value) ?? seconds * 1e6) / 1e6)
      else if (key === 'progress') reports.push({ frame, seconds, ended: value === 'end' })
    }
    return reports
  }
}

function keyValue(line: string): readonly [key: string, value: string] {
  const at = line.indexOf('=')
  return at < 0 ? ['', ''] : [line.slice(0, at).trim(), line.slice(at + 1).trim()]
}

/** Before the first packet ffmpeg prints `N/A`. */
function whole(value: string): number | undefined {
  return /^-?\d+$/.test(value) ? Number(value) : undefined
}
