import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { RetimeTaskInput } from '../../../../shared/contract/retime.js'
import { samplesAt, toNumber } from '../../../../shared/rational.js'
import { distanceAt, speedNow } from '../../../../shared/retime/timeMap.js'
import type { TimeMap } from '../../../../shared/retime/timeMap.js'
import { outputChannels, readSound } from '../../../ffmpeg/audio.js'
import { openRawSound, writeRawSound } from '../../sound/rawSound.js'
import type { SoundPlan } from '../../sound/source.js'
import { stretch } from '../../sound/stretch.js'
import { varispeed } from '../../sound/varispeed.js'
import type { TaskContext } from '../../taskContext.js'

/** Sound of a result, as raw interleaved floats in a file. */
export interface RetimedSound {
  readonly path: string
  readonly sampleRate: number
  readonly channels: 1 | 2
  /** Samples per channel: exactly as many as the pictures last. */
  readonly samples: number
}

const BLOCK = 8192
/** Sound of so many samples is worked on before a cancel is looked for. */
const TURN = 1 << 17

/**
 * Plays the sound of a range as its time map says. It goes through two files, so that backward
 * and long stretches cost no memory. Null where nothing is heard.
 */
export async function retimeSound(
  { source, range, heard, params, outputFolder, ffmpegPath }: RetimeTaskInput,
  map: TimeMap,
  { signal }: Pick<TaskContext, 'signal'>,
): Promise<RetimedSound | null> {
  const { audio, fps } = source.info
  if (audio === null || heard === null || heard.to <= heard.from) return null
  const sampleRate = audio.sampleRate >= 8000 ? audio.sampleRate : 48_000
  const channels = outputChannels(audio)
  const known = samplesAt(range.to - range.from, fps, sampleRate)
  const decoded = join(outputFolder, 'source.f32')
  await writeRawSound(
    decoded,
    onlyHeard(
      readSound(ffmpegPath, source, {
        fromSeconds: range.from / toNumber(fps),
        ...{ samples: known, sampleRate, channels, block: BLOCK, signal },
      }),
      channels,
      samplesAt(heard.from, fps, sampleRate),
      samplesAt(heard.to, fps, sampleRate),
    ),
  )
  const samples = samplesAt(map.frames, fps, sampleRate)
  const path = join(outputFolder, 'sound.f32')
  const sound = openRawSound(decoded, { channels, sampleRate, samples: known })
  try {
    const play = params.keepPitch ? stretch : varispeed
    const plan = soundPlan(map, sampleRate / toNumber(fps))
    await writeRawSound(path, inTurns(play(sound, plan, samples), channels, signal))
  } finally {
    sound.close()
  }
  return { path, sampleRate, channels, samples }
}

/** Where each output sample's sound lies: in the frame that is seen with it. */
function soundPlan({ pieces }: TimeMap, samplesPerFrame: number): SoundPlan {
  let at = 0
  return (sample) => {
    const time = sample / samplesPerFrame
    while (at > 0 && time < (pieces[at]?.start ?? 0)) at--
    while (at < pieces.length - 1 && time >= (pieces[at]?.end ?? 0)) at++
    const placed = pieces[at]
    if (placed?.piece.kind !== 'play') return null
    const { from, to, knots } = placed.piece
    const inside = time - placed.start
    const distance = distanceAt(knots, inside)
    const way = to >= from ? 1 : -1
    return { at: (from + way * distance) * samplesPerFrame, speed: way * speedNow(knots, inside) }
  }
}

/** Silence outside of the samples `[from, to)`. */
async function* onlyHeard(
  blocks: AsyncGenerator<Float32Array>,
  channels: number,
  from: number,
  to: number,
): AsyncGenerator<Float32Array> {
  let at = 0
  for await (const block of blocks) {
    const count = block.length / channels
    if (at < from) block.fill(0, 0, Math.min(count, from - at) * channels)
    if (at + count > to) block.fill(0, Math.max(0, to - at) * channels)
    at += count
    yield block
  }
}

async function* inTurns(
  blocks: Iterable<Float32Array>,
  channels: number,
  signal: AbortSignal,
): AsyncGenerator<Float32Array> {
  let since = 0
  for (const block of blocks) {
    yield block
    since += block.length / channels
    if (since < TURN) continue
    since = 0
    await nextTurn()
    signal.throwIfAborted()
  }
}
