import type { InputVideoTrack } from 'mediabunny'
import { EncodedPacketSink } from 'mediabunny'
import { AppError } from '../../shared/contract/errors.js'
import type { Rational } from '../../shared/rational.js'
import { toNumber } from '../../shared/rational.js'
import { FrameCache, nextAhead } from './frameCache.js'
import { GopDecoder } from './gopDecoder.js'
import { openInput } from './mediaInput.js'

/** Frame-exact pictures of one prepared file. */
export interface FrameSource {
  readonly frames: number
  /**
   * The picture of a frame; the caller owns it and closes it. Null when a newer request came
   * before this one was begun: only the newest waits, so scrubbing never builds up a queue.
   * @param direction where the playhead travels, for decoding ahead; 0 when paused
   */
  request(frame: number, direction: -1 | 0 | 1): Promise<VideoFrame | null>
  close(): void
}

/** Pictures kept: three groups of 15, so that travelling back finds a whole group ready. */
const CAPACITY = 48
/** Pictures of a hardware decoder come from a small pool that must not run dry. */
const HARDWARE_CAPACITY = 6
const REACH = 16

/** The decoder configuration that this browser can run, with how many pictures may be held. */
async function decoderFor(
  track: InputVideoTrack,
): Promise<{ config: VideoDecoderConfig; capacity: number }> {
  if (typeof VideoDecoder === 'undefined') {
    throw new AppError('media-unsupported', 'This browser has no WebCodecs video decoder.', {
      hint: 'Use a current Chromium, Chrome, Edge, Firefox or Safari, over https or on localhost.',
    })
  }
  const config = await track.getDecoderConfig()
  if (config === null) {
    throw new AppError('media-damaged', 'The preview holds no video that can be read.')
  }
  // Software pictures are plain memory and may be kept; at proxy size decoding them is quick.
  const candidates = [
    { hardwareAcceleration: 'prefer-software', capacity: CAPACITY },
    { hardwareAcceleration: 'no-preference', capacity: HARDWARE_CAPACITY },
  ] as const
  for (const { hardwareAcceleration, capacity } of candidates) {
    // Without reordering delay a picture is out as soon as its own packet is in.
    const wanted = { ...config, hardwareAcceleration, optimizeForLatency: true }
    const { supported } = await VideoDecoder.isConfigSupported(wanted)
    if (supported === true) return { config: wanted, capacity }
  }
  throw new AppError('media-unsupported', `This browser cannot decode ${config.codec}.`, {
    hint: 'Use a browser with H.264 support, such as Chrome, Edge or Safari, or the desktop app.',
  })
}

/**
 * Opens a proxy (constant rate, frame n at n / fps after its first timestamp).
 * @param fps the rate of the frames in the file
 */
export async function openFrameSource(url: string, fps: Rational): Promise<FrameSource> {
  const input = openInput(url)
  try {
    const track = await input.getPrimaryVideoTrack()
    if (track === null) throw new AppError('media-no-video', 'The preview holds no video.')
    const { config, capacity } = await decoderFor(track)
    const packets = new EncodedPacketSink(track)
    const first = await track.getFirstTimestamp()
    const last = await packets.getPacket(Infinity, { metadataOnly: true })
    const rate = toNumber(fps)
    const frameAt = (seconds: number): number => Math.round((seconds - first) * rate)
    return new DecodedFrames({
      frames: last === null ? 0 : frameAt(last.timestamp) + 1,
      capacity,
      decoder: (onPicture) =>
        new GopDecoder({
          packets,
          config,
          frameAt,
          timeOf: (frame) => first + (frame + 0.5) / rate,
          onPicture,
        }),
      dispose: () => input.dispose(),
    })
  } catch (error) {
    input.dispose()
    if (error instanceof AppError) throw error
    throw new AppError('file-unreadable', 'The preview of this clip cannot be read.', {
      cause: error,
      detail: String(error),
    })
  }
}

interface Waiting {
  readonly frame: number
  readonly resolve: (picture: VideoFrame | null) => void
  readonly reject: (reason: unknown) => void
}

interface DecodedFramesOptions {
  readonly frames: number
  readonly capacity: number
  decoder(onPicture: (frame: number, picture: VideoFrame) => void): GopDecoder
  dispose(): void
}

class DecodedFrames implements FrameSource {
  readonly frames: number
  readonly #cache: FrameCache<VideoFrame>
  readonly #decoder: GopDecoder
  readonly #reach: number
  readonly #dispose: () => void
  #direction: -1 | 0 | 1 = 0
  #waiting: Waiting | null = null
  #working = false
  #closed = false

  constructor(options: DecodedFramesOptions) {
    this.frames = options.frames
    this.#cache = new FrameCache(options.capacity)
    this.#reach = Math.min(REACH, options.capacity >> 1)
    this.#dispose = () => options.dispose()
    this.#decoder = options.decoder((frame, picture) => {
      if (this.#closed) picture.close()
      else this.#cache.put(frame, picture)
    })
  }

  request(wanted: number, direction: -1 | 0 | 1): Promise<VideoFrame | null> {
    this.#waiting?.resolve(null)
    this.#waiting = null
    if (this.#closed || this.frames === 0) return Promise.resolve(null)
    const frame = Math.max(0, Math.min(this.frames - 1, wanted))
    this.#cache.centre = frame
    this.#direction = direction
    const ready = this.#cache.get(frame)?.clone()
    const result =
      ready !== undefined
        ? Promise.resolve(ready)
        : new Promise<VideoFrame | null>((resolve, reject) => {
            this.#waiting = { frame, resolve, reject }
          })
    void this.#work()
    return result
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#waiting?.resolve(null)
    this.#waiting = null
    this.#decoder.close()
    this.#cache.clear()
    this.#dispose()
  }

  /**
   * The one loop that decodes: the newest request first, then ahead in the direction of
   * travel. A request under way is finished (at most one group of pictures) so that a fast
   * scrub shows pictures on its way; decoding ahead is dropped at once for a request.
   */
  async #work(): Promise<void> {
    if (this.#working) return
    this.#working = true
    try {
      while (!this.#closed) {
        const waiting = this.#waiting
        this.#waiting = null
        if (waiting !== null) {
          await this.#serve(waiting)
          continue
        }
        const more = await this.#decodeAhead()
        // A request may have come in during that await; nobody else would pick it up.
        if (!more && !this.#isAsked()) return
      }
    } finally {
      this.#working = false
    }
  }

  #isAsked(): boolean {
    return this.#waiting !== null
  }

  async #serve({ frame, resolve, reject }: Waiting): Promise<void> {
    try {
      if (!this.#cache.has(frame)) await this.#decoder.reach(frame, () => this.#closed)
      resolve(this.#cache.get(frame)?.clone() ?? null)
    } catch (error) {
      reject(error)
    }
  }

  /** False when there is nothing worth decoding. */
  async #decodeAhead(): Promise<boolean> {
    const frame = nextAhead(
      this.#cache.centre,
      this.#direction,
      this.#reach,
      this.frames,
      (candidate) => this.#cache.has(candidate),
    )
    if (frame === null) return false
    try {
      await this.#decoder.reach(frame, () => this.#closed || this.#isAsked())
      return this.#cache.has(frame)
    } catch {
      // Whoever asks for this frame will hear of it.
      return false
    }
  }
}
