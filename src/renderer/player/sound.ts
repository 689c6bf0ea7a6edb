import { AudioBufferSink } from 'mediabunny'
import type { ProjectDoc } from '../../shared/document/model.js'
import { assetCache } from '../../shared/projectPaths.js'
import { frameToSeconds } from '../../shared/rational.js'
import { limitDelay } from '../../shared/sound/limitStream.js'
import { overlap } from '../../shared/sound/overlap.js'
import { bridge } from '../bridge/index.js'
import type { TransportSound } from './createTransport.js'
import limiterUrl from './limiterWorklet.ts?worker&url'
import { openInput } from './mediaInput.js'
import type { Sound } from './timelineMap.js'
import { soundsOf } from './timelineMap.js'

/** Time to read and decode the first buffers before the first one is due. */
const LEAD_SECONDS = 0.08
/** How long the picture waits for the sound device to wake before it goes on without. */
const WAKE_MILLISECONDS = 500
/** How far ahead of what is heard buffers are scheduled. */
const AHEAD_SECONDS = 1

/** Where a decoded buffer goes: when it sounds and which part of it. Null when it is over already. */
export function placeBuffer(
  buffer: { readonly from: number; readonly duration: number },
  span: { readonly from: number; readonly to: number },
  position: number,
): { readonly at: number; readonly offset: number; readonly duration: number } | null {
  const from = Math.max(buffer.from, span.from, position)
  const to = Math.min(buffer.from + buffer.duration, span.to)
  if (to <= from) return null
  return { at: from, offset: from - buffer.from, duration: to - from }
}

/** Time in which the volume follows its slider: a jump would click. */
const FADE_SECONDS = 0.015

/** Some calls of a limiter, on any device. */
const END_MILLISECONDS = 250

/** How loud playback is, and word of every change. */
export interface SoundLevel {
  gain(): number
  subscribe(listener: () => void): () => void
}

/** Where sounds go; a new one for each run, so that nothing of the last is left in it. */
interface Desk {
  readonly input: AudioNode
  /** Seconds that it holds sound back. */
  readonly delay: number
  close(): void
}

/**
 * The desk of a run: the limiter of an export where several sound at once, then the volume.
 * Without the limiter where it cannot be had.
 */
async function openDesk(output: AudioContext, level: SoundLevel, mixed: boolean): Promise<Desk> {
  const volume = new GainNode(output, { gain: level.gain() })
  volume.connect(output.destination)
  const stop = level.subscribe(() => {
    volume.gain.setTargetAtTime(level.gain(), output.currentTime, FADE_SECONDS)
  })
  const limiter = mixed ? await openLimiter(output).catch(() => null) : null
  limiter?.connect(volume)
  return {
    input: limiter ?? volume,
    delay: limiter === null ? 0 : limitDelay(output.sampleRate),
    close() {
      stop()
      volume.gain.value = 0
      limiter?.port.postMessage('end')
      // Still connected for a moment: a limiter that is asked for nothing more never ends.
      setTimeout(() => {
        limiter?.disconnect()
        volume.disconnect()
      }, END_MILLISECONDS)
    },
  }
}

async function openLimiter(output: AudioContext): Promise<AudioWorkletNode> {
  // Read once in a context's life, however often it is asked for.
  await output.audioWorklet.addModule(limiterUrl)
  return new AudioWorkletNode(output, 'limiter', {
    channelCount: 2,
    channelCountMode: 'explicit',
    outputChannelCount: [2],
  })
}

/** Plays the sound of a project's clips from their proxies by Web Audio. */
export function createSound(
  currentDoc: () => ProjectDoc | null,
  level: SoundLevel,
): TransportSound {
  let context: AudioContext | null = null
  let run: AbortController | null = null
  /** When the run began by the context's clock; null until its desk is there. */
  let beganAt: number | null = null
  let beganSeconds = 0
  let delay = 0
  let askedAt = 0

  /** Seconds since the run began, by what goes into the desk. */
  const sent = (output: AudioContext): number =>
    beganAt === null ? 0 : Math.max(0, output.currentTime - beganAt)

  const heard = (output: AudioContext): number =>
    beganSeconds + Math.max(0, sent(output) - delay - (output.outputLatency || 0))

  const playOne = async (
    output: AudioContext,
    desk: Desk,
    sound: Sound,
    doc: ProjectDoc,
    signal: AbortSignal,
  ): Promise<void> => {
    const { clip, asset } = sound
    const isStopped = (): boolean => signal.aborted
    const span = {
      from: frameToSeconds(clip.start, doc.meta.fps),
      to: frameToSeconds(clip.start + clip.length, doc.meta.fps),
    }
    /** Adding this to a time in the source gives the time on the timeline. */
    const shift = span.from - frameToSeconds(clip.in, asset.info.fps)
    await until(() => heard(output) >= span.from - 2 * AHEAD_SECONDS, signal)
    const input = openInput(bridge.mediaUrl(assetCache(asset.id).proxy))
    signal.addEventListener('abort', () => input.dispose(), { once: true })
    const track = await input.getPrimaryAudioTrack()
    if (track === null || isStopped()) return
    const begin = Math.max(span.from, beganSeconds) - shift
    for await (const { buffer, timestamp } of new AudioBufferSink(track).buffers(
      begin,
      span.to - shift,
    )) {
      if (isStopped()) return
      const late = beganSeconds + sent(output)
      const place = placeBuffer({ from: timestamp + shift, duration: buffer.duration }, span, late)
      if (place === null) continue
      const node = output.createBufferSource()
      node.buffer = buffer
      node.connect(desk.input)
      node.start((beganAt ?? 0) + place.at - beganSeconds, place.offset, place.duration)
      signal.addEventListener('abort', () => node.disconnect(), { once: true })
      await until(() => heard(output) >= place.at - AHEAD_SECONDS, signal)
    }
  }

  const playAll = async (
    output: AudioContext,
    doc: ProjectDoc,
    sounds: readonly Sound[],
    signal: AbortSignal,
  ): Promise<void> => {
    const spans = sounds.map(({ clip }) => ({ from: clip.start, to: clip.start + clip.length }))
    const desk = await openDesk(output, level, overlap(spans))
    if (signal.aborted) return desk.close()
    signal.addEventListener('abort', () => desk.close(), { once: true })
    delay = desk.delay
    beganAt = output.currentTime + LEAD_SECONDS
    for (const sound of sounds) {
      // Without its sound the picture still plays; the viewer reports an unreadable proxy.
      playOne(output, desk, sound, doc, signal).catch(() => undefined)
    }
  }

  return {
    start(seconds) {
      run?.abort()
      const doc = currentDoc()
      if (doc === null) return
      const sounds = soundsOf(doc).filter(
        ({ clip }) => frameToSeconds(clip.start + clip.length, doc.meta.fps) > seconds,
      )
      if (sounds.length === 0) return
      context ??= new AudioContext({ latencyHint: 'interactive' })
      void context.resume()
      askedAt = performance.now()
      beganAt = null
      beganSeconds = seconds
      run = new AbortController()
      void playAll(context, doc, sounds, run.signal)
    },

    position() {
      if (run === null || context === null) return null
      if (context.state === 'running' && beganAt !== null) return heard(context)
      return performance.now() - askedAt < WAKE_MILLISECONDS ? beganSeconds : null
    },

    stop() {
      run?.abort()
      run = null
    },
  }
}

/** Resolves when the condition holds or the signal is aborted. */
async function until(condition: () => boolean, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && !condition()) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}
