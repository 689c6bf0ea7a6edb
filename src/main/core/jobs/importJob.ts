import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { toErrorData } from '../../../shared/contract/errors.js'
import type { ErrorData } from '../../../shared/contract/errors.js'
import type { Command } from '../../../shared/document/commands.js'
import type { AssetRec, Id, ProjectDoc, TrackRec } from '../../../shared/document/model.js'
import { recordsOf } from '../../../shared/document/model.js'
import { newId } from '../../../shared/ids.js'
import { assetCache } from '../../../shared/projectPaths.js'
import { convertFrame } from '../../../shared/rational.js'
import { importMedia } from '../media/importMedia.js'
import { prepareAsset } from '../media/prepare.js'
import { probe } from '../../ffmpeg/probe.js'
import type { JobHandler } from './queue.js'
import { completeForecast, megapixelFrames, timelineLength } from './resources.js'
import type { JobResources } from './resources.js'

/** How long a still stands on the timeline when it is placed. */
const STILL_SECONDS = 5

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
      const asset = await importMedia({
        tools,
        projectFolder: session.folder,
        path: input.path,
        ...(input.name === undefined ? {} : { name: input.name }),
        onProgress: report,
        signal,
      })
      try {
        await prepareAsset({
          tools,
          projectFolder: session.folder,
          asset,
          onProgress: report,
          signal,
        })
        signal.throwIfAborted()
        const placed = placeCommands(session.doc, asset, input.place)
        resources.dispatch(placed.commands, 'record')
        const seconds = (performance.now() - started) / 1000
        await resources.rates.learn(
          'import',
          megapixelFrames(asset.info, asset.info.frames),
          seconds,
        )
        return { assetId: asset.id, clipId: placed.clipId }
      } catch (error) {
        await rm(join(session.folder, asset.path), { force: true })
        await rm(join(session.folder, assetCache(asset.id).folder), {
          recursive: true,
          force: true,
        })
        throw error
      }
    },
  }
}

/** The commands that add an asset and, when asked, put it at the end of the timeline. */
export function placeCommands(
  doc: ProjectDoc,
  asset: AssetRec,
  place: boolean,
): { commands: Command[]; clipId: Id | null } {
  const commands: Command[] = [{ type: 'asset.add', asset }]
  if (!place) return { commands, clipId: null }

  const empty = recordsOf(doc, 'clip').length === 0
  const fps = empty && asset.info.kind === 'video' ? asset.info.fps : doc.meta.fps
  if (empty) {
    const { width, height } = asset.info
    commands.push({ type: 'project.setFormat', format: { fps, width, height } })
  }
  const length =
    asset.info.kind === 'image'
      ? Math.round((STILL_SECONDS * fps.num) / fps.den)
      : Math.max(1, convertFrame(asset.info.frames, asset.info.fps, fps))
  const start = timelineLength(doc)

  const trackFor = (kind: TrackRec['kind']): Id => {
    const found = recordsOf(doc, 'track')
      .filter((track) => track.kind === kind)
      .sort((a, b) => a.order - b.order)[0]
    if (found !== undefined) return found.id
    const track: TrackRec = {
      id: newId('track'),
      type: 'track',
      kind,
      name: kind === 'video' ? 'V1' : 'A1',
      order: 0,
      muted: false,
    }
    commands.push({ type: 'track.add', track })
    return track.id
  }
  const clipId = newId('clip')
  const base = { type: 'clip', assetId: asset.id, start, in: 0, length } as const
  commands.push({ type: 'clip.add', clip: { ...base, id: clipId, trackId: trackFor('video') } })
  if (asset.info.audio !== null) {
    const clip = { ...base, id: newId('clip'), trackId: trackFor('audio') }
    commands.push({ type: 'clip.add', clip })
  }
  return { commands, clipId }
}
