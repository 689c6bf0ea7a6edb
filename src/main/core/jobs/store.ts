import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { jobRequestSchema } from '../../../shared/contract/api.js'
import { ERROR_CODES } from '../../../shared/contract/errors.js'
import type { Job } from '../../../shared/contract/job.js'
import { idSchema } from '../../../shared/document/schema/index.js'
import { writeAtomic } from '../project/disk.js'
import type { JobStore } from './queue.js'

const savedSchema = z.object({
  id: idSchema,
  createdAt: z.string(),
  request: jobRequestSchema,
  /** How it ended, where it was stopped and not killed. */
  ended: z
    .object({
      status: z.enum(['cancelled', 'failed']),
      startedAt: z.string().nullable(),
      endedAt: z.string(),
      error: z
        .object({
          code: z.enum(ERROR_CODES),
          message: z.string(),
          hint: z.string().exactOptional(),
          detail: z.string().exactOptional(),
        })
        .exactOptional(),
    })
    .exactOptional(),
})

/** Unfinished jobs as one small file each, in the project's cache folder. */
export function createJobStore(projectFolder: string): JobStore {
  const folder = join(projectFolder, 'cache', 'jobs')
  const fileOf = (id: string): string => join(folder, `${id}.json`)

  return {
    async save(job) {
      await mkdir(folder, { recursive: true })
      const saved = {
        id: job.id,
        createdAt: job.createdAt,
        request: { kind: job.kind, input: job.input },
        ...(job.endedAt === null ? {} : { ended: endOf(job) }),
      }
      await writeAtomic(fileOf(job.id), JSON.stringify(saved))
    },

    async remove(id) {
      await rm(fileOf(id), { force: true })
    },

    async load() {
      const jobs: Job[] = []
      for (const name of await readdir(folder).catch(() => [])) {
        if (!name.endsWith('.json')) continue
        const parsed = savedSchema.safeParse(await readJson(join(folder, name)))
        if (!parsed.success) {
          // A half-written note about a job is worth nothing; the project itself is not touched.
          await rm(join(folder, name), { force: true })
          continue
        }
        const { id, createdAt, request, ended } = parsed.data
        jobs.push({
          id,
          kind: request.kind,
          input: request.input as Job['input'],
          status: 'queued',
          seq: 0,
          progress: { phase: 'waiting', done: 0, total: null, etaSeconds: null },
          createdAt,
          startedAt: null,
          endedAt: null,
          ...ended,
        })
      }
      return jobs
    },
  }
}

function endOf({ status, startedAt, endedAt, error }: Job): object {
  return { status, startedAt, endedAt, ...(error === undefined ? {} : { error }) }
}

async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'))
  } catch {
    return null
  }
}
