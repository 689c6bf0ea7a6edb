import type { JobRequest } from '../../shared/contract/api.js'
import type { Job, Unfinished } from '../../shared/contract/job.js'
import type { Id } from '../../shared/document/model.js'
import { isKind, isLive, useJobs } from './jobs.js'

/** A job that came to no end and has frames to go on from. */
export type StoppedJob = StoppedTake | StoppedSpeed
/** One whose finished frames can be made a take of. */
export type StoppedTake = Job<'remove' | 'edit' | 'stylise'> & { readonly unfinished: Unfinished }

export type StoppedSpeed = Job<'retime'> & { readonly unfinished: Unfinished }

export function isStopped(job: Job): job is StoppedJob {
  return isStoppedTake(job) || isStoppedSpeed(job)
}

function isStoppedSpeed(job: Job): job is StoppedSpeed {
  return job.unfinished !== undefined && isKind(job, 'retime')
}

function isStoppedTake(job: Job): job is StoppedTake {
  const makesTake = isKind(job, 'remove') || isKind(job, 'edit') || isKind(job, 'stylise')
  return job.unfinished !== undefined && makesTake
}

/** What is left of a segment's last run; undefined while it runs. */
export function useStopped(segmentId: Id): StoppedTake | undefined {
  return useJobs((state) =>
    state.jobs.findLast(
      (job): job is StoppedTake => isStoppedTake(job) && job.input.segmentId === segmentId,
    ),
  )
}

/** What is left of the last change of a clip's speed; undefined while one runs. */
export function useStoppedSpeed(clipId: Id): StoppedSpeed | undefined {
  return useJobs((state) =>
    state.jobs.findLast(
      (job): job is StoppedSpeed => isStoppedSpeed(job) && job.input.clipId === clipId,
    ),
  )
}

/** True while the finished frames of a segment are being made into a take. */
export function useKeeping(segmentId: Id): boolean {
  return useJobs((state) =>
    state.jobs.some(
      (job) => isKind(job, 'keep') && isLive(job) && job.input.segmentId === segmentId,
    ),
  )
}

/** Goes on; core forgets the stopped job by itself. */
export function goOn({ kind, input }: StoppedJob): void {
  void useJobs.getState().start({ kind, input } as JobRequest)
}

/** Makes a take of the frames that are finished. */
export function keepFrames({ input }: StoppedTake): void {
  void useJobs.getState().start({ kind: 'keep', input: { segmentId: input.segmentId } })
}
