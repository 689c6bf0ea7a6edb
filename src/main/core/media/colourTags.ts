import type { FrameSource } from '../../ffmpeg/frames.js'
import type { Colour } from '../../ffmpeg/layout.js'
import { probeStreams } from '../../ffmpeg/probe.js'
import type { ProbedStream } from '../../ffmpeg/probed.js'
import type { FfmpegTools } from '../../ffmpeg/tools.js'

/** What a file says of its colours beside matrix and range. */
export interface ColourNames {
  readonly primaries: string | null
  readonly transfer: string | null
}

const MATRIX_NAMES: Record<Colour['matrix'], string> = {
  bt601: 'smpte170m',
  bt709: 'bt709',
  bt2020: 'bt2020nc',
}
const PRIMARIES = ['bt709', 'bt470m', 'bt470bg', 'smpte170m', 'smpte240m', 'film', 'bt2020']
const TRANSFERS = ['bt709', 'gamma22', 'gamma28', 'smpte170m', 'smpte240m', 'linear']
const MORE_TRANSFERS = ['iec61966-2-1', 'iec61966-2-4', 'bt2020-10', 'bt2020-12']

/** Encoder options that name the colours, so that every player reads the YUV as it was meant. */
export function colourTags(colour: Colour, names?: ColourNames): string[] {
  return [
    ...['-colorspace', MATRIX_NAMES[colour.matrix], '-color_range', colour.range],
    ...(names?.primaries ? ['-color_primaries', names.primaries] : []),
    ...(names?.transfer ? ['-color_trc', names.transfer] : []),
  ]
}

/** Colour names of what comes out of a file: HDR has been brought to BT.709 by then. */
export async function namesOfFile(
  tools: FfmpegTools,
  { path, info }: FrameSource,
  signal: AbortSignal | undefined,
): Promise<ColourNames> {
  if (info.notes.some((note) => note.kind === 'hdr')) {
    return { primaries: 'bt709', transfer: 'bt709' }
  }
  const { streams } = await probeStreams(tools, path, signal)
  return colourNames(streams?.find((stream) => stream.codec_type === 'video'))
}

/** The names of a stream that ffmpeg accepts as options; unknown ones stay unsaid. */
export function colourNames(
  stream: Pick<ProbedStream, 'color_primaries' | 'color_transfer'> | undefined,
): ColourNames {
  const primaries = stream?.color_primaries ?? ''
  const transfer = stream?.color_transfer ?? ''
  return {
    primaries: PRIMARIES.includes(primaries) ? primaries : null,
    transfer: [...TRANSFERS, ...MORE_TRANSFERS].includes(transfer) ? transfer : null,
  }
}
