import type { Command } from 'commander'
import { AppError } from '../../../shared/contract/errors.js'
import type { EditOperation } from '../../../shared/edit/operations.js'
import { parsePrompt } from '../../../shared/edit/parse.js'
import type { Beyond } from '../../../shared/edit/entries.js'
import type { ParsedPrompt } from '../../../shared/edit/parsed.js'
import { toEditOperation } from '../../../shared/edit/resolve.js'
import { EDIT_LIMITS } from '../../../shared/edit/schema.js'
import { toRetimeOperations } from '../../../shared/retime/resolve.js'
import { applyEdit } from './applyEdit.js'
import type { EditPlace, EditTarget } from './applyEdit.js'
import { OUT_FILE } from './out.js'
import { wholeNumber } from './numbers.js'
import { presetOf } from './remove.js'
import { FRESH, RESUME } from './resuming.js'
import type { CommandContext } from './session.js'
import { TRACK_ENDS } from './track.js'

export interface EditOptions extends EditTarget {
  readonly prompt: string
  /** Of grain and fog. */
  readonly seed: number
}

interface EditFlags extends Omit<EditOptions, 'clip' | 'prompt' | 'preset' | 'out'> {
  readonly explain: boolean
  readonly resume: boolean
  readonly fresh: boolean
  readonly out?: string
}

/** `edit`: words to pixels. */
export function addEditCommand(
  program: Command,
  run: (command: (context: CommandContext) => Promise<boolean>) => Promise<void>,
): void {
  program
    .command('edit')
    .description('change colour, light, mood and speed in words, English or Italian')
    .argument('<clip>')
    .argument('<prompt>', '"warmer, with a subtle vignette", "make the red car blue"')
    .option('--range <a-b>', 'frames like 24-96 or seconds like 1s-4s; the whole clip by default')
    .option('--mask <png|dir>', 'white = edit: one PNG, or a folder with one per frame')
    .option('--track', 'the one mask follows what it covers; otherwise it stands still', false)
    .option(
      '--mask-frame <n>',
      'frame that the one mask belongs to; the first by default',
      wholeNumber,
    )
    .option('--explain', 'print what the prompt means as JSON, and run nothing', false)
    .option('--out <file>', OUT_FILE)
    .option('--overwrite', 'replace what is there', false)
    .option('--feather <pixels>', 'width of the soft edge of the mask', wholeNumber, 4)
    .option('--seed <n>', 'seed of grain and fog', wholeNumber, 0)
    .option('--resume', RESUME, false)
    .option('--fresh', FRESH, false)
    .action((clip: string, prompt: string, flags: EditFlags, command: Command) => {
      if (flags.explain) return run((context) => Promise.resolve(explain(context, prompt)))
      const { out, resume, fresh, explain: _, ...rest } = flags
      if (out === undefined) command.error('error: --out is missing (or use --explain)')
      const preset = presetOf(out)
      if (preset === undefined) {
        command.error(`error: --out ${out} has no known extension (.mkv .ffv1 .mp4 .mov)`)
      }
      const { overwrite: __, ...asked } = rest
      const resuming = { fresh, files: [clip], asked: { ...asked, prompt } }
      const options = { ...rest, clip, prompt, out, preset, canResume: true }
      return run((context) => edit(context, resume ? { ...options, resuming } : options))
    })
}

/** Why words that are understood are no edit, and what comes near. */
const BEYOND: Readonly<Record<Beyond, string>> = {
  transition:
    'An edit changes one clip, and there are no transitions between two: fade one out and the next one in.',
  fade: 'Say "fade in" or "fade out".',
}

/** What the prompt leaves as it is: the mask is over it, and the edit outside. */
function thingLeftOut({ operations }: ParsedPrompt): string | null {
  return operations.find(({ outside }) => outside !== null)?.outside ?? null
}

/** Prints what a prompt means, and does nothing else. */
export function explain({ report }: Pick<CommandContext, 'report'>, prompt: string): boolean {
  const parsed = readPrompt(prompt)
  report.result(parsed, [JSON.stringify(parsed, null, 2)])
  return true
}

