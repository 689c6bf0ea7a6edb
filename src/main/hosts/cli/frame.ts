import { stat } from 'node:fs/promises'
import { extname, join, resolve } from 'node:path'
import type { Command } from 'commander'
import { AppError } from '../../../shared/contract/errors.js'
import { nameOfFrame } from '../../../shared/style.js'
import { wholeNumber } from './numbers.js'
import { outPath } from './out.js'
import { importedAsset } from './remove.js'
import type { CommandContext } from './session.js'
import { passingFolder } from './workFolder.js'

interface FrameOptions {
  /** Counted from 0, as the key frames of `stylize` are. */
  readonly at: number
  /** A PNG, or a folder, in which it is called `frame 12.png`. */
  readonly out: string
  readonly overwrite: boolean
}

/** Adds `lumiere frame` to a program. */
export function addFrameCommand(
  program: Command,
  run: (command: (context: CommandContext) => Promise<boolean>) => Promise<void>,
): void {
  program
    .command('frame')
    .description('write one frame of a clip as a PNG, to paint over it for stylize --painted')
    .argument('<clip>')
    .requiredOption('--at <n>', 'the frame, counted from 0', wholeNumber)
    .requiredOption('--out <file|dir>', 'a .png, or a folder in which it is named by its frame')
    .option('--overwrite', 'replace what is there', false)
    .action((clip: string, options: FrameOptions) =>
      run((context) => writeFrame(context, clip, options)),
    )
}

/** Writes a frame as the other commands see it: upright, at a constant rate, in RGB. */
async function writeFrame(
  { client, report, paths }: CommandContext,
  clip: string,
  { at, out, overwrite }: FrameOptions,
): Promise<boolean> {
  const target = resolve(out)
  const isFolder = (await stat(target).catch(() => null))?.isDirectory() ?? extname(target) === ''
  const path = await outPath(report, isFolder ? join(target, nameOfFrame(at)) : target, overwrite)
  const work = await passingFolder(paths, 'frame')
  try {
    await client.call('project.create', { folder: work.project, name: 'frame' })
    const { assetId, clipId } = await client.runJob('import', { path: resolve(clip), place: true })
    if (clipId === null) throw new AppError('internal', 'The clip was not placed on the timeline.')
    const { frames } = (await importedAsset(client, assetId)).info
    const written = await client.call('clip.saveFrame', { clipId, frame: at, path, overwrite })
    const text = `Wrote frame ${at} of ${frames} to ${written.path}.`
    report.result({ ...written, frame: at, frames }, [text])
    return true
  } finally {
    await client.call('project.close', {})
    await work.close(false)
  }
}
