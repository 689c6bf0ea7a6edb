import { basename, resolve } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import { AppError } from '../../../shared/contract/errors.js'
import type { AssetRec } from '../../../shared/document/model.js'
import type { EditOperation } from '../../../shared/edit/operations.js'
import { DEFAULT_STYLISE, STROKES, frameOfName, withPainted } from '../../../shared/style.js'
import type { HandPaintedFrame, KeyPainter, StyliseParams } from '../../../shared/style.js'
import { applyEdit, applyVerb } from './applyEdit.js'
import type { EditPlace, EditTarget } from './applyEdit.js'
import { OUT_FILE, requireFile } from './out.js'
import { keyInterval, positive, share, wholeNumber } from './numbers.js'
import { pictureFiles, presetOf } from './remove.js'
import { FRESH, RESUME } from './resuming.js'
import type { CommandContext } from './session.js'
import { packOf, unknownWords } from './words.js'

const STYLE_MODES = ['colour', 'network', 'keyframe', 'words'] as const

interface StylizeOptions extends EditTarget {
  /** The reference picture; only key frames that are all painted by hand need none. */
  readonly style: string | undefined
  readonly mode: (typeof STYLE_MODES)[number]
  /** Above 0, up to 1; each mode's own default when absent. */
  readonly strength: number | undefined
  readonly luminanceOnly: boolean
  /** Of the mode colour. */
  readonly keepSkin: boolean
  /** Of the mode colour: shadows, midtones and highlights each on their own. */
  readonly byLight: boolean
  /** Of the modes that paint. */
  readonly strokes: StyliseParams['strokes']
  /** Of the mode network. */
  readonly smoothing: number
  /** Of the mode keyframe: what paints keys beside those painted by hand. */
  readonly keys: Exclude<KeyPainter, 'hand'>
  /** Of the mode keyframe: frames from one such key to the next. */
  readonly every: number
  /** Of the mode keyframe: a PNG painted by hand, or a folder of them; names carry the frame. */
  readonly painted: string | undefined
  /** Of the mode words. */
  readonly prompt: string | undefined
  readonly seed: number
  readonly steps: number | undefined
  readonly guidance: number | undefined
  readonly pack: string | undefined
}

interface StylizeFlags extends Omit<StylizeOptions, 'clip' | 'preset' | 'canResume' | 'resuming'> {
  readonly resume: boolean
  readonly fresh: boolean
}

const COLOUR_STRENGTH = 0.8
const WORDS_STRENGTH = 0.6
/** Less would not be one step of a model. */
const LEAST_STRENGTH = 0.05
const KEYS_HELP = 'of the mode keyframe: what paints key frames that no hand has'

/** Adds `lumiere stylize` to a program. */
export function addStylizeCommand(
  program: Command,
  run: (command: (context: CommandContext) => Promise<boolean>) => Promise<void>,
): void {
  program
    .command('stylize')
    .description(
      'give a clip the colours of a picture, paint it in its style, or in a style in words',
    )
    .argument('<clip>')
    .option('--style <picture>', 'the reference: PNG, JPEG or WebP')
    .addOption(
      new Option('--mode <name>', 'how the style is taken over')
        .choices(STYLE_MODES)
        .default('colour'),
    )
    .option(
      '--strength <n>',
      '0 to 1; 0.8 for colour, 0.85 for network, 1 for frames painted by hand, 0.6 for words by default',
      share,
    )
    .addOption(
      new Option('--strokes <name>', 'how broad the paint is').choices(STROKES).default('medium'),
    )
    .addOption(
      new Option('--keys <name>', KEYS_HELP).choices(['network', 'colour']).default('network'),
    )
    .option('--every <n>', 'frames from one key frame to the next', keyInterval, 12)
    .option(
      '--painted <file|dir>',
      'key frames painted by hand; their names carry the frame, from 0',
    )
    .option('--prompt <text>', 'of the mode words: the style, such as “watercolour”')
    .option('--seed <n>', 'of the mode words: the same seed makes the same', wholeNumber, 0)
    .option('--steps <n>', 'of the mode words: more steps take more time', wholeNumber)
    .option('--guidance <n>', 'of the mode words: how strictly to follow them', positive)
    .option('--pack <id>', 'of the mode words: the model pack; the best one by default')
    .option('--smoothing <n>', '0 to 1: how much a frame holds on to the one before', share, 0.9)
    .option('--range <a-b>', 'frames like 24-96 or seconds like 1s-4s; the whole clip by default')
    .option('--mask <png|dir>', 'white = change: one PNG, or a folder with one per frame')
    .option('--luminance-only', 'take over light and texture, keep the colours', false)
    .option('--keep-skin', 'colours of skin change less', false)
    .option(
      '--by-light',
      'of the mode colour: shadows, midtones and highlights each on their own',
      false,
    )
    .requiredOption('--out <file>', OUT_FILE)
    .option('--overwrite', 'replace what is there', false)
    .option('--feather <pixels>', 'width of the soft edge of the mask', wholeNumber, 4)
    .option('--resume', RESUME, false)
    .option('--fresh', FRESH, false)
    .action((clip: string, flags: StylizeFlags, command: Command) => {
      const preset = presetOf(flags.out)
      if (preset === undefined) {
        command.error(`error: --out ${flags.out} has no known extension (.mkv .ffv1 .mp4 .mov)`)
      }
      const { resume, fresh, overwrite, out, ...asked } = flags
      const options = { ...asked, overwrite, out, clip, preset, canResume: flags.mode !== 'words' }
      if (!resume) return run((context) => stylize(context, options))
      return run(async (context) => {
        refuseForWhole(options)
        const files = await filesOf(options)
        return stylize(context, { ...options, resuming: { fresh, files, asked } })
      })
    })
}

