import { basename, resolve } from 'node:path'
import type { ExportPreset } from '../../../shared/contract/job.js'
import { recordsOf } from '../../../shared/document/model.js'
import { staleLayers } from '../../../shared/document/stale.js'
import { outPath } from './out.js'
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

/** Makes every take in use again that no longer fits what lies below it, from the bottom up. */
export async function updateProject(
  { client, report }: CommandContext,
  dir: string,
): Promise<boolean> {
  const { doc } = await client.call('project.open', { folder: resolve(dir) })
  const updated: string[] = []
  for (const { id } of recordsOf(doc, 'clip')) {
    for (const { segment, take } of staleLayers(doc, id)) {
      const input = { segmentId: segment.id, again: take.id }
      updated.push((await client.runJob(segment.verb, input)).takeId)
    }
  }
  await client.call('project.save', {})
  report.result({ updated }, [
    updated.length === 0
      ? 'Everything is up to date.'
      : `Brought ${updated.length} ${updated.length === 1 ? 'edit' : 'edits'} up to date.`,
  ])
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
  const path = await outPath(report, out, overwrite)
  await client.call('project.open', { folder: resolve(dir) })
  const result = await client.runJob('export', { preset, path, overwrite })
  const size = `${result.frames} frames, ${(result.bytes / 1e6).toFixed(1)} MB`
  report.result(result, [`Wrote ${result.path} (${size}).`])
  return true
}
