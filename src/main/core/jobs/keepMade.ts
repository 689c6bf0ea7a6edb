import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Command } from '../../../shared/document/commands.js'
import { placeCommands } from '../../../shared/document/placing.js'
import type { AssetRec, Id, MadeBy } from '../../../shared/document/model.js'
import { assetCache } from '../../../shared/projectPaths.js'
import { cutToBytes } from '../media/files.js'
import { importMedia } from '../media/importMedia.js'
import { prepareAsset } from '../media/prepare.js'
import type { JobContext } from './queue.js'
import type { JobResources } from './resources.js'

/** What puts a clip on the timeline. */
export interface Placed {
  readonly commands: readonly Command[]
  readonly clipId: Id
}

/** Bytes of a clip's name that come from its prompt. */
const NAME_BYTES = 60

/**
 * Brings a clip that a job has made into the project as an asset, with the recipe beside its file,
 * and places it when asked. Nothing stays behind when it fails or is cancelled.
 */
export async function keepMade(
  resources: JobResources,
  made: {
    /** The finished file, outside media/. */
    readonly path: string
    /** Shown name without extension. */
    readonly name: string
    readonly extension: string
    /** Everything needed to make it again, as JSON. */
    readonly recipe: object
    readonly by: Omit<MadeBy, 'recipe' | 'createdAt'>
    /** At the end of the timeline, nowhere, or by commands that add the asset and place it. */
    readonly place: boolean | ((asset: AssetRec) => Placed | null)
  },
  { signal, report }: Pick<JobContext<'generate'>, 'signal' | 'report'>,
): Promise<{ assetId: Id; clipId: Id | null }> {
  const { session } = resources
  const tools = await resources.tools()
  const media = { tools, projectFolder: session.folder, onProgress: report, signal }
  const name = cutToBytes(made.name.replace(/\s+/g, ' ').trim(), NAME_BYTES)
  const asset = await importMedia({ ...media, path: made.path, name: `${name}${made.extension}` })
  const recipe = recipeOf(asset)
  try {
    await prepareAsset({ ...media, asset })
    await writeFile(join(session.folder, recipe), `${JSON.stringify(made.recipe, null, 2)}\n`)
    signal.throwIfAborted()
    const createdAt = new Date().toISOString()
    const kept: AssetRec = { ...asset, made: { ...made.by, recipe, createdAt } }
    const add: Command = { type: 'asset.add', asset: kept }
    const placed = typeof made.place === 'function' ? made.place(kept) : null
    if (placed !== null) {
      resources.dispatch(placed.commands, 'record')
      return { assetId: asset.id, clipId: placed.clipId }
    }
    const atEnd = made.place === true ? placeCommands(session.doc, kept) : null
    resources.dispatch([add, ...(atEnd?.commands ?? [])], 'record')
    return { assetId: asset.id, clipId: atEnd?.clipId ?? null }
  } catch (error) {
    for (const path of [asset.path, recipe, assetCache(asset.id).folder]) {
      await rm(join(session.folder, path), { recursive: true, force: true })
    }
    throw error
  }
}

function recipeOf(asset: AssetRec): string {
  return `${asset.path}.recipe.json`
}
