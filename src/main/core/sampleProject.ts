import { access, copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProjectState } from '../../shared/contract/api.js'
import type { Job } from '../../shared/contract/job.js'
import type { Workspace } from './workspace.js'
import { createProject, openProject } from './project/session.js'

export const SAMPLE_FOLDER = 'Sample project'

/**
 * Opens the sample project, making it first where there is none: its clip is one the
 * project rendered itself and ships under resources/sample.
 */
export async function openSampleProject(
  workspace: Workspace,
  options: {
    readonly projectsFolder: string
    readonly resourcesFolder: string
    /** What it is called in the person's language, where it is made now. */
    readonly name?: string
  },
): Promise<ProjectState> {
  const folder = join(options.projectsFolder, SAMPLE_FOLDER)
  const made = await access(join(folder, 'project.json')).then(
    () => true,
    () => false,
  )
  if (workspace.state()?.folder === folder) return workspace.announce()
  if (!made) await mkdir(options.projectsFolder, { recursive: true })
  const session = await (made
    ? openProject(folder)
    : createProject(folder, { name: options.name ?? SAMPLE_FOLDER }))
  const state = await workspace.adopt(session)
  // Left before its clip was there: nobody has done anything in it yet.
  const isEmpty = state.seq === 0 && Object.keys(state.doc.records).length === 0
  if (isEmpty) await importSample(workspace, folder, options.resourcesFolder)
  return state
}

/** Imported like any other clip, so that the first thing a person sees is the real path at work. */
async function importSample(
  workspace: Workspace,
  folder: string,
  resourcesFolder: string,
): Promise<void> {
  const { jobs } = workspace.current()
  for (const job of jobs.list()) if (isSampleImport(job)) await jobs.dismiss(job.id)
  const clip = join(resourcesFolder, 'sample', 'balloon.mp4')
  const copy = join(folder, 'cache', 'balloon.mp4')
  await mkdir(join(folder, 'cache'), { recursive: true })
  await copyFile(clip, copy)
  const input = { path: copy, name: 'balloon.mp4', place: true, sample: true } as const
  await jobs.start('import', input)
}

function isSampleImport({ kind, input }: Job): boolean {
  return kind === 'import' && 'sample' in input
}
