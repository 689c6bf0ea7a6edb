import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { leftovers } from '../../src/main/engine/tasks/leftovers.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'
import type { FfmpegTools } from '../../src/main/ffmpeg/tools.js'
import type { FoundLeftovers } from '../../src/shared/contract/leftovers.js'
import type { MaskRec } from '../../src/shared/document/model.js'
import { addFound } from '../../src/shared/mask/addFound.js'
import { maskAt } from '../../src/shared/mask/index.js'
import { renderWalker, type WalkerClip } from '../quality/walker.js'

const SIZE = { width: 320, height: 180 }
const FRAMES = 28
const KEYS = [0, 9, 18, 27]

describe('the task that looks for what a mask leaves out', () => {
  let folder = ''
  let tools: FfmpegTools
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere-leftovers-'))
    tools = await findFfmpeg()
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** Renders a walker with such a shadow or arm, and looks for it under a key-framed ellipse. */
  async function look(
    depth: number,
    arm = 0,
  ): Promise<{
    readonly found: FoundLeftovers
    readonly mask: MaskRec
    readonly clip: WalkerClip
  }> {
    const clip = renderWalker(SIZE, FRAMES, { depth, arm, soft: 4, pan: 0, walk: 4 })
    const path = join(folder, `walk-${depth}-${arm}.mp4`)
    const raw = ['-f', 'rawvideo', '-pix_fmt', 'rgb24', '-s', '320x180', '-r', '16', '-i', '-']
    execFileSync(
      tools.ffmpeg,
      ['-v', 'error', ...raw, '-pix_fmt', 'yuv420p', '-crf', '16', '-y', path],
      { input: Buffer.concat(clip.frames.map((frame) => Buffer.from(frame))) },
    )
    const ellipse = (t: number) => ({
      ...{ kind: 'ellipse' as const, erase: false },
      ...{ x: 320 * 0.23 + 4 * t, y: 180 * 0.22, width: 320 * 0.14, height: 180 * 0.4 },
    })
    const mask: MaskRec = {
      ...{ id: 'mask_1', type: 'mask', assetId: 'asset_1', name: 'Mask' },
      keyframes: Object.fromEntries(KEYS.map((t) => [String(t), [ellipse(t)]])),
      ...{ between: 'interpolate', feather: 0, grow: 0, inverted: false },
      overlay: { colour: '#ff3d71', opacity: 0.5 },
    }
    const quiet = new AbortController().signal
    const found = await leftovers(
      {
        source: { path, info: await probe(tools, path) },
        range: { from: 0, to: FRAMES },
        ...{ mask, root: folder, ffmpegPath: tools.ffmpeg },
        params: { dilate: null, feather: 3, seed: 1 },
      },
      { signal: quiet, finish: quiet, report: () => undefined },
    )
    return { found, mask, clip }
  }

  /** Share of what is at least half there on a frame that the mask covers with what was found. */
  function covered(mask: MaskRec, found: FoundLeftovers, frame: number, truth: Uint8Array): number {
    // All frames looked at are painted: each becomes what it was and what was found.
    const grown: MaskRec = {
      ...mask,
      keyframes: {
        ...mask.keyframes,
        ...Object.fromEntries(
          addFound(mask, found).map((command) => {
            if (command.type !== 'mask.setKeyframe') throw new Error(command.type)
            return [String(command.frame), command.shapes]
          }),
        ),
      },
    }
    const inside = maskAt(grown, frame, SIZE, SIZE)
    let there = 0
    let hit = 0
    truth.forEach((value, at) => {
      if (value < 128) return
      there++
      if (inside[at]! >= 128) hit++
    })
    return hit / there
  }

  it('finds a shadow on the key frames, and the mask then covers it between them as well', async () => {
    const { found, mask, clip } = await look(0.45)
    expect(found.looked).toBe(KEYS.length)
    expect(Object.keys(found.shadow).map(Number)).toEqual(KEYS)
    for (const frame of [0, 5, 9, 14, 22]) {
      const share = covered(mask, found, frame, clip.shadows[frame]!)
      expect(share, `frame ${frame}`).toBeGreaterThan(0.8)
    }
  })

  it('finds an arm that the mask leaves out', async () => {
    const { found, mask, clip } = await look(0, 16)
    expect(Object.keys(found.parts).map(Number)).toEqual(KEYS)
    for (const frame of KEYS) {
      expect(covered(mask, found, frame, clip.arms[frame]!), `frame ${frame}`).toBeGreaterThan(0.7)
    }
  })

  it('finds nothing where nothing is left out', async () => {
    const { found } = await look(0)
    expect(found).toEqual({ shadow: {}, parts: {}, looked: KEYS.length })
  })
})
