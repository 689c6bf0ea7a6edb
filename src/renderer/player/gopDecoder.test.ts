import type { EncodedPacketSink } from 'mediabunny'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { GopDecoder } from './gopDecoder.js'

const GOP = 15
const FRAMES = 60

interface FakePacket {
  readonly sequenceNumber: number
  readonly timestamp: number
  readonly duration: number
  toEncodedVideoChunk(): { readonly timestamp: number }
}

const packetOf = (frame: number): FakePacket => ({
  sequenceNumber: frame,
  timestamp: frame,
  duration: 1,
  toEncodedVideoChunk: () => ({ timestamp: frame * 1e6 }),
})

/** A file of one frame a second, a key frame every 15. */
const packets = {
  getKeyPacket: (time: number) => Promise.resolve(packetOf(Math.floor(time / GOP) * GOP)),
  getNextPacket: (packet: FakePacket) =>
    Promise.resolve(packet.timestamp + 1 < FRAMES ? packetOf(packet.timestamp + 1) : null),
} as unknown as EncodedPacketSink

/** Holds back two pictures as a reordering decoder does, and hands them out a task later. */
class FakeDecoder extends EventTarget {
  static fed: number[] = []
  static resets = 0
  state = 'unconfigured'
  decodeQueueSize = 0
  readonly #output: (picture: VideoFrame) => void
  #held: number[] = []

  constructor(init: VideoDecoderInit) {
    super()
    this.#output = init.output
  }

  configure(): void {
    this.state = 'configured'
  }

  reset(): void {
    FakeDecoder.resets += 1
    this.#held = []
    this.decodeQueueSize = 0
  }

  decode({ timestamp }: { timestamp: number }): void {
    FakeDecoder.fed.push(timestamp / 1e6)
    this.decodeQueueSize += 1
    setTimeout(() => {
      this.decodeQueueSize = Math.max(0, this.decodeQueueSize - 1)
      this.#held.push(timestamp)
      this.#emit(2)
      this.dispatchEvent(new Event('dequeue'))
    }, 0)
  }

  flush(): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(() => {
        this.#emit(0)
        resolve()
      }, 5)
    })
  }

  close(): void {
    this.state = 'closed'
  }

  #emit(keep: number): void {
    while (this.#held.length > keep) {
      const timestamp = this.#held.shift() ?? 0
      this.#output({ timestamp, close: () => undefined } as unknown as VideoFrame)
    }
  }
}

function setUp() {
  const pictures: number[] = []
  const decoder = new GopDecoder({
    packets,
    config: { codec: 'avc1' },
    timeOf: (frame) => frame + 0.5,
    frameAt: (seconds) => Math.round(seconds),
    onPicture: (frame) => pictures.push(frame),
  })
  return { decoder, pictures }
}

const go = (): boolean => false

describe('decoder of groups of pictures', () => {
  beforeEach(() => {
    FakeDecoder.fed = []
    FakeDecoder.resets = 0
    vi.stubGlobal('VideoDecoder', FakeDecoder)
  })
  afterEach(() => vi.unstubAllGlobals())

  it('starts at the key frame before the target and hands out what is on the way', async () => {
    const { decoder, pictures } = setUp()
    await decoder.reach(19, go)
    expect(FakeDecoder.fed[0]).toBe(15)
    expect(pictures).toEqual([15, 16, 17, 18, 19])
  })

  it('goes on where it stands instead of starting again', async () => {
    const { decoder, pictures } = setUp()
    for (const frame of [17, 24, 29, 31]) await decoder.reach(frame, go)
    expect(FakeDecoder.resets).toBe(0)
    expect(new Set(FakeDecoder.fed).size).toBe(FakeDecoder.fed.length)
    expect(pictures).toContain(31)
  })

  it('skips the rest of a group for a target in a later one', async () => {
    const { decoder, pictures } = setUp()
    await decoder.reach(16, go)
    await decoder.reach(47, go)
    expect(FakeDecoder.fed).not.toContain(30)
    expect(pictures.at(-1)).toBe(47)
  })

  it('gets the last frames out of the decoder, and can go back from there', async () => {
    const { decoder, pictures } = setUp()
    await decoder.reach(FRAMES - 1, go)
    expect(pictures.at(-1)).toBe(FRAMES - 1)
    await decoder.reach(2, go)
    expect(pictures.at(-1)).toBe(2)
  })

  it('starts again for an earlier frame when it was stopped before the first picture came', async () => {
    const { decoder, pictures } = setUp()
    await decoder.reach(40, () => FakeDecoder.fed.length >= 1)
    await decoder.reach(1, go)
    expect(pictures).toContain(1)
    expect(FakeDecoder.fed).toContain(0)
  })
})
