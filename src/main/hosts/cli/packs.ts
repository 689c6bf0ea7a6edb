import { resolve } from 'node:path'
import type { PackFacts, PackList, PackSummary } from '../../../shared/contract/pack.js'
import type { CommandContext } from './session.js'

/** The model packs of this computer; folders that are none are named with their reason. */
export async function listPacks({ client, report }: CommandContext): Promise<boolean> {
  const list = await client.call('packs.list', {})
  report.result(list, [
    ...allOf(list).map(packLine),
    ...list.broken.map(({ folder, error }) => `${folder}: ${error.message}`),
    ...(allOf(list).length + list.broken.length === 0
      ? [`No model packs. Install one with: lumiere packs install FOLDER`]
      : []),
  ])
  return true
}

export async function verifyPacks(
  { client, report }: CommandContext,
  id: string,
): Promise<boolean> {
  const pack = await client.call('packs.verify', { id })
  report.result(pack, [`${pack.id} ${pack.version}: every file is as it was made.`])
  return true
}

export async function installPack(
  { client, report }: CommandContext,
  folder: string,
): Promise<boolean> {
  const installed = await client.call('packs.install', { path: resolve(folder) })
  const list = await client.call('packs.list', {})
  // The list says more than the answer: what the pack makes.
  const pack = allOf(list).find(({ id }) => id === installed.id) ?? installed
  report.result(installed, [`Installed ${packLine(pack)}`])
  return true
}

/** The model card: what it knows, what it cannot do, and how well it was measured to work. */
export async function packInfo({ client, report }: CommandContext, id: string): Promise<boolean> {
  const summary = allOf(await client.call('packs.list', {})).find((pack) => pack.id === id)
  const { card, vocabulary } = await client.call('packs.read', { id })
  report.result({ ...summary, card, words: vocabulary.length }, [
    ...(summary === undefined ? [] : [packLine(summary)]),
    card.trimEnd(),
  ])
  return true
}

function allOf({ packs, styles, upscalers }: PackList): readonly (PackFacts | PackSummary)[] {
  return [...packs, ...styles, ...upscalers]
}

function packLine(pack: PackFacts | PackSummary): string {
  const size = `${(pack.bytes / 2 ** 20).toFixed(1)} MiB`
  const clip =
    'frames' in pack
      ? `${pack.frames} frames of ${pack.width}x${pack.height}, ${pack.seconds} s`
      : pack.capabilities.includes('upscale')
        ? 'enlarges what is generated'
        : 'style from a picture'
  const state = pack.trained ? '' : ' (untrained, for tests only)'
  return `${pack.id} ${pack.version}: ${pack.name}, ${clip}, ${size}, ${pack.licence}${state}`
}
