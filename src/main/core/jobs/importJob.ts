import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { toErrorData } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import type { Command } from '../../../shared/document/commands.js'
import type { AssetRec } from '../../../shared/document/model.js'
import { placeCommands } from '../../../shared/document/placing.js'
import { assetCache } from '../../../shared/projectPaths.js'
import { importMedia } from '../media/importMedia.js'
import { prepareAsset } from '../media/prepare.js'
import { probe } from '../../ffmpeg/probe.js'
import type { JobHandler } from './queue.js'
import { completeForecast, megapixelFrames } from './resources.js'
import type { JobResources } from './resources.js'

export function importJob(resources: JobResources): JobHandler<'import'> {
  const { session } = resources
  return {
    lane: 'media',
    plan: [
      { phase: 'copying', weight: 1 },
      { phase: 'proxy', weight: 8 },
      { phase: 'thumbnails', weight: 1 },
      { phase: 'waveform', weight: 0.5 },
    ],

    async forecast(input) {
      const problems: ErrorData[] = []
      let work = 0
      let bytes = 0
      try {
        const info = await probe(await resources.tools(), input.path)
        work = megapixelFrames(info, info.frames)
        bytes = (await stat(input.path)).size
      } catch (error) {
        problems.push(toErrorData(error))
      }
      return completeForecast(resources, {
        kind: 'import',
        work,
        memoryBytes: 200e6,
        // The copy, and a proxy that is rarely larger than the source.
        diskBytes: bytes * 2,
        problems,
      })
    },

    async run({ input, signal, report }) {
      const started = performance.now()
      const tools = await resources.tools()
      const files: string[] = []
      const prepare = (asset: AssetRec): Promise<void> => {
        files.push(assetCache(asset.id).folder)
        const { folder: projectFolder } = session
        return prepareAsset({ tools, projectFolder, asset, onProgress: report, signal })
      }
      try {
        const asset = await importMedia({
          tools,
          projectFolder: session.folder,
          path: input.path,
          ...(input.name === undefined ? {} : { name: input.name }),
          onProgress: report,
          signal,
          prepare,
        })
        files.push(asset.path)
        signal.throwIfAborted()
        const placed = input.place ? placeCommands(session.doc, asset) : null
        const added: Command = { type: 'asset.add', asset }
        const commands = [added, ...(placed?.commands ?? [])]
        resources.dispatch(commands, input.sample ? 'ignore' : 'record')
        if (input.sample) await session.save()
        const seconds = (performance.now() - started) / 1000
        await resources.rates.learn(
          'import',
          megapixelFrames(asset.info, asset.info.frames),
          seconds,
        )
        return { assetId: asset.id, clipId: placed?.clipId ?? null }
      } catch (error) {
        for (const file of files) {
          await rm(join(session.folder, file), { recursive: true, force: true })
        }
        throw error
      }
    },
  }
}
