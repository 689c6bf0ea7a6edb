import { readFile, rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import { AppError } from '../../../shared/contract/errors.js'
import type { AnimateInput, ExportPreset } from '../../../shared/contract/job.js'
import { recordOf } from '../../../shared/document/model.js'
import { STROKES } from '../../../shared/style.js'
import type { StillStyle, Strokes } from '../../../shared/style.js'
import { temporaryFolder } from '../temporaryFolder.js'
import type { Client } from './client.js'
import { addMask, maskFiles } from './masks.js'
import { between, degrees, share, wholeNumber } from './numbers.js'
import { OUT_FILE, outPath, requireFile } from './out.js'
import { presetOf } from './remove.js'
import type { CommandContext } from './session.js'

interface AnimateOptions {
  readonly photo: string
  /** Grey PNG, white where it may move; the whole picture when absent. */
  readonly region: string | undefined
  readonly input: Omit<AnimateInput, 'assetId' | 'clipId' | 'maskId' | 'style' | 'place'>
  /** Path of a picture that the photo is painted by first; as it is when absent. */
  readonly style: (Omit<StillStyle, 'style'> & { readonly path: string }) | undefined
  readonly out: string
  readonly preset: ExportPreset
  readonly overwrite: boolean
}

interface AnimateFlags extends Pick<
  AnimateInput,
  'direction' | 'prompt' | 'seed' | 'strength' | 'seconds'
> {
  readonly style?: string
  readonly styleStrength: number
  readonly strokes: Strokes
  readonly luminanceOnly: boolean
  readonly out: string
  readonly overwrite: boolean
  readonly region?: string
  readonly pack?: string
}

/** Adds `lumiere animate` to a program. */
export function addAnimateCommand(
  program: Command,
  run: (command: (context: CommandContext) => Promise<boolean>) => Promise<void>,
): void {
  program
    .command('animate')
    .description('set a still, or a region of it, in motion')
    .argument('<photo>')
    .requiredOption('--out <file>', OUT_FILE)
    .option('--region <png>', 'white = moves; the whole picture by default')
    .option('--direction <degrees>', '0 is right, 90 up; needs no model', degrees)
    .option('--prompt <text>', 'how it moves, for a model to imagine', '')
    .option('--pack <id>', 'the model pack; the best one installed by default')
    .option('--style <picture>', 'paint the photo in the style of a picture first')
    .option('--style-strength <n>', 'how much of the style, 0 to 1', share, 1)
    .addOption(new Option('--strokes <name>', 'of the style').choices(STROKES).default('medium'))
    .option('--luminance-only', 'light and texture of the style, colours of the photo', false)
    .option('--strength <n>', 'how far it moves, up to 1', between(0.01, 1), 0.6)
    .option('--seconds <n>', 'length of the loop in seconds', between(0.5, 20), 5)
    .option('--seed <n>', 'the same seed imagines the same motion', wholeNumber, 0)
    .option('--overwrite', 'replace what is there', false)
    .action((photo: string, flags: AnimateFlags, command: Command) => {
      const { out, overwrite, region, pack, ...rest } = flags
      const { style: path, styleStrength, strokes, luminanceOnly, ...motion } = rest
      const preset = presetOf(out)
      if (preset === undefined) {
        command.error(`error: --out ${out} has no known extension (.mkv .ffv1 .mp4 .mov)`)
      }
      if (motion.direction === undefined && motion.prompt.trim() === '') {
        command.error('error: give --direction, or --prompt for a model to imagine')
      }
      const input = { ...motion, ...(pack === undefined ? {} : { packId: pack }) }
      const how = { strength: styleStrength, strokes, keepColours: luminanceOnly }
      const style = path === undefined ? undefined : { path, ...how }
      const options = { photo, region, input, style, out, preset, overwrite }
      return run((context) => animate(context, options))
    })
}

/** Sets a still in motion in a project of its own that is deleted afterwards, and exports it. */
async function animate(
  { client, paths, report }: CommandContext,
  { photo, region, input, style, preset, overwrite, ...options }: AnimateOptions,
): Promise<boolean> {
  const out = await outPath(report, options.out, overwrite)
  await requireFile(style?.path, 'style picture')
  const painted = region === undefined ? [] : await regionOf(region)
  const folder = await temporaryFolder(paths.data, 'animate')
  try {
    const project = join(folder, 'project')
    await client.call('project.create', { folder: project, name: 'animate' })
    const still = await client.runJob('import', { path: resolve(photo), place: false })
    const { assetId } = await client.runJob('animate', {
      ...input,
      ...(style === undefined ? {} : { style: await addStyle(client, style) }),
      assetId: still.assetId,
      ...(painted.length === 0
        ? {}
        : { maskId: await addMask({ client, report }, still.assetId, painted, 'hold') }),
      place: true,
    })
    const state = await client.call('project.state', {})
    const made = state === null ? undefined : recordOf(state.doc, 'asset', assetId)?.made
    if (made === undefined) throw new AppError('internal', 'The animated clip is not there.')
    const recipe: unknown = JSON.parse(await readFile(join(project, made.recipe), 'utf8'))
    const { frames, bytes } = await client.runJob('export', { preset, path: out, overwrite })
    report.result({ path: out, preset, frames, bytes, recipe }, [
      `Wrote ${out} (${frames} frames, ${(bytes / 1e6).toFixed(1)} MB), a seamless loop.`,
    ])
    return true
  } finally {
    await client.call('project.close', {})
    await rm(folder, { recursive: true, force: true })
  }
}

async function addStyle(
  client: Client,
  { path, ...how }: NonNullable<AnimateOptions['style']>,
): Promise<StillStyle> {
  return { ...how, style: await client.call('style.add', { path: resolve(path) }) }
}

/** The one picture of a region, on the one frame of a still. */
async function regionOf(path: string): Promise<readonly { frame: number; path: string }[]> {
  const picture = await maskFiles(resolve(path))
  if (typeof picture === 'string') return [{ frame: 0, path: picture }]
  throw new AppError('mask-invalid', `${path} is a folder: the region of a still is one PNG.`, {
    hint: 'Give the one PNG that is white where the picture may move.',
  })
}
