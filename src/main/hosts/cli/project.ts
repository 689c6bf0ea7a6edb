import { basename, resolve } from 'node:path'
import type { ExportPreset } from '../../../shared/contract/job.js'
import type { CommandContext } from './session.js'

export async function newProject(
  { client, report }: CommandContext,
  dir: string,
): Promise<boolean> {
  const folder = resolve(dir)
  await client.call('project.create', { folder, name: basename(folder) })
  report.result({ folder }, [`Created the project ${folder}.`])
  return true
}

export async function importFile(
  { client, report }: CommandContext,
  dir: string,
  file: string,
): Promise<boolean> {
  await client.call('project.open', { folder: resolve(dir) })
  const result = await client.runJob('import', { path: resolve(file), place: true })
  report.result(result, [`Imported ${basename(file)} and placed it on the timeline.`])
  return true
}

export interface ExportOptions {
  readonly preset: ExportPreset
  readonly out: string
  readonly overwrite: boolean
}

export async function exportProject(
  { client, report }: CommandContext,
  dir: string,
  { preset, out, overwrite }: ExportOptions,
): Promise<boolean> {
  await client.call('project.open', { folder: resolve(dir) })
  const result = await client.runJob('export', { preset, path: resolve(out), overwrite })
  const size = `${result.frames} frames, ${(result.bytes / 1e6).toFixed(1)} MB`
  report.result(result, [`Wrote ${result.path} (${size}).`])
  return true
}
