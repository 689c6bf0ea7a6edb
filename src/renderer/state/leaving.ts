import { create } from 'zustand'
import type { Input } from '../../shared/contract/api.js'
import type { Job } from '../../shared/contract/job.js'
import { isKind, isLive, useJobs } from './jobs.js'
import { useProject } from './project.js'

/** The question whether to leave a project whose work still runs; null while nobody is asked. */
interface Leaving {
  readonly jobs: number
  readonly answer: (leave: boolean) => void
}

export const useLeaving = create<{ readonly asked: Leaving | null }>()(() => ({ asked: null }))

/** What would be lost by leaving: previews and the sample are made again by themselves, all else was asked for. */
export function workUnderWay(jobs: readonly Job[]): number {
  return jobs.filter((job) => isLive(job) && !makesItselfAgain(job)).length
}

function makesItselfAgain(job: Job): boolean {
  return job.kind === 'prepare' || (isKind(job, 'import') && job.input.sample === true)
}

type Opening = 'project.create' | 'project.open' | 'project.openSample'

/** Opens a project in place of this one. Core stops what runs in this one, so that is asked first. */
export async function openInstead<M extends Opening>(method: M, input: Input<M>): Promise<boolean> {
  const jobs = workUnderWay(useJobs.getState().jobs)
  if (jobs > 0 && !(await mayLeave(jobs))) return false
  return useProject.getState().open(method, input)
}

function mayLeave(jobs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const answer = (leave: boolean): void => {
      useLeaving.setState({ asked: null })
      resolve(leave)
    }
    useLeaving.setState({ asked: { jobs, answer } })
  })
}
