import { AudioBufferSink } from 'mediabunny'
import type { ProjectDoc } from '../../shared/document/model.js'
import { assetCache } from '../../shared/projectPaths.js'
import { frameToSeconds } from '../../shared/rational.js'
import { bridge } from '../bridge/index.js'
import type { TransportSound } from './createTransport.js'
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

/** Plays the sound of a project's clips from their proxies by Web Audio. */
export function createSound(currentDoc: () => ProjectDoc | null): TransportSound {
  let context: AudioContext | null = null
  let run: AbortController | null = null
  let beganAt = 0
  let beganSeconds = 0
  let askedAt = 0

  const heard = (output: AudioContext): number => {
    const latency = output.outputLatency || 0
    return beganSeconds + Math.max(0, output.currentTime - beganAt - latency)
  }

  const playOne = async (
    output: AudioContext,
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
      const late = beganSeconds + Math.max(0, output.currentTime - beganAt)
      const place = placeBuffer({ from: timestamp + shift, duration: buffer.duration }, span, late)
      if (place === null) continue
      const node = output.createBufferSource()
      node.buffer = buffer
      node.connect(output.destination)
      node.start(beganAt + place.at - beganSeconds, place.offset, place.duration)
      signal.addEventListener('abort', () => node.disconnect(), { once: true })
      await until(() => heard(output) >= place.at - AHEAD_SECONDS, signal)
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
      beganAt = context.currentTime + LEAD_SECONDS
      beganSeconds = seconds
      run = new AbortController()
      for (const sound of sounds) {
        // Without its sound the picture still plays; the viewer reports an unreadable proxy.
        playOne(context, sound, doc, run.signal).catch(() => undefined)
      }
    },

    position() {
      if (run === null || context === null) return null
      if (context.state === 'running') return heard(context)
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
