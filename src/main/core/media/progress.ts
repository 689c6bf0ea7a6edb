import type { JobPhase } from '../../../shared/contract/job.js'

/** How far a piece of media work is; the job queue adds the time that is left. */
export interface MediaProgress {
  readonly phase: JobPhase
  readonly done: number
  readonly total: number | null
}

export interface MediaWork {
  readonly onProgress?: ((progress: MediaProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}
