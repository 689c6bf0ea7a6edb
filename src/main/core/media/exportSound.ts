import { open } from 'node:fs/promises'
import { samplesAt } from '../../../shared/rational.js'
import type { Rational } from '../../../shared/rational.js'
import { createLimiter } from '../../../shared/sound/limiter.js'
import { overlap } from '../../../shared/sound/overlap.js'
import { throwIfAborted } from '../../ffmpeg/children.js'
import { outputChannels, readSound } from '../../ffmpeg/audio.js'
import type { Composition, SoundSpan } from './exportPlan.js'

/** Raw interleaved 32-bit floats, as {@link writeMix} wrote them. */
export interface Mix {
  readonly path: string
  readonly sampleRate: number
  readonly channels: 1 | 2
  /** Samples per channel. */
  readonly samples: number
}

/** Samples of the pieces that are mixed at a time. */
const BLOCK = 8192

/**
 * Mixes a composition's sound into a raw file of exactly as many samples as its frames last.
 * Null when it has none. A single source keeps its sample rate; several meet at 48 kHz. Voices are
 * added up as they are, none is turned down for the others; where they sound together a limiter keeps
 * the sum below full scale.
 */
export async function writeMix(
  ffmpegPath: string,
  composition: Composition,
  path: string,
  signal: AbortSignal | undefined,
): Promise<Mix | null> {
  const { sounds, fps, frames } = composition
  if (sounds.length === 0) return null
  const infos = sounds.flatMap((sound) => sound.source.info.audio ?? [])
  const rates = new Set(infos.map((info) => info.sampleRate))
  const [only] = rates
  const sampleRate = rates.size === 1 && only !== undefined && only >= 8000 ? only : 48_000
  const channels = infos.some((info) => outputChannels(info) === 2) ? 2 : 1
  const samples = samplesAt(frames, fps, sampleRate)
  const voices = sounds.map((sound) =>
    openVoice(ffmpegPath, sound, { fps, sampleRate, channels, signal }),
  )
  // Playback goes by the same rule (player/sound.ts).
  const limiter = overlap(sounds) ? createLimiter(channels, sampleRate) : null
  const file = await open(path, 'w')
  const write = async (data: Float32Array): Promise<void> => {
    if (data.length > 0) {
      await file.write(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    }
  }
  try {
    for (let at = 0; at < samples; at += BLOCK) {
      throwIfAborted(signal)
      const mix = new Float32Array(Math.min(BLOCK, samples - at) * channels)
      for (const voice of voices) await voice.addTo(mix, at)
      await write(limiter === null ? mix : limiter.push(mix))
    }
    if (limiter !== null) await write(limiter.flush())
  } finally {
    await file.close()
    await Promise.all(voices.map((voice) => voice.close()))
  }
  return { path, sampleRate, channels, samples }
}

interface Voice {
  /** Adds the voice's samples from output sample `at` on. Calls must go forward without gaps. */
  addTo(mix: Float32Array, at: number): Promise<void>
  close(): Promise<void>
}

function openVoice(
  ffmpegPath: string,
  sound: SoundSpan,
  out: {
    readonly fps: Rational
    readonly sampleRate: number
    readonly channels: 1 | 2
    readonly signal: AbortSignal | undefined
  },
): Voice {
  const { fps, sampleRate, channels, signal } = out
  const first = samplesAt(sound.from, fps, sampleRate)
  const end = samplesAt(sound.to, fps, sampleRate)
  // Created now, but ffmpeg starts with the first block that is asked for.
  const blocks = readSound(ffmpegPath, sound.source, {
    ...{
      fromSeconds: sound.fromSeconds,
      samples: end - first,
      sampleRate,
      channels,
      block: BLOCK,
      signal,
    },
  })
  let rest: Float32Array = new Float32Array(0)
  return {
    async addTo(mix, at) {
      const count = mix.length / channels
      let to = Math.max(first, at)
      const stop = Math.min(end, at + count)
      while (to < stop) {
        if (rest.length === 0) {
          const next = await blocks.next()
          if (next.done === true) return
          rest = next.value
        }
        const take = Math.min(rest.length / channels, stop - to)
        const offset = (to - at) * channels
        for (let n = 0; n < take * channels; n++) {
          mix[offset + n] = (mix[offset + n] ?? 0) + (rest[n] ?? 0)
        }
        rest = rest.subarray(take * channels)
        to += take
      }
    },
    async close() {
      await blocks.return(undefined)
    },
  }
}
