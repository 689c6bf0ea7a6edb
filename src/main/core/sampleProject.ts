import { access, copyFile, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProjectState } from '../../shared/contract/api.js'
import type { Workspace } from './workspace.js'
import { createProject, openProject } from './project/session.js'

export const SAMPLE_FOLDER = 'Sample project'

/**
 * Opens the sample project, making it first where there is none: its clip is one the
 * project rendered itself and ships under resources/sample.
 */
export async function openSampleProject(
  workspace: Workspace,
  options: { readonly projectsFolder: string; readonly resourcesFolder: string },
): Promise<ProjectState> {
  const folder = join(options.projectsFolder, SAMPLE_FOLDER)
  const made = await access(join(folder, 'project.json')).then(
    () => true,
    () => false,
  )
  if (workspace.state()?.folder === folder) return workspace.announce()
  if (made) return workspace.adopt(await openProject(folder))

  await mkdir(options.projectsFolder, { recursive: true })
  const state = await workspace.adopt(await createProject(folder, { name: SAMPLE_FOLDER }))
  // Imported like any other clip, so that the first thing a person sees is the real path at work.
  const clip = join(options.resourcesFolder, 'sample', 'balloon.mp4')
  const copy = join(folder, 'cache', 'balloon.mp4')
  await mkdir(join(folder, 'cache'), { recursive: true })
  await copyFile(clip, copy)
  await workspace.current().jobs.start('import', { path: copy, name: 'balloon.mp4', place: true })
  return state
}
