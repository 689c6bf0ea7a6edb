import { resolve } from 'node:path'
import type { Doctor } from '../../../shared/contract/api.js'
import type { MediaInfo, MediaNote } from '../../../shared/document/model.js'
import { hdrName, isTransparent } from '../../../shared/pixelFormat.js'
import { frameToSeconds, toNumber } from '../../../shared/rational.js'
import type { CommandContext } from './session.js'

export async function probeFile(
  { client, report }: CommandContext,
  file: string,
): Promise<boolean> {
  const info = await client.call('media.probe', { path: resolve(file) })
  report.result(info, mediaLines(info))
  return true
}

function mediaLines(info: MediaInfo): string[] {
  const { width, height, fps, frames, videoCodec, pixelFormat, colour, audio } = info
  const seconds = frameToSeconds(frames, fps).toFixed(2)
  return [
    `${info.kind}: ${width} x ${height}, ${frames} frames at ${toNumber(fps).toFixed(3)} a second (${seconds} s)`,
    `picture: ${videoCodec}, ${pixelFormat}, ${colour.matrix}, ${colour.range} range`,
    audio === null
      ? 'sound: none'
      : `sound: ${audio.channels} channels at ${audio.sampleRate} Hz, ${audio.samples} samples`,
    ...(isTransparent(pixelFormat) ? ['note: transparency is not used yet'] : []),
    ...info.notes.map((note) => `note: ${noteText(note)}`),
  ]
}

function noteText(note: MediaNote): string {
  switch (note.kind) {
    case 'rotated':
      return `turned by ${note.degrees} degrees`
    case 'variable-rate':
      return `variable frame rate, made constant at ${toNumber(note.fps).toFixed(3)}`
    case 'high-bit-depth':
      return `${note.bits} bits a channel, worked on with 8`
    case 'hdr':
      return `high dynamic range (${hdrName(note.transfer)}), shown as standard range`
    case 'odd-size':
      return `odd size ${note.width} x ${note.height}`
    case 'anamorphic':
      return `pixels are not square, shown as ${note.width} x ${note.height}`
    case 'transparent':
      return 'transparency is not used yet'
    case 'no-audio':
      return 'no sound'
    case 'interlaced':
      return 'interlaced'
  }
}

/** False, and exit code 1, when something the app needs does not work. */
export async function doctor({ client, report }: CommandContext): Promise<boolean> {
  const found = await client.call('app.doctor', {})
  report.result(found, doctorLines(found))
  return found.ffmpeg.ok && found.engine.ok
}

function doctorLines({ versions, ffmpeg, engine, packs, cpu, memory, disk }: Doctor): string[] {
  return [
    ...Object.entries(versions).map(([name, version]) => `${name}: ${version}`),
    ...(ffmpeg.ok
      ? [
          `ffmpeg: ${ffmpeg.version} (${ffmpeg.from}) at ${ffmpeg.path}`,
          `  ${ffmpeg.encoders.length} encoders, ${ffmpeg.filters.length} filters (--json lists them)`,
          `  missing: ${ffmpeg.missing.length === 0 ? 'nothing' : ffmpeg.missing.join(', ')}`,
        ]
      : [`ffmpeg: ${ffmpeg.error.message} ${ffmpeg.error.hint ?? ''}`.trimEnd()]),
    ...(engine.ok
      ? [
          `onnxruntime-node: ${engine.info.onnxruntime ?? 'not found'}`,
          ...engine.info.providers.map(
            ({ name, usable, reason }) =>
              `  ${name}: ${usable ? 'usable' : (reason ?? 'not usable')}`,
          ),
          `opencv: ${engine.info.opencv ?? 'not found'}`,
        ]
      : [`engine: ${engine.error.message} ${engine.error.hint ?? ''}`.trimEnd()]),
    ...packs.flatMap(packTestLines),
    `processor: ${cpu.model}, ${cpu.cores} cores`,
    `memory: ${gigabytes(memory.freeBytes)} free of ${gigabytes(memory.totalBytes)}`,
    `disk: ${gigabytes(disk.freeBytes)} free for ${disk.folder}`,
  ]
}

/** One pass on each provider: what it takes, and how far its numbers are from the processor's. */
function packTestLines({ id, test }: Doctor['packs'][number]): string[] {
  if (!test.ok) return [`pack ${id}: ${test.error.message}`]
  return [
    `pack ${id}, one pass:`,
    ...test.providers.map(({ name, usable, reason, loadSeconds, passSeconds, difference }) =>
      usable
        ? `  ${name}: ${(passSeconds ?? 0).toFixed(2)} s, loaded in ${(loadSeconds ?? 0).toFixed(2)} s, differs by ${(difference ?? 0).toExponential(1)}`
        : `  ${name}: ${reason ?? 'not usable'}`,
    ),
  ]
}

function gigabytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GB`
}
