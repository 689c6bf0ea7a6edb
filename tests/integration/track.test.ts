import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { track } from '../../src/main/engine/tasks/track.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'
import type { FfmpegTools } from '../../src/main/ffmpeg/tools.js'
import type { TrackTaskInput, TrackTaskResult } from '../../src/shared/contract/track.js'
import type { MaskRec, MediaInfo } from '../../src/shared/document/model.js'
import { maskAt } from '../../src/shared/mask/index.js'
import { renderCrossingSquare } from '../e2e/clip.js'

const SIZE = { width: 320, height: 180 }
const CUT = 20

describe('the track task', () => {
  let folder = ''
  let tools: FfmpegTools
  let clip: { path: string; info: MediaInfo }
  let cutClip: { path: string; info: MediaInfo }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere-track-'))
    tools = await findFfmpeg()
    const path = await renderCrossingSquare(join(folder, 'crossing.mp4'))
    clip = { path, info: await probe(tools, path) }
    const cut = join(folder, 'cut.mp4')
    const graph =
      `[0]trim=end_frame=${CUT},setpts=N/16/TB[a];` +
      'color=size=320x180:rate=16:color=0x804020,trim=end_frame=12,setpts=N/16/TB[b];' +
      '[a][b]concat=n=2'
    await promisify(execFile)(tools.ffmpeg, [
      ...['-v', 'error', '-i', path, '-filter_complex', graph],
      ...['-pix_fmt', 'yuv420p', '-crf', '10', '-y', cut],
    ])
    cutClip = { path: cut, info: await probe(tools, cut) }
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** The square's mask, painted on these frames. */
  const maskOf = (...frames: readonly number[]): MaskRec => ({
    id: 'mask_1',
    type: 'mask',
    assetId: 'asset_1',
    name: 'Mask',
    keyframes: Object.fromEntries(
      frames.map((frame) => [
        String(frame),
        [{ kind: 'rectangle', erase: false, x: 40 + 5 * frame, y: 70, width: 40, height: 40 }],
      ]),
    ),
    between: 'interpolate',
    feather: 0,
    grow: 0,
    inverted: false,
    overlay: { colour: '#ff3d71', opacity: 0.5 },
  })

  const run = (
    source: { path: string; info: MediaInfo },
    input: Pick<TrackTaskInput, 'mask' | 'frame' | 'direction'>,
  ): Promise<TrackTaskResult> => {
    const quiet = new AbortController().signal
    return track(
      {
        ...input,
        source,
        root: folder,
        range: { from: 0, to: source.info.frames },
        outputFolder: folder,
        ffmpegPath: tools.ffmpeg,
      },
      { signal: quiet, finish: quiet, report: () => undefined },
    )
  }

  /** How much of the square's true place the result shares at a frame. */
  function overlap(mask: MaskRec, { keyframes }: TrackTaskResult, frame: number): number {
    const found = maskAt({ ...mask, keyframes }, frame, SIZE, SIZE)
    const truth = maskAt(maskOf(frame), frame, SIZE, SIZE)
    let both = 0
    let either = 0
    for (let i = 0; i < found.length; i++) {
      const a = found[i]! >= 128
      const b = truth[i]! >= 128
      if (a && b) both++
      if (a || b) either++
    }
    return both / either
  }

  it('follows both ways, on every frame', async () => {
    const mask = maskOf(16)
    const result = await run(clip, { mask, frame: 16, direction: 'both' })
    expect(result).toMatchObject({ from: 0, to: 32 })
    expect(result.stopped).toEqual({ forward: 'range', backward: 'range' })
    expect(result.confidence).toHaveLength(32)
    expect(Object.keys(result.keyframes).length).toBeLessThan(20)
    for (let frame = 0; frame < 32; frame++) {
      expect(overlap(mask, result, frame), String(frame)).toBeGreaterThan(0.75)
    }
  })

  it('goes up to the next painted frame and leaves that one alone', async () => {
    const result = await run(clip, { mask: maskOf(4, 12), frame: 4, direction: 'forward' })
    expect(result).toMatchObject({ from: 4, to: 12, stopped: { forward: 'painted' } })
    expect(Object.keys(result.keyframes)).not.toContain('12')
  })

  it('stops at a cut, and the mask is empty after it', async () => {
    const result = await run(cutClip, { mask: maskOf(12), frame: 12, direction: 'forward' })
    expect(result.stopped).toEqual({ forward: 'cut' })
    expect(result.to).toBe(CUT + 1)
    expect(result.keyframes[String(CUT)]).toEqual([])
    expect(result.confidence.at(-1)).toBe(0)
  })

  it('takes one step, and says when there is nothing to follow', async () => {
    const result = await run(clip, { mask: maskOf(8), frame: 8, direction: 'next' })
    expect(result).toMatchObject({ from: 8, to: 10 })
    const erased = { ...maskOf(8), keyframes: { 8: [] } }
    await expect(run(clip, { mask: erased, frame: 8, direction: 'next' })).rejects.toMatchObject({
      code: 'mask-empty',
    })
  })
})
