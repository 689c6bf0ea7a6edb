import type { Core } from '../../src/main/core/core.js'
import type { Input, Method, Output } from '../../src/shared/contract/api.js'
import type { Job, JobKind } from '../../src/shared/contract/job.js'
import { callCore, startCore } from '../fixtures/host.js'

/** Core with what a test does all the time: call it, start a job, and wait for its end. */
export interface CoreSession {
  readonly core: Core
  /** The last word of every job, by id. */
  readonly jobs: ReadonlyMap<string, Job>
  readonly call: <M extends Method>(method: M, input: Input<M>) => Promise<Output<M>>
  readonly ended: <K extends JobKind>(id: string) => Promise<Job<K>>
  /** Throws unless the job succeeds. */
  readonly run: <K extends JobKind>(kind: K, input: Job<K>['input']) => Promise<Job<K>>
}

/** @param packsFolder packs that come with the app, where not the usual ones of the tests */
export function startSession(base: string, packsFolder?: string): CoreSession {
  const core = startCore(base, packsFolder)
  const jobs = new Map<string, Job>()
  core.on((message) => {
    if (message.event === 'job') jobs.set((message.payload as Job).id, message.payload as Job)
  })
  const call: CoreSession['call'] = (method, input) => callCore(core, method, input)
  async function ended<K extends JobKind>(id: string): Promise<Job<K>> {
    for (;;) {
      const now = jobs.get(id)
      if (now !== undefined && now.endedAt !== null) return now as Job<K>
      await new Promise((later) => setTimeout(later, 10))
    }
  }
  return {
    ...{ core, jobs, call, ended },
    async run<K extends JobKind>(kind: K, input: Job<K>['input']) {
      const { id } = await call('jobs.start', { kind, input } as Input<'jobs.start'>)
      const job = await ended<K>(id)
      if (job.status === 'succeeded') return job
      throw new Error(`${kind} ${job.status}: ${JSON.stringify(job.error)}`)
    },
  }
}
