import { createLimitStream } from '../../shared/sound/limitStream.js'

/*
 * Runs on the thread of the sound device. What is declared here exists there and nowhere else, so
 * that the types of pages do not have it.
 */
declare const sampleRate: number
declare const AudioWorkletProcessor: new () => { readonly port: MessagePort }
declare function registerProcessor(name: string, processor: new () => object): void

/** Stereo, as the export mixes at most. */
const CHANNELS = 2

class Limiter extends AudioWorkletProcessor {
  readonly #stream = createLimitStream(CHANNELS, sampleRate)
  #isOver = false

  constructor() {
    super()
    this.port.onmessage = () => {
      this.#isOver = true
    }
  }

  /** False ends the processor for good: its memory is kept as long as it says true. */
  process([input = []]: Float32Array[][], [output = []]: Float32Array[][]): boolean {
    this.#stream.process(input, output)
    return !this.#isOver
  }
}

registerProcessor('limiter', Limiter)