/** Edits a clip by words. */
export async function edit(context: CommandContext, options: EditOptions): Promise<boolean> {
  const { prompt, seed } = options
  const parsed = requireOperations(readPrompt(prompt), options.mask !== undefined)
  const written = await applyEdit(context, targetOf(context, options, parsed), {
    ...{ prompt, seed },
    async operations(place) {
      if (place.maskId !== null && thingLeftOut(parsed) !== null) {
        const changes = { inverted: true }
        await context.client.call('document.dispatch', {
          commands: [{ type: 'mask.update', id: place.maskId, changes }],
          mode: 'record',
        })
      }
      return operationsOn(place, parsed)
    },
    retime: ({ asset, range }) => {
      const frames = range.to - range.from
      const on = { frames, fps: asset.info.fps, frozen: frames - 1 }
      return toRetimeOperations(parsed.retimes, on)
    },
  })
  const { path, frames, bytes } = written
  context.report.result({ ...written, ...parsed }, [
    `Wrote ${path} (${frames} frames, ${(bytes / 1e6).toFixed(1)} MB).`,
    ...parsed.operations.map(({ kind, amount }) => `  ${kind} ${percent(amount)}`),
    ...parsed.retimes.map(({ kind, factor }) => `  ${kind}${factor === 1 ? '' : ` ${factor}x`}`),
    ...Object.entries(written.tracked ?? {}).map(
      ([way, reason]) => `The mask went ${way} until ${TRACK_ENDS[reason]}.`,
    ),
    ...parsed.unknown.map(({ text, reason }) =>
      reason === null ? `Not understood: ${text}.` : `Not done: ${text}. ${BEYOND[reason]}`,
    ),
  ])
  return true
}

/** Without the mask where nothing is done under it: a change of speed is of whole pictures. */
function targetOf(
  { report }: Pick<CommandContext, 'report'>,
  options: EditOptions,
  { operations }: ParsedPrompt,
): EditTarget {
  if (options.mask === undefined || operations.length > 0) return options
  report.note({ mask: null }, 'The mask is not used: the prompt only changes the speed.')
  return { ...options, mask: undefined, track: false }
}

/** @throws AppError `prompt-empty`, `invalid-request` */
function readPrompt(prompt: string): ParsedPrompt {
  if (prompt.trim() === '') {
    throw new AppError('prompt-empty', 'There is no prompt.', {
      hint: 'Describe what to change, for example "warmer, with a subtle vignette".',
    })
  }
  if (prompt.length > EDIT_LIMITS.prompt) {
    throw new AppError('invalid-request', `The prompt has ${prompt.length} characters.`, {
      hint: `Use at most ${EDIT_LIMITS.prompt}.`,
    })
  }
  return parsePrompt(prompt)
}

/** @throws AppError `prompt-not-understood`, `mask-empty` */
function requireOperations(parsed: ParsedPrompt, masked: boolean): ParsedPrompt {
  if (parsed.operations.length + parsed.retimes.length === 0) {
    const words = parsed.unknown.map(({ text, proposals }) =>
      proposals.length === 0 ? text : `${text} (did you mean ${proposals.join(', ')}?)`,
    )
    const reason = parsed.unknown.find((one) => one.reason !== null)?.reason ?? null
    throw new AppError(
      'prompt-not-understood',
      words.length === 0
        ? 'The prompt names nothing to change.'
        : `The prompt names nothing to change; not understood: ${words.join('; ')}.`,
      {
        hint:
          reason === null
            ? 'Try "warmer", "more contrast", "make the sky bluer", "black and white".'
            : BEYOND[reason],
      },
    )
  }
  const thing = thingLeftOut(parsed)
  if (!masked && thing !== null) {
    throw new AppError('mask-empty', `Where is "${thing}"? Colour alone does not tell.`, {
      hint: `Paint "${thing}" first: give --mask, white over it; then everything else is changed.`,
    })
  }
  const subject = parsed.operations.find(
    (one) => one.subject !== null && one.only === null,
  )?.subject
  if (!masked && subject !== undefined) {
    throw new AppError('mask-empty', `Where is "${String(subject)}"? Colour alone does not tell.`, {
      hint: `Give --mask, white over it, or name its present colour: "the red ${String(subject)}".`,
    })
  }
  return parsed
}

/** @throws AppError `edit-empty` */
function operationsOn({ asset, range }: EditPlace, parsed: ParsedPrompt): readonly EditOperation[] {
  const operations = parsed.operations.flatMap((one) => {
    const operation = toEditOperation(one, { ...range, fps: asset.info.fps })
    return operation === null ? [] : [operation]
  })
  if (operations.length > 0 || parsed.operations.length === 0) return operations
  throw new AppError('edit-empty', 'The times in the prompt lie outside of the clip.', {
    hint: 'Seconds count from the first frame of the range.',
  })
}

function percent(amount: number): string {
  return `${amount > 0 ? '+' : ''}${Math.round(amount * 100)} %`
}
