import { rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { InvalidArgumentError, Option } from 'commander'
import type { Command } from 'commander'
import { AppError } from '../../../shared/contract/errors.js'
import type { ExportPreset } from '../../../shared/contract/job.js'
import { recordOf, recordsOf } from '../../../shared/document/model.js'
import type { AssetRec, Id } from '../../../shared/document/model.js'
import { toNumber } from '../../../shared/rational.js'
import { EASINGS, FASTEST, SLOWEST } from '../../../shared/retime/operations.js'
import type { Easing, RetimeOperation, RetimeParams } from '../../../shared/retime/operations.js'
import { rangeOf, runRetime } from './applyEdit.js'
import type { Client } from './client.js'
import { OUT_FILE, outPath } from './out.js'
import { importedAsset, presetOf } from './remove.js'
import { FRESH, RESUME, openWork, saysWhereItGoesOn, saysWhereItStopped } from './resuming.js'
import type { CommandContext } from './session.js'
import type { WorkFolder } from './workFolder.js'

interface RetimeFlags {
  readonly speed?: number
  readonly ramp?: readonly [number, number]
  readonly easing: Easing
  readonly reverse: boolean
  readonly pingPong: boolean
  readonly freeze?: { readonly at: number; readonly seconds: number }
  readonly range?: string
  readonly repeat: boolean
  readonly tape: boolean
  readonly out: string
  readonly overwrite: boolean
  readonly resume: boolean
  readonly fresh: boolean
}

/** Adds `lumiere retime` to a program. */
export function addRetimeCommand(
  program: Command,
  run: (command: (context: CommandContext) => Promise<boolean>) => Promise<void>,
): void {
  program
    .command('retime')
    .description('play a clip slower, faster, backward, or standing still')
    .argument('<clip>')
    .option('--speed <factor>', '0.5 is half as fast, 2 twice', factor)
    .option('--ramp <a-b>', 'from one speed to another, like 1-0.25', ramp)
    .addOption(new Option('--easing <name>', 'of the ramp').choices(EASINGS).default('smooth'))
    .option('--reverse', 'backward', false)
    .option('--ping-pong', 'forward, then backward', false)
    .option('--freeze <at:for>', 'stand still, in seconds: 2:1.5', freeze)
    .option('--range <a-b>', 'frames like 24-96 or seconds like 1s-4s; the whole clip by default')
    .option('--repeat', 'repeat frames instead of making pictures between them', false)
    .option('--tape', 'let the pitch follow the speed', false)
    .requiredOption('--out <file>', OUT_FILE)
    .option('--overwrite', 'replace what is there', false)
    .option('--resume', RESUME, false)
    .option('--fresh', FRESH, false)
    .action((clip: string, flags: RetimeFlags, command: Command) => {
      const preset = presetOf(flags.out)
      if (preset === undefined) {
        command.error(`error: --out ${flags.out} has no known extension (.mkv .ffv1 .mp4 .mov)`)
      }
      const { speed, ramp: ramped, reverse, pingPong, freeze: frozen } = flags
      const isSaid = speed !== undefined || ramped !== undefined || frozen !== undefined
      if (!isSaid && !reverse && !pingPong) {
        command.error('error: give --speed, --ramp, --reverse, --ping-pong or --freeze')
      }
      return run((context) => retime(context, clip, preset, flags))
    })
}

/**
 * Retimes a clip in a project folder of its own that is deleted afterwards, and exports it. Asked
 * for, that folder lies beside the result and outlives a kill: the same command goes on there.
 */
async function retime(
  { client, paths, report }: CommandContext,
  clip: string,
  preset: ExportPreset,
  flags: RetimeFlags,
): Promise<boolean> {
  const { out, overwrite, resume, fresh, ...asked } = flags
  const path = await outPath(report, out, overwrite)
  const resuming = resume ? { fresh, files: [clip], asked } : undefined
  const work = await openWork({ paths, report }, 'retime', path, resuming)
  let isDone = false
  try {
    const { clipId, asset } = await begin(client, work, clip)
    const range = rangeOf(flags.range, asset)
    const params: RetimeParams = {
      operations: operationsOf(flags, range.to - range.from, asset),
      smoothness: flags.repeat ? 'repeat' : 'interpolate',
      keepPitch: !flags.tape,
    }
    if (!(await isMade(client))) {
      const input = { clipId, ...range, params }
      await saysWhereItGoesOn(client, report, { kind: 'retime', input })
      await runRetime(client, clipId, { ...range, params })
    }
    const written = await client.runJob('export', { preset, path, overwrite })
    isDone = true
    report.result({ ...written, preset, params }, [
      `Wrote ${written.path} (${written.frames} frames, ${(written.bytes / 1e6).toFixed(1)} MB).`,
    ])
    return true
  } finally {
    const keep =
      !isDone &&
      ((await isMade(client)) ||
        (await saysWhereItStopped(client, report, resume ? undefined : '--resume'))) &&
      resume
    await client.call('project.close', {})
    await work.close(keep)
  }
}

/** The clip to retime: that of an earlier run, where it got as far as that. */
async function begin(
  client: Client,
  work: WorkFolder,
  clip: string,
): Promise<{ readonly clipId: Id; readonly asset: AssetRec }> {
  if (work.isBegun) {
    const { doc } = await client.call('project.open', { folder: work.project })
    const asset = recordsOf(doc, 'asset').find(({ made }) => made === undefined)
    const found = recordsOf(doc, 'clip').filter(({ assetId }) => assetId === asset?.id)
    const video = found.find(({ trackId }) => recordOf(doc, 'track', trackId)?.kind === 'video')
    // Once it is retimed nothing of the clip itself is left on the timeline.
    if (asset !== undefined && (video !== undefined || (await isMade(client)))) {
      return { clipId: video?.id ?? '', asset }
    }
    await client.call('project.close', {})
    await rm(work.project, { recursive: true, force: true })
  }
  await client.call('project.create', { folder: work.project, name: 'retime' })
  const { assetId, clipId } = await client.runJob('import', { path: resolve(clip), place: true })
  const asset = await importedAsset(client, assetId)
  if (clipId === null) throw new AppError('internal', 'The clip was not placed on the timeline.')
  return { clipId, asset }
}

/** True where the retimed clip is in the open project: only the export is missing. */
async function isMade(client: Client): Promise<boolean> {
  const state = await client.call('project.state', {})
  return state !== null && recordsOf(state.doc, 'asset').some(({ made }) => made?.task === 'retime')
}

/** @throws AppError `edit-empty` */
function operationsOf(
  { speed, ramp, easing, reverse, pingPong, freeze }: RetimeFlags,
  frames: number,
  { info }: AssetRec,
): RetimeOperation[] {
  const whole = { from: 0, to: frames }
  const fps = toNumber(info.fps)
  const until = frames / fps
  if (freeze !== undefined && freeze.at > until) {
    throw new AppError(
      'invalid-request',
      `--freeze ${freeze.at} lies behind the end: there are ${until.toFixed(2)} s.`,
      { hint: 'Give a time within the clip, or within its --range.' },
    )
  }
  return [
    ...(freeze === undefined
      ? []
      : [
          {
            kind: 'freeze' as const,
            at: Math.min(frames - 1, Math.round(freeze.at * fps)),
            frames: Math.max(1, Math.round(freeze.seconds * fps)),
          },
        ]),
    ...(reverse ? [{ kind: 'reverse' as const, ...whole }] : []),
    ...(pingPong ? [{ kind: 'ping-pong' as const, ...whole }] : []),
    ...(speed === undefined ? [] : [{ kind: 'speed' as const, ...whole, factor: speed }]),
    ...(ramp === undefined
      ? []
      : [{ kind: 'ramp' as const, ...whole, start: ramp[0], end: ramp[1], easing }]),
  ]
}

function factor(text: string): number {
  const value = Number(text)
  if (text.trim() !== '' && value >= SLOWEST && value <= FASTEST) return value
  throw new InvalidArgumentError(`It must be a number from ${SLOWEST} to ${FASTEST}.`)
}

function ramp(text: string): readonly [number, number] {
  const [start = '', end = '', ...more] = text.split('-')
  if (more.length > 0) throw new InvalidArgumentError('It must be two speeds, like 1-0.25.')
  return [factor(start), factor(end)]
}

function freeze(text: string): { at: number; seconds: number } {
  const match = /^(\d+(?:\.\d+)?)s?:(\d+(?:\.\d+)?)s?$/.exec(text.trim())
  if (match === null) throw new InvalidArgumentError('It must be a time and a length, like 2:1.5.')
  return { at: Number(match[1]), seconds: Number(match[2]) }
}
