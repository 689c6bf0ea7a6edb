import type { EncodedPacket, EncodedPacketSink } from 'mediabunny'
import { AppError } from '../../shared/contract/errors.js'

/** Packets handed over and not yet taken up by the decoder: enough to keep it busy, few enough to stop soon. */
const QUEUE = 3

export interface GopDecoderOptions {
  readonly packets: EncodedPacketSink
  readonly config: VideoDecoderConfig
  /** Seconds of the middle of a frame, in the container's time. */
  readonly timeOf: (frame: number) => number
  readonly frameAt: (seconds: number) => number
  /** Takes ownership of the picture. */
  readonly onPicture: (frame: number, picture: VideoFrame) => void
}

/**
 * One WebCodecs decoder over a file of short groups of pictures. It keeps its place: going on
 * within a group or into the next one feeds only what is missing, anything else starts at the
 * key frame before the target. Every picture on the way is handed out, in order.
 */
export class GopDecoder {
  readonly #options: GopDecoderOptions
  #decoder: VideoDecoder | null = null
  /** The next packet to feed, in decoding order; null at the end of the file. */
  #next: EncodedPacket | null = null
  /** Sequence number of the key frame that decoding began at. */
  #began = -1
  /** Highest sequence number fed since then; -1 when a key frame has to come first. */
  #fed = -1
  #lastOut = -1
  /** Timestamps fed since the last seek: a picture from before it can still arrive and must not count. */
  readonly #expected = new Set<number>()
  #failure: DOMException | null = null
  #wake: (() => void) | null = null

  constructor(options: GopDecoderOptions) {
    this.#options = options
  }

  /** The key frame that decoding of a frame begins at. Throws like {@link GopDecoder.reach}. */
  async keyFrameOf(frame: number): Promise<number> {
    const { packets, timeOf, frameAt } = this.#options
    const key = await packets.getKeyPacket(timeOf(frame), { metadataOnly: true })
    if (key === null) throw damaged(frame)
    return frameAt(key.timestamp)
  }

  /**
   * Decodes until the picture of `frame` has been handed out, or until `stop` says so.
   * Throws an AppError `media-damaged` when the file does not hold it.
   */
  async reach(frame: number, stop: () => boolean): Promise<void> {
    const { packets, timeOf } = this.#options
    const target = timeOf(frame)
    const key = await packets.getKeyPacket(target)
    if (key === null) throw damaged(frame)
    if (stop()) return
    const onTheWay =
      this.#decoder?.state === 'configured' &&
      this.#fed >= 0 &&
      this.#lastOut < frame &&
      key.sequenceNumber >= this.#began &&
      (key.sequenceNumber <= this.#fed || key.sequenceNumber === this.#next?.sequenceNumber)
    if (!onTheWay) this.#seek(key)

    let passedTarget = false
    while (this.#lastOut < frame) {
      if (stop()) return
      const decoder = this.#decoder
      if (decoder === null || this.#failure !== null) throw this.#fail(frame)
      const room = passedTarget ? 1 : QUEUE
      if (decoder.decodeQueueSize >= room) {
        await this.#progress(decoder)
        continue
      }
      const packet = this.#next
      if (packet === null) {
        await this.#drain(decoder)
        if (this.#lastOut < frame) throw damaged(frame)
        return
      }
      const chunk = packet.toEncodedVideoChunk()
      this.#expected.add(chunk.timestamp)
      decoder.decode(chunk)
      this.#fed = packet.sequenceNumber
      passedTarget ||= packet.timestamp + packet.duration > target
      this.#next = await packets.getNextPacket(packet)
    }
  }

  close(): void {
    if (this.#decoder !== null && this.#decoder.state !== 'closed') this.#decoder.close()
    this.#decoder = null
    this.#wake?.()
  }

  #seek(key: EncodedPacket): void {
    this.#failure = null
    if (this.#decoder === null || this.#decoder.state === 'closed') {
      this.#decoder = new VideoDecoder({
        output: (picture) => this.#take(picture),
        error: (error) => {
          this.#failure = error
          this.#wake?.()
        },
      })
    } else {
      this.#decoder.reset()
    }
    this.#decoder.configure(this.#options.config)
    this.#next = key
    this.#began = key.sequenceNumber
    this.#fed = -1
    this.#lastOut = -1
    this.#expected.clear()
  }

  #take(picture: VideoFrame): void {
    const frame = this.#options.frameAt(picture.timestamp / 1e6)
    if (this.#expected.delete(picture.timestamp)) this.#lastOut = Math.max(this.#lastOut, frame)
    this.#options.onPicture(frame, picture)
    this.#wake?.()
  }

  /** Until the decoder has taken up a packet, handed out a picture, failed or been closed. */
  async #progress(decoder: VideoDecoder): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      decoder.addEventListener('dequeue', () => resolve(), { once: true })
    })
    this.#wake = null
  }

  /** At the end of the file: gets what the decoder still holds. It needs a key frame afterwards. */
  async #drain(decoder: VideoDecoder): Promise<void> {
    try {
      await decoder.flush()
    } catch (error) {
      if (error instanceof DOMException) this.#failure ??= error
    }
    this.#fed = -1
  }

  #fail(frame: number): AppError {
    const cause = this.#failure
    this.close()
    return damaged(frame, cause)
  }
}

function damaged(frame: number, cause: DOMException | null = null): AppError {
  return new AppError('media-damaged', `Frame ${frame} of the preview cannot be decoded.`, {
    hint: 'Delete the cache folder of the project; the preview is made again.',
    ...(cause === null ? {} : { cause, detail: cause.message }),
  })
}