function refuseForWhole({ mode }: Pick<StylizeOptions, 'mode'>): void {
  if (mode !== 'words') return
  throw new AppError('invalid-request', '--resume cannot go with --mode words.', {
    hint: 'Leave it out: what a model makes comes whole, and a stopped run leaves nothing to go on from.',
  })
}

/** Everything that the result is made of, but for the mask. */
async function filesOf({ clip, style, painted }: StylizeOptions): Promise<readonly string[]> {
  const pictures = painted === undefined ? [] : await pictureFiles(resolve(painted))
  return [clip, ...(style === undefined ? [] : [style]), ...pictures]
}

/** Gives a clip the colours of a picture, or paints it in its style. */
async function stylize(context: CommandContext, options: StylizeOptions): Promise<boolean> {
  const { mode, luminanceOnly, painted } = options
  refuseByLight(options)
  if (painted !== undefined && mode !== 'keyframe') {
    throw new AppError('invalid-request', '--painted goes with --mode keyframe only.', {
      hint: 'Add --mode keyframe.',
    })
  }
  if ((mode === 'words') !== (options.prompt !== undefined)) {
    throw new AppError('invalid-request', '--mode words and --prompt go together.', {
      hint: 'Give both: --mode words --prompt "watercolour".',
    })
  }
  if (mode === 'words') refuseForWords(options)
  else if (options.style === undefined && painted === undefined) {
    throw new AppError('reference-missing', 'There is nothing to paint by.', {
      hint: 'Give --style, a picture; or --mode keyframe with --painted, frames painted by hand.',
    })
  }
  await requireFile(options.style, 'style picture')
  const strength = options.strength ?? defaultStrength(mode, painted !== undefined)
  if (strength === 0) {
    throw new AppError('edit-empty', 'At strength 0 the clip stays as it is.', {
      hint: 'Give --strength a number above 0, up to 1.',
    })
  }
  const make = { colour: matchColours, words: paintByWords, network: paint, keyframe: paint }[mode]
  const written = await make(context, options, strength)
  const { said = [], ...rest } = written
  const { path, frames, bytes } = rest
  const style = options.style === undefined ? null : resolve(options.style)
  const words = mode === 'words' ? { prompt: options.prompt, seed: options.seed } : {}
  context.report.result({ ...rest, mode, style, strength, luminanceOnly, ...words }, [
    `Wrote ${path} (${frames} frames, ${(bytes / 1e6).toFixed(1)} MB).`,
    ...said,
  ])
  return true
}

/** The zones of light are about the colours of a picture, and of nothing else. */
function refuseByLight({ byLight, mode, luminanceOnly }: StylizeOptions): void {
  if (!byLight || (mode === 'colour' && !luminanceOnly)) return
  throw new AppError(
    'invalid-request',
    mode === 'colour'
      ? '--by-light cannot go with --luminance-only.'
      : '--by-light goes with --mode colour only.',
    { hint: 'Leave one of the two out.' },
  )
}

/** What was written, with what else there is to say of it. */
type Written = Promise<
  Awaited<ReturnType<typeof applyEdit>> & { readonly said?: readonly string[] }
>

function defaultStrength(mode: StylizeOptions['mode'], byHand: boolean): number {
  if (mode === 'colour') return COLOUR_STRENGTH
  if (mode === 'words') return WORDS_STRENGTH
  // What a hand painted is wanted whole.
  return byHand ? 1 : DEFAULT_STYLISE.strength
}

