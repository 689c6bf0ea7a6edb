import { resolve } from 'node:path'
import { Command, CommanderError, Help, InvalidArgumentError, Option } from 'commander'
import { AppError, toErrorData } from '../../shared/contract/errors.js'
import { MOST_CANDIDATES, USUAL_CANDIDATES } from '../../shared/candidates.js'
import { EXPORT_PRESETS } from '../../shared/contract/job.js'
import type { ExportPreset, GenerateInput } from '../../shared/contract/job.js'
import type { Doubtful } from '../../shared/document/model.js'
import { addEditCommand } from './cli/edit.js'
import { addAnimateCommand } from './cli/animate.js'
import { addFrameCommand } from './cli/frame.js'
import { generate } from './cli/generate.js'
import { doctor, probeFile } from './cli/inspect.js'
import { installPack, listPacks, packInfo, verifyPacks } from './cli/packs.js'
import { exportProject, importFile, newProject, updateProject } from './cli/project.js'
import { presetOf, remove } from './cli/remove.js'
import { OUT_FILE } from './cli/out.js'
import { LEFTOVER_CHOICES } from './cli/leftovers.js'
import type { LeftoverChoice } from './cli/leftovers.js'
import { between, wholeBetween, wholeNumber } from './cli/numbers.js'
import { addRepaintCommands } from './cli/repaint.js'
import { addRetimeCommand } from './cli/retime.js'
import { createReport } from './cli/report.js'
import { RESUME } from './cli/resuming.js'
import { runCommand } from './cli/session.js'
import { track } from './cli/track.js'
import { addStylizeCommand } from './cli/stylize.js'
import type { TrackOptions } from './cli/track.js'
import type { CommandContext } from './cli/session.js'
import { EMPHASIS } from './cli/words.js'
import { createNodeCore } from './nodeCore.js'
import type { AppPaths } from './paths.js'
import { portNumber, serve } from './serve.js'

const USAGE = 2

interface RemoveFlags {
  readonly mask: string
  readonly maskFrame: number
  readonly out: string
  readonly take?: string
  readonly resume: boolean
  readonly fresh: boolean
  readonly overwrite: boolean
  readonly dilate?: number
  readonly feather: number
  readonly seed: number
  readonly doubtful: Doubtful
  readonly shadow: LeftoverChoice
  readonly parts: LeftoverChoice
}

interface GenerateFlags extends Omit<GenerateInput, 'prompt' | 'packId' | 'place'> {
  readonly out: string
  readonly overwrite: boolean
  readonly pack?: string
}

interface ExportFlags {
  readonly preset?: ExportPreset
  readonly out: string
  readonly overwrite: boolean
}

/**
 * Parses and runs one command line.
 * @returns the exit code: 0 done, 1 failed or cancelled, 2 used wrongly
 */
