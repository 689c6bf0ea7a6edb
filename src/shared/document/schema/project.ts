import { z } from 'zod'
import type { Id, ProjectMeta, Rec } from '../model.js'
import { metaSchema, recSchema } from './records.js'
import { LIMITS, idSchema } from './values.js'
import type { Exactly } from './values.js'

/** The magic word of a project file. */
export const PROJECT_APP = 'lumiere-studio'

/** What project.json holds. */
export interface ProjectFile {
  readonly app: typeof PROJECT_APP
  readonly version: number
  /** The sequence number of the last change in this file; the journal goes on from here. */
  readonly seq: number
  readonly meta: ProjectMeta
  readonly records: Readonly<Record<Id, Rec>>
}

const projectFile = z.strictObject({
  app: z.literal(PROJECT_APP),
  version: z.int().min(1),
  seq: z.int().min(0),
  meta: metaSchema,
  records: z
    .record(idSchema, recSchema)
    .refine((records) => Object.keys(records).length <= LIMITS.records, 'Too many records.'),
})
/** project.json at the current version; older ones pass through migrations.ts first. */
export const projectFileSchema: Exactly<typeof projectFile, ProjectFile> = projectFile
