import type { InputVideoTrack } from 'mediabunny'
import { EncodedPacketSink } from 'mediabunny'
import { AppError } from '../../shared/contract/errors.js'
import type { Rational } from '../../shared/rational.js'
import { toNumber } from '../../shared/rational.js'
import { FrameCache, nextAhead } from './frameCache.js'
import { GopDecoder } from './gopDecoder.js'
import { openInput } from './mediaInput.js'
import { GROUP, Pace, reachable } from './pace.js'

/** A picture with the frame it is of. The caller owns it and closes it. */
export interface FramePicture {
  readonly frame: number
  readonly picture: VideoFrame
}

/** Frame-exact pictures of one prepared file. */
export interface FrameSource {
  readonly frames: number
  /**
   * The picture of a frame. Null when a newer request came before this one was begun: only the
   * newest waits, so scrubbing never builds up a queue.
   * @param speed how the playhead travels, as a multiple of real time; 0 when paused. Paused, the
   * picture is exactly the one asked for. Travelling faster than this computer decodes, it may be
   * an earlier one of the same group, so that there is always motion.
   */
  request(frame: number, speed: number): Promise<FramePicture | null>
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
      rate,
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
  readonly resolve: (picture: FramePicture | null) => void
  readonly reject: (reason: unknown) => void
}

interface DecodedFramesOptions {
  readonly frames: number
  /** Frames a second. */
  readonly rate: number
  readonly capacity: number
  decoder(onPicture: (frame: number, picture: VideoFrame) => void): GopDecoder
  dispose(): void
}

class DecodedFrames implements FrameSource {
  readonly frames: number
  readonly #cache: FrameCache<VideoFrame>
  readonly #decoder: GopDecoder
  readonly #reach: number
  readonly #rate: number
  readonly #pace = new Pace()
  readonly #dispose: () => void
  /** When the pictures of the request under way came out. */
  #arrivals: number[] = []
  #direction: -1 | 0 | 1 = 0
  #waiting: Waiting | null = null
  #working = false
  #closed = false

  constructor(options: DecodedFramesOptions) {
    this.frames = options.frames
    this.#cache = new FrameCache(options.capacity)
    this.#reach = Math.min(REACH, options.capacity >> 1)
    this.#rate = options.rate
    this.#dispose = () => options.dispose()
    this.#decoder = options.decoder((frame, picture) => {
      this.#arrivals.push(performance.now())
      if (this.#closed) picture.close()
      else this.#cache.put(frame, picture)
    })
  }

  request(wanted: number, speed: number): Promise<FramePicture | null> {
    this.#waiting?.resolve(null)
    this.#waiting = null
    if (this.#closed || this.frames === 0) return Promise.resolve(null)
    const frame = Math.max(0, Math.min(this.frames - 1, wanted))
    this.#cache.centre = frame
    this.#direction = speed === 0 ? 0 : speed > 0 ? 1 : -1
    this.#pace.travel(speed * this.#rate)
    const ready = this.#ready(frame)
    const result =
      ready !== null
        ? Promise.resolve(ready)
        : new Promise<FramePicture | null>((resolve, reject) => {
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

  #ready(frame: number): FramePicture | null {
    const picture = this.#cache.get(frame)?.clone()
    return picture === undefined ? null : { frame, picture }
  }

  async #serve({ frame, resolve, reject }: Waiting): Promise<void> {
    try {
      const target = await this.#targetOf(frame)
      if (!this.#cache.has(target)) await this.#decode(target, () => this.#closed)
      resolve(this.#ready(target))
    } catch (error) {
      reject(error)
    }
  }

  /** The frame to show for a wanted one: itself, or what can be had of its group in time. */
  async #targetOf(frame: number): Promise<number> {
    const direction = this.#direction
    if (direction === 0 || !this.#pace.isBehind()) return frame
    const key = await this.#decoder.keyFrameOf(frame)
    return reachable(frame, key, direction, this.#pace, (one) => this.#cache.has(one))
  }

  async #decode(frame: number, stop: () => boolean): Promise<void> {
    const started = performance.now()
    this.#arrivals = []
    try {
      await this.#decoder.reach(frame, stop)
    } finally {
      this.#pace.decoded(this.#arrivals.map((time) => time - started))
    }
  }

  /** False when there is nothing worth decoding. */
  async #decodeAhead(): Promise<boolean> {
    try {
      const frame = await this.#nextAhead()
      if (frame === null || this.#cache.has(frame)) return false
      await this.#decode(frame, () => this.#closed || this.#isAsked())
      return this.#cache.has(frame)
    } catch {
      // Whoever asks for this frame will hear of it.
      return false
    }
  }

  async #nextAhead(): Promise<number | null> {
    const { centre } = this.#cache
    const has = (candidate: number): boolean => this.#cache.has(candidate)
    if (!this.#pace.isBehind()) {
      return nextAhead(centre, this.#direction, this.#reach, this.frames, has)
    }
    // Going forwards, the group under the playhead takes all the time there is.
    if (this.#direction >= 0) return null
    const end = (await this.#decoder.keyFrameOf(centre)) - 1
    const wanted = Math.max(0, end)
    return end < 0 || GROUP > this.#reach
      ? null
      : reachable(wanted, await this.#decoder.keyFrameOf(wanted), -1, this.#pace, has)
  }
}