async function matchColours(
  context: CommandContext,
  options: StylizeOptions,
  strength: number,
): Written {
  const { style, luminanceOnly, keepSkin, byLight } = options
  let zones = 0
  const operations = async ({ asset, maskId, range }: EditPlace): Promise<EditOperation[]> => {
    const measured = await context.client.call('edit.matchPicture', {
      ...{ assetId: asset.id, maskId, ...range },
      ...{ path: resolve(style ?? ''), luminanceOnly },
    })
    zones = measured.map.zones?.length ?? 0
    const keys = [{ frame: range.from, value: strength }]
    return [{ kind: 'match', keys, keepSkin, byLight, ...measured }]
  }
  const written = await applyEdit(context, options, { prompt: '', seed: 0, operations })
  const flat =
    'Its light and dark lie too near to each other for --by-light: one map for all of it.'
  return byLight && zones === 0 ? { ...written, said: [flat] } : written
}

/** What belongs to a picture says nothing to a model that is told in words. */
function refuseForWords({ style, keepSkin, luminanceOnly }: StylizeOptions): void {
  const given = [
    ...(style === undefined ? [] : ['--style']),
    ...(keepSkin ? ['--keep-skin'] : []),
    ...(luminanceOnly ? ['--luminance-only'] : []),
  ]
  if (given.length === 0) return
  throw new AppError('invalid-request', `${given.join(', ')} cannot go with --mode words.`, {
    hint: 'Leave it out: in this mode the style is what --prompt says.',
  })
}

/** A model pack paints the clip by words, on the clip's own drawing. */
async function paintByWords(
  context: CommandContext,
  options: StylizeOptions,
  strength: number,
): Written {
  const { prompt = '', seed, steps, guidance, feather, pack } = options
  const made = await applyVerb(context, options, {
    kind: 'regenerate',
    input: pack === undefined ? {} : { packId: pack },
    segment: ({ maskId }) =>
      Promise.resolve({
        ...{ verb: 'regenerate', maskId },
        params: {
          ...{ prompt, seed, feather, steps: steps ?? null, guidance: guidance ?? null },
          ...{ strength: Math.max(LEAST_STRENGTH, strength), detail: 'clip' },
        },
      }),
  })
  const { recipe, ...written } = made
  const known = await unknownWords(context.client, packOf(recipe), prompt)
  return { ...written, said: [`Seed ${seed}.`, ...known] }
}

async function paint(context: CommandContext, options: StylizeOptions, strength: number): Written {
  const { client } = context
  const { luminanceOnly, strokes, smoothing, feather } = options
  if (options.keepSkin) {
    throw new AppError('invalid-request', '--keep-skin goes with --mode colour only.', {
      hint: 'Leave it out, or use --luminance-only to keep all colours.',
    })
  }
  const { recipe, ...written } = await applyVerb(context, options, {
    kind: 'stylise',
    async segment({ asset, maskId }) {
      const style =
        options.style === undefined
          ? null
          : await client.call('style.add', { path: resolve(options.style) })
      const painted = await addPainted(context, options.painted, asset)
      const params: StyliseParams = {
        ...{ mode: options.mode === 'keyframe' ? 'keyframe' : 'network', painted },
        ...{ keyBy: style === null ? 'hand' : options.keys, keyEvery: options.every },
        ...{ style, strength, keepColours: luminanceOnly, smoothing, strokes, feather },
      }
      return { verb: 'stylise', maskId, params }
    },
  })
  return written
}

/** Copies painted frames into the project, each to the frame that its name says. */
async function addPainted(
  { client, report }: CommandContext,
  path: string | undefined,
  asset: AssetRec,
): Promise<readonly HandPaintedFrame[]> {
  if (path === undefined) return []
  let all: readonly HandPaintedFrame[] = []
  for (const file of await pictureFiles(resolve(path))) {
    const frame = frameOfName(basename(file))
    if (frame === null) {
      throw new AppError('painted-invalid', `${basename(file)} does not say which frame it is.`, {
        hint: 'Put the number of the frame into its name, counted from 0: “frame 12.png”.',
      })
    }
    const added = await client.call('style.addPainted', { assetId: asset.id, frame, path: file })
    all = withPainted(all, added.painted)
    const { scaledFrom } = added
    const scaled =
      scaledFrom === null ? '' : `, scaled from ${scaledFrom.width}x${scaledFrom.height}`
    report.note(
      { painted: { file, frame, scaledFrom } },
      `${basename(file)}: frame ${frame}${scaled}.`,
    )
  }
  return all
}
