import { rm } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AppError } from '../../../shared/contract/errors.js'
import type { ExportPreset } from '../../../shared/contract/job.js'
import type { AssetRec, Id } from '../../../shared/document/model.js'
import { parsePrompt } from '../../../shared/edit/parse.js'
import type { ParsedPrompt } from '../../../shared/edit/parsed.js'
import { toEditOperation } from '../../../shared/edit/resolve.js'
import { EDIT_LIMITS } from '../../../shared/edit/schema.js'
import { newId } from '../../../shared/ids.js'
import { temporaryFolder } from '../temporaryFolder.js'
import { accept, addMask, importedAsset, maskFiles, placeMasks, refuseExisting } from './remove.js'
import type { CommandContext } from './session.js'

export interface EditOptions {
  readonly clip: string
  readonly prompt: string
  /** `24-96` in frames, the second one excluded, or `1s-4s`; the whole clip when absent. */
  readonly range: string | undefined
  /** A PNG, or a folder with one PNG per frame; white = edit. Absent edits the whole frame. */
  readonly mask: string | undefined
  readonly out: string
  readonly preset: ExportPreset
  readonly overwrite: boolean
  readonly feather: number
  readonly seed: number
}

/** Prints what a prompt means, and does nothing else. */
export function explain({ report }: Pick<CommandContext, 'report'>, prompt: string): boolean {
  const parsed = readPrompt(prompt)
  report.result(parsed, [JSON.stringify(parsed, null, 2)])
  return true
}

/** Edits a clip by words in a project folder of its own that is deleted afterwards. */
export async function edit(context: CommandContext, options: EditOptions): Promise<boolean> {
  const { client, paths, report } = context
  const out = resolve(options.out)
  const parsed = requireOperations(readPrompt(options.prompt), options.mask !== undefined)
  if (!options.overwrite) await refuseExisting(out)
  const masks = options.mask === undefined ? null : await maskFiles(resolve(options.mask))
  const folder = await temporaryFolder(paths.data, 'edit')
  try {
    await client.call('project.create', { folder: join(folder, 'project'), name: 'edit' })
    const imported = await client.runJob('import', { path: resolve(options.clip), place: true })
    const asset = await importedAsset(client, imported.assetId)
    const { clipId } = imported
    if (clipId === null) throw new AppError('internal', 'The clip was not placed on the timeline.')
    const range = rangeOf(options.range, asset)
    const maskId =
      masks === null
        ? null
        : await addMask(client, asset, placeMasks(masks, asset, range.from), 'hold')
    const segmentId = await addEdit(context, { clipId, maskId, range, asset, parsed, options })
    const { takeId } = await client.runJob('edit', { segmentId })
    await accept(client, segmentId, takeId)
    const { frames, bytes } = await client.runJob('export', {
      ...{ preset: options.preset, path: out, overwrite: options.overwrite },
    })
    report.result({ path: out, preset: options.preset, frames, bytes, ...parsed }, [
      `Wrote ${out} (${frames} frames, ${(bytes / 1e6).toFixed(1)} MB).`,
      ...parsed.operations.map(({ kind, amount }) => `  ${kind} ${percent(amount)}`),
      ...parsed.unknown.map(({ text }) => `Not understood: ${text}.`),
    ])
    return true
  } finally {
    await client.call('project.close', {})
    await rm(folder, { recursive: true, force: true })
  }
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

/** @throws AppError `retime-unavailable`, `prompt-not-understood`, `mask-empty` */
function requireOperations(parsed: ParsedPrompt, masked: boolean): ParsedPrompt {
  const [retime] = parsed.retimes
  if (retime !== undefined) {
    throw new AppError(
      'retime-unavailable',
      `The prompt asks for ${retime.kind}: changes of speed and direction are not available yet.`,
      { hint: 'Leave the words about speed out; colour and light work.' },
    )
  }
  if (parsed.operations.length === 0) {
    const words = parsed.unknown.map(({ text, proposals }) =>
      proposals.length === 0 ? text : `${text} (did you mean ${proposals.join(', ')}?)`,
    )
    throw new AppError(
      'prompt-not-understood',
      words.length === 0
        ? 'The prompt names nothing to change.'
        : `The prompt names nothing to change; not understood: ${words.join('; ')}.`,
      { hint: 'Try "warmer", "more contrast", "make the sky bluer", "black and white".' },
    )
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

function rangeOf(
  text: string | undefined,
  asset: AssetRec,
): { readonly from: number; readonly to: number } {
  const { frames, fps } = asset.info
  if (text === undefined) return { from: 0, to: frames }
  const match = /^(\d+(?:\.\d+)?)(s?)-(\d+(?:\.\d+)?)(s?)$/.exec(text.trim())
  const frameOf = (value: string | undefined, unit: string | undefined): number =>
    unit === 's' ? Math.round((Number(value) * fps.num) / fps.den) : Math.floor(Number(value))
  const from = match === null ? NaN : frameOf(match[1], match[2])
  const to = match === null ? NaN : Math.min(frames, frameOf(match[3], match[4]))
  if (from < to) return { from, to }
  throw new AppError('invalid-request', `--range ${text} holds no frame of the clip.`, {
    hint: `Use frames like 0-${frames}, or seconds like 1s-2.5s.`,
  })
}

async function addEdit(
  { client }: CommandContext,
  edit: {
    readonly clipId: Id
    readonly maskId: Id | null
    readonly range: { readonly from: number; readonly to: number }
    readonly asset: AssetRec
    readonly parsed: ParsedPrompt
    readonly options: EditOptions
  },
): Promise<Id> {
  const { clipId, maskId, range, asset, parsed, options } = edit
  const { prompt, feather, seed } = options
  const id = newId('segment')
  const operations = parsed.operations.flatMap((one) => {
    const operation = toEditOperation(one, { ...range, fps: asset.info.fps })
    return operation === null ? [] : [operation]
  })
  if (operations.length === 0) {
    throw new AppError('edit-empty', 'The times in the prompt lie outside of the clip.', {
      hint: 'Seconds count from the first frame of the range.',
    })
  }
  const params = { prompt, operations, feather, seed }
  await client.call('document.dispatch', {
    mode: 'record',
    commands: [
      {
        type: 'segment.add',
        segment: {
          ...{ id, type: 'segment', verb: 'edit', clipId, maskId, params, acceptedTakeId: null },
          ...range,
        },
      },
    ],
  })
  return id
}

function percent(amount: number): string {
  return `${amount > 0 ? '+' : ''}${Math.round(amount * 100)} %`
}