export async function runCli(argv: readonly string[], paths: AppPaths): Promise<number> {
  let code = 0
  const program = new Command('lumiere')
    .description('Lumière Studio on the command line.')
    .version(paths.version)
    .option('--json', 'print one JSON event per line')
    .configureHelp({ showGlobalOptions: true, optionDescription })
    .exitOverride()
    .showHelpAfterError('(lumiere help <command> tells more)')
  const json = (): boolean => program.opts<{ json?: boolean }>().json === true
  const run = async (command: (context: CommandContext) => Promise<boolean>): Promise<void> => {
    code = await runCommand(paths, json(), command)
  }

  program
    .command('probe')
    .description('say what a media file is')
    .argument('<file>')
    .action((file: string) => run((context) => probeFile(context, file)))

  program
    .command('remove')
    .description('take an object out of a clip')
    .argument('<clip>')
    .requiredOption('--mask <png|dir>', 'white = remove: one PNG, or a folder with one per frame')
    .option('--mask-frame <n>', 'frame that the single PNG was painted on', wholeNumber, 0)
    .requiredOption('--out <file>', OUT_FILE)
    .option('--take <dir>', 'also keep the take; a run that was stopped then goes on where it was')
    .option('--resume', RESUME, false)
    .option('--fresh', 'with --take or --resume: start over instead of going on', false)
    .option('--overwrite', 'replace what is there', false)
    .option('--dilate <pixels>', 'grow the mask; scaled to the clip by default', wholeNumber)
    .option('--feather <pixels>', 'width of the soft edge', wholeNumber, 3)
    .option('--seed <n>', 'seed of everything random', wholeNumber, 0)
    .addOption(
      new Option(
        '--doubtful <what>',
        'what is found elsewhere and not vouched for: soft, or as found',
      )
        .choices(['soft', 'found'] satisfies Doubtful[])
        .default('soft'),
    )
    .addOption(
      new Option('--shadow <what>', 'a shadow beside the mask: look for it, remove it as well')
        .choices(LEFTOVER_CHOICES)
        .default('off'),
    )
    .addOption(
      new Option('--parts <what>', 'parts that stick out of the mask: likewise')
        .choices(LEFTOVER_CHOICES)
        .default('off'),
    )
    .action((clip: string, flags: RemoveFlags, command: Command) => {
      const preset = presetOf(flags.out)
      if (preset === undefined) {
        command.error(`error: --out ${flags.out} has no known extension (.mkv .ffv1 .mp4 .mov)`)
      }
      const { dilate, feather, seed, doubtful, take, shadow, parts, ...rest } = flags
      const params = { dilate: dilate ?? null, feather, seed, doubtful }
      const leftovers = { shadow, parts }
      return run((context) => remove(context, { ...rest, clip, preset, take, params, leftovers }))
    })

  addEditCommand(program, run)
  addStylizeCommand(program, run)
  addFrameCommand(program, run)
  addRetimeCommand(program, run)

  program
    .command('track')
    .description('follow an object through a clip: one mask per frame, for remove --mask')
    .argument('<clip>')
    .requiredOption('--mask <png>', 'white = the object')
    .option('--mask-frame <n>', 'frame that the PNG was painted on', wholeNumber, 0)
    .requiredOption('--out <dir>', 'folder for one PNG per frame')
    .option('--overwrite', 'replace what is there', false)
    .action((clip: string, flags: Omit<TrackOptions, 'clip'>) =>
      run((context) => track(context, { ...flags, clip })),
    )

  const project = program.command('project').description('project folders')
  project
    .command('new')
    .description('create an empty project')
    .argument('<dir>')
    .action((dir: string) => run((context) => newProject(context, dir)))

  program
    .command('import')
    .description('copy a file into a project and place it on the timeline')
    .argument('<dir>')
    .argument('<file>')
    .action((dir: string, file: string) => run((context) => importFile(context, dir, file)))

  program
    .command('update')
    .description('make every edit again that no longer fits the edits below it')
    .argument('<dir>')
    .action((dir: string) => run((context) => updateProject(context, dir)))

  program
    .command('export')
    .description('write the timeline of a project to a file')
    .argument('<dir>')
    .addOption(
      new Option('--preset <name>', 'what to write; by the extension of --out by default').choices(
        EXPORT_PRESETS,
      ),
    )
    .requiredOption('--out <file>', OUT_FILE)
    .option('--overwrite', 'replace what is there', false)
    .action((dir: string, flags: ExportFlags, command: Command) => {
      const { out, overwrite } = flags
      const preset = flags.preset ?? presetOf(out)
      if (preset === undefined) {
        command.error(`error: --out ${out} has no known extension (.mkv .ffv1 .mp4 .mov)`)
      }
      return run((context) => exportProject(context, dir, { preset, out, overwrite }))
    })

  program
    .command('generate')
    .description('make a clip from words')
    .argument('<prompt>')
    .requiredOption('--out <file>', OUT_FILE)
    .option('--pack <id>', 'the model pack; the best one installed by default')
    .option('--seconds <n>', "length in seconds; the pack's own by default", between(0.5, 60))
    .option('--seed <n>', 'the same seed makes the same clip', wholeNumber, 0)
    .option('--steps <n>', 'more steps, more detail and more time', wholeBetween(1, 50))
    .option('--guidance <n>', 'how strictly to follow the prompt; 1 is plain', between(0, 20))
    .addOption(
      new Option('--solver <name>', 'how steps are taken; the pack’s own by default').choices([
        'euler',
        'heun',
      ]),
    )
    .option(
      '--candidates <n>',
      `begin so many clips and make the one that shows the prompt best; ${USUAL_CANDIDATES} by default`,
      wholeBetween(1, MOST_CANDIDATES),
    )
    .option(...EMPHASIS)
    .option('--loop', 'the end flows into the beginning', false)
    .option('--size <pixels>', 'longer side of the clip', wholeBetween(32, 2048), 512)
    .option('--overwrite', 'replace what is there', false)
    .action((prompt: string, flags: GenerateFlags, command: Command) => {
      const { out, overwrite, pack, ...rest } = flags
      const preset = presetOf(out)
      if (preset === undefined) {
        command.error(`error: --out ${out} has no known extension (.mkv .ffv1 .mp4 .mov)`)
      }
      const input = { ...rest, prompt, ...(pack === undefined ? {} : { packId: pack }) }
      return run((context) => generate(context, { input, out, preset, overwrite }))
    })

  addAnimateCommand(program, run)
  addRepaintCommands(program, run)

  const packs = program.command('packs').description('model packs')
  packs
    .command('list')
    .description('say which model packs are there')
    .action(() => run(listPacks))
  packs
    .command('info')
    .description("print a pack's model card")
    .argument('<id>')
    .action((id: string) => run((context) => packInfo(context, id)))
  packs
    .command('verify')
    .description('read every file of a pack and compare digests')
    .argument('<id>')
    .action((id: string) => run((context) => verifyPacks(context, id)))
  packs
    .command('install')
    .description('copy a model pack in from its folder')
    .argument('<folder>')
    .action((folder: string) => run((context) => installPack(context, folder)))

  program
    .command('doctor')
    .description('check what this computer offers')
    .action(() => run(doctor))

  program
    .command('serve')
    .description('serve the app to the browser of this computer')
    .argument('[dir]', 'project to open')
    .option('--port <n>', 'port to listen on', port)
    .option('--no-open', 'only print the address')
    .action(async (dir: string | undefined, flags: { port?: number; open: boolean }) => {
      code = await serveProject(paths, json(), dir, flags)
    })

  try {
    await program.parseAsync(argv)
    return code
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : USAGE
    throw error
  }
}

/** What an option does, whether it has to be given, and its default where that says something. */
function optionDescription(this: Help, option: Option): string {
  const isPlain = option.defaultValue === false || option.defaultValue === ''
  const shown = isPlain
    ? Object.assign(Object.create(option) as Option, { defaultValue: undefined })
    : option
  const text = Help.prototype.optionDescription.call(this, shown)
  return option.mandatory ? `${text} (required)` : text
}

async function serveProject(
  paths: AppPaths,
  json: boolean,
  dir: string | undefined,
  flags: { port?: number; open: boolean },
): Promise<number> {
  const report = createReport(json)
  const core = createNodeCore(paths, 'web')
  try {
    if (dir !== undefined) {
      const opened = await core.call('project.open', { folder: resolve(dir) })
      if (!opened.ok) throw AppError.from(opened.error)
    }
    await serve({
      core,
      paths,
      port: flags.port,
      open: flags.open,
      announce: (url) => {
        report.result({ url }, [url])
      },
    })
    return 0
  } catch (error) {
    report.error(toErrorData(error))
    await core.close()
    return 1
  }
}

function port(text: string): number {
  try {
    return portNumber(text)
  } catch (error) {
    throw new InvalidArgumentError(toErrorData(error).message)
  }
}
