import { Option } from 'commander'
import type { Command } from 'commander'
import { AppError } from '../../../shared/contract/errors.js'
import type { ExportPreset } from '../../../shared/contract/job.js'
import type { RepaintParams } from '../../../shared/document/model.js'
import { OPEN_END, applyVerb } from './applyEdit.js'
import { OUT_FILE } from './out.js'
import { positive, share, wholeNumber } from './numbers.js'
import { presetOf } from './remove.js'
import type { CommandContext } from './session.js'
import { EMPHASIS, packOf, unknownWords } from './words.js'

interface RepaintFlags {
  readonly out: string
  readonly prompt: string
  readonly mask?: string
  readonly from?: string
  readonly to?: string
  readonly pack?: string
  readonly seed: number
  readonly steps?: number
  readonly guidance?: number
  readonly emphasis?: number
  readonly strength: number
  readonly feather: number
  readonly overwrite: boolean
}

type Run = (command: (context: CommandContext) => Promise<boolean>) => Promise<void>

/** The commands `replace` and `regenerate`. */
export function addRepaintCommands(program: Command, run: Run): void {
  const act =
    (verb: 'replace' | 'regenerate') =>
    (clip: string, flags: RepaintFlags, command: Command): Promise<void> => {
      const preset = presetOf(flags.out)
      if (preset === undefined) {
        command.error(`error: --out ${flags.out} has no known extension (.mkv .ffv1 .mp4 .mov)`)
      }
      return run((context) => repaint(context, { ...flags, clip, preset, verb }))
    }

  const replace = program
    .command('replace')
    .description('put something else in the place of what a mask covers, by words')
    .argument('<clip>')
    .requiredOption('--mask <png|dir>', 'white = replace: one PNG, or a folder with one per frame')
    .requiredOption('--prompt <text>', 'what should be there instead')
    .addOption(new Option('--strength <n>').default(1).hideHelp())
    .action(act('replace'))
  const regenerate = program
    .command('regenerate')
    .description('make a range of a clip again, joining on to what is before and after')
    .argument('<clip>')
    .option('--prompt <text>', 'what it should show', '')
    .option('--mask <png|dir>', 'white = make again; whole frames by default')
    .option('--strength <n>', 'how much may change, 0 to 1; 1 starts from nothing', share, 0.6)
    .action(act('regenerate'))
  for (const command of [replace, regenerate]) {
    command
      .option('--from <frame>', 'first frame, or seconds like 1.5s; the beginning by default')
      .option('--to <frame>', 'the frame after the last one; the end by default')
      .option('--pack <id>', 'the model pack; the best one installed by default')
      .option('--seed <n>', 'the same seed makes the same', wholeNumber, 0)
      .option('--steps <n>', 'more steps, more detail and more time', wholeNumber)
      .option('--guidance <n>', 'how strictly to follow the prompt; 1 is plain', positive)
      .option(...EMPHASIS)
      .option('--feather <pixels>', 'width of the soft edge of the mask', wholeNumber, 4)
      .requiredOption('--out <file>', OUT_FILE)
      .option('--overwrite', 'replace what is there', false)
  }
}

async function repaint(
  context: CommandContext,
  options: RepaintFlags & {
    readonly clip: string
    readonly preset: ExportPreset
    readonly verb: 'replace' | 'regenerate'
  },
): Promise<boolean> {
  const { verb, clip, preset, out, overwrite, mask, pack, from, to } = options
  if (verb === 'replace' && options.prompt.trim() === '') {
    throw new AppError('prompt-empty', 'There is no prompt.', {
      hint: 'Say what should be there instead: --prompt "a red balloon".',
    })
  }
  const params: RepaintParams = {
    ...{ prompt: options.prompt, seed: options.seed, feather: options.feather },
    ...{ steps: options.steps ?? null, guidance: options.guidance ?? null },
    ...(options.emphasis === undefined ? {} : { emphasis: options.emphasis }),
    strength: Math.max(0.05, options.strength),
  }
  const range =
    from === undefined && to === undefined ? undefined : `${from ?? '0'}-${to ?? OPEN_END}`
  const made = await applyVerb(
    context,
    { clip, preset, out, overwrite, mask, range },
    {
      kind: verb,
      input: pack === undefined ? {} : { packId: pack },
      segment: ({ maskId }) =>
        Promise.resolve(
          verb === 'replace' ? { verb, maskId: maskId ?? '', params } : { verb, maskId, params },
        ),
    },
  )
  context.report.result(made, [
    `Wrote ${made.path} (${made.frames} frames, ${(made.bytes / 1e6).toFixed(1)} MB).`,
    `Seed ${params.seed}; the recipe is part of --json.`,
    ...(await unknownWords(context.client, packOf(made.recipe), params.prompt)),
  ])
  return true
}
