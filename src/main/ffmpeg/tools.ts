import { access, chmod, constants } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { delimiter, dirname, join } from 'node:path'
import { AppError } from '../../shared/contract/errors.js'
import { startChild } from './children.js'

/** The two programs that everything here runs, and where they were found. */
export interface FfmpegTools {
  readonly ffmpeg: string
  readonly ffprobe: string
  readonly from: 'setting' | 'environment' | 'bundled' | 'path'
  /** As the program says it, e.g. `5.1.6` or `N-47683-g0e8eb07980`. */
  readonly version: string
}

/**
 * Finds ffmpeg and ffprobe: setting (path of ffmpeg), then the environment
 * (LUMIERE_FFMPEG, LUMIERE_FFPROBE), then the bundled programs, then PATH.
 * A place that is named but does not work is an error, not skipped: silently using
 * another ffmpeg than the one asked for would be found out much later.
 *
 * @throws AppError `ffmpeg-missing`
 */
export async function findFfmpeg(options: { setting?: string } = {}): Promise<FfmpegTools> {
  const asked = options.setting
  if (asked !== undefined && asked !== '') {
    return checked({ ffmpeg: asked, ffprobe: beside(asked), from: 'setting' })
  }
  const env = process.env['LUMIERE_FFMPEG']
  if (env !== undefined && env !== '') {
    const ffprobe = process.env['LUMIERE_FFPROBE']
    return checked({ ffmpeg: env, ffprobe: ffprobe ?? beside(env), from: 'environment' })
  }
  for (const candidate of [await bundled(), await onPath()]) {
    if (candidate === null) continue
    try {
      return await checked(candidate)
    } catch {
      // Next place; the last word below covers them all.
    }
  }
  throw missing(
    'No working ffmpeg was found: none is bundled for this platform and none is on PATH.',
  )
}

/** What this ffmpeg can do, and which of the features we use it lacks (`encoder:libx264`). */
export async function ffmpegFeatures(
  tools: Pick<FfmpegTools, 'ffmpeg'>,
): Promise<{ encoders: string[]; filters: string[]; missing: string[] }> {
  const encoders = names(
    await output(tools.ffmpeg, ['-hide_banner', '-encoders']),
    // Above its list stands a legend: ` V..... = Video`.
    /^ [VAS][A-Z.]{5} ([^\s=]\S*)/,
  )
  const filters = names(
    await output(tools.ffmpeg, ['-hide_banner', '-filters']),
    /^ [A-Z.]{2,3} (\S+)\s+\S*->/,
  )
  const missing = [
    ...WANTED_ENCODERS.filter((name) => !encoders.includes(name)).map((name) => `encoder:${name}`),
    ...WANTED_FILTERS.filter((name) => !filters.includes(name)).map((name) => `filter:${name}`),
  ]
  return { encoders, filters, missing }
}

const WANTED_ENCODERS = [
  'libx264',
  'prores_ks',
  'ffv1',
  'png',
  'mjpeg',
  'aac',
  'pcm_s16le',
  'pcm_s24le',
]
const WANTED_FILTERS = [
  'scale',
  'transpose',
  'fps',
  'trim',
  'yadif',
  'zscale',
  'tonemap',
  'aresample',
  'tile',
]

function names(text: string, line: RegExp): string[] {
  return text.split(/\r?\n/).flatMap((row) => line.exec(row)?.[1] ?? [])
}

interface Candidate {
  readonly ffmpeg: string
  readonly ffprobe: string
  readonly from: FfmpegTools['from']
}

/** The ffprobe that lies beside an ffmpeg, as every distribution of the two ships them. */
function beside(ffmpeg: string): string {
  return join(dirname(ffmpeg), executable('ffprobe'))
}

function executable(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name
}

async function bundled(): Promise<Candidate | null> {
  const require = createRequire(import.meta.url)
  try {
    // These packages throw a string at load where they have no binary for the platform.
    const ffmpeg = unpacked((require('@ffmpeg-installer/ffmpeg') as { path: string }).path)
    const ffprobe = unpacked((require('@ffprobe-installer/ffprobe') as { path: string }).path)
    // npm unpacks ffprobe as 0644 where install scripts are off.
    await Promise.all([ffmpeg, ffprobe].map(makeExecutable))
    return { ffmpeg, ffprobe, from: 'bundled' }
  } catch {
    return null
  }
}

/** Programs cannot be started from inside Electron's archive; the build keeps them beside it. */
function unpacked(path: string): string {
  return path.replace(/([\\/])app\.asar([\\/])/, '$1app.asar.unpacked$2')
}

async function makeExecutable(path: string): Promise<void> {
  if (await runnable(path)) return
  await chmod(path, 0o755)
}

async function onPath(): Promise<Candidate | null> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  for (const folder of folders) {
    const ffmpeg = join(folder, executable('ffmpeg'))
    const ffprobe = join(folder, executable('ffprobe'))
    if ((await runnable(ffmpeg)) && (await runnable(ffprobe)))
      return { ffmpeg, ffprobe, from: 'path' }
  }
  return null
}

async function runnable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}

async function checked(candidate: Candidate): Promise<FfmpegTools> {
  const [banner] = await Promise.all([
    output(candidate.ffmpeg, ['-version']),
    output(candidate.ffprobe, ['-version']),
  ])
  const version = /^ffmpeg version (\S+)/.exec(banner)?.[1]
  if (version === undefined) throw missing(`${candidate.ffmpeg} is not ffmpeg.`)
  return { ...candidate, version }
}

/** The whole stdout of a short call. */
async function output(command: string, args: readonly string[]): Promise<string> {
  const child = startChild(command, args, { stdin: 'ignore', stdout: 'pipe' })
  let text = ''
  child.process.stdout?.setEncoding('utf8')
  child.process.stdout?.on('data', (part: string) => {
    text += part
  })
  const { code } = await child.ended
  if (code !== 0) throw missing(`${command} does not run.`)
  return text
}

function missing(message: string): AppError {
  return new AppError('ffmpeg-missing', message, {
    hint: 'Run `npm ci` again to get the bundled one, or set LUMIERE_FFMPEG to the path of an ffmpeg.',
  })
}
