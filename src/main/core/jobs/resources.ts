import { statfs } from 'node:fs/promises'
import type { ErrorData } from '../../../shared/contract/errors.js'
import type { Forecast, JobKind, Unfinished } from '../../../shared/contract/job.js'
import type { MediaInfo } from '../../../shared/document/model.js'
import type { ProjectSession } from '../project/session.js'
import type { EngineHost } from '../engineHost/engineHost.js'
import type { FfmpegTools } from '../../ffmpeg/tools.js'
import type { PackStore } from '../packs/packStore.js'
import type { Digest } from './digests.js'
import type { Rates } from './rates.js'

/** What every job handler is made with: the open project and this computer's means. */
export interface JobResources {
  readonly session: ProjectSession
  readonly tools: () => Promise<FfmpegTools>
  readonly engine: EngineHost
  readonly rates: Rates
  readonly packs: PackStore
  readonly appVersion: string
  readonly digest: Digest
  /** Applies commands to the document and tells every listener. */
  readonly dispatch: (
    commands: Parameters<ProjectSession['dispatch']>[0],
    mode: 'record' | 'ignore',
  ) => void
}

/** Room that must stay free on the disk after a job, so that the project can always be saved. */
const DISK_RESERVE = 200 * 1024 * 1024

export function megapixels(size: { width: number; height: number }): number {
  return (size.width * size.height) / 1e6
}

export function megapixelFrames(info: MediaInfo, frames: number): number {
  return megapixels(info) * frames
}

/** @param needed with what has to stay free for everything else */
function diskTooSmall(needed: number, free: number): ErrorData {
  const missing = needed - free
  return {
    code: 'disk-full',
    message: `There is not enough free disk space for this job: it takes ${sizeOf(needed)}, ${sizeOf(free)} are free, ${sizeOf(missing)} are missing.`,
    hint: 'Free some space, or move the project to a larger disk.',
    missingBytes: missing,
  }
}

/** Rounded up: with what is said to be missing it has to work. */
function sizeOf(bytes: number): string {
  const [unit, by] = bytes >= 1e9 ? (['GB', 1e9] as const) : (['MB', 1e6] as const)
  return `${(Math.ceil((bytes / by) * 10) / 10).toFixed(1)} ${unit}`
}

/** Completes a forecast with the disk's state and the two problems any job can have. */
export async function completeForecast(
  resources: JobResources,
  estimate: {
    readonly kind: JobKind
    readonly work: number
    readonly memoryBytes: number
    readonly diskBytes: number
    readonly problems: readonly ErrorData[]
    /** What an earlier run has finished, which is then no work any more. */
    readonly goesOn?: Unfinished | null
  },
): Promise<Forecast> {
  const disk = await statfs(resources.session.folder)
  const diskFreeBytes = disk.bavail * disk.bsize
  const problems = [...estimate.problems]
  const needed = estimate.diskBytes + DISK_RESERVE
  if (needed > diskFreeBytes) problems.push(diskTooSmall(needed, diskFreeBytes))
  const goesOn = estimate.goesOn ?? null
  const left = goesOn === null ? 1 : (goesOn.total - goesOn.done) / goesOn.total
  return {
    ...resources.rates.seconds(estimate.kind, estimate.work * left),
    memoryBytes: estimate.memoryBytes,
    diskBytes: estimate.diskBytes,
    diskFreeBytes,
    problems,
    ...(goesOn === null ? {} : { goesOn }),
  }
}
