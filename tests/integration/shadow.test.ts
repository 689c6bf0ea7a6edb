import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { shadow } from '../../src/main/engine/tasks/shadow.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'
import type { FfmpegTools } from '../../src/main/ffmpeg/tools.js'
import type { FoundShadow } from '../../src/shared/contract/shadow.js'
import type { MaskRec } from '../../src/shared/document/model.js'
import { addShadow } from '../../src/shared/mask/addShadow.js'
import { maskAt } from '../../src/shared/mask/index.js'
import { renderShadowClip } from '../quality/shadows.js'

const SIZE = { width: 320, height: 180 }
const FRAMES = 28
const KEYS = [0, 9, 18, 27]

describe('the shadow task', () => {
  let folder = ''
  let tools: FfmpegTools
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere-shadow-'))
    tools = await findFfmpeg()
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** Renders a scene with this depth of shadow, and looks for it under a key-framed ellipse. */
  async function look(depth: number): Promise<{
    readonly found: FoundShadow
    readonly mask: MaskRec
    readonly truth: (frame: number) => Uint8Array
  }> {
    const clip = renderShadowClip(SIZE, FRAMES, { depth, soft: 4, pan: 0, walk: 4 })
    const path = join(folder, `walk-${depth}.mp4`)
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
    const found = await shadow(
      {
        source: { path, info: await probe(tools, path) },
        range: { from: 0, to: FRAMES },
        ...{ mask, root: folder, ffmpegPath: tools.ffmpeg },
        params: { dilate: null, feather: 3, seed: 1 },
      },
      { signal: quiet, finish: quiet, report: () => undefined },
    )
    return { found, mask, truth: (frame) => clip.shadows[frame]! }
  }

  it('finds it on the key frames, and the mask then covers it between them as well', async () => {
    const { found, mask, truth } = await look(0.45)
    expect(found.looked).toBe(KEYS.length)
    expect(Object.keys(found.keyframes).map(Number)).toEqual(KEYS)
    // All of them are painted: each becomes what it was and the shadow.
    const grown: MaskRec = {
      ...mask,
      keyframes: Object.fromEntries(
        addShadow(mask, found).map((command) => {
          if (command.type !== 'mask.setKeyframe') throw new Error(command.type)
          return [String(command.frame), command.shapes]
        }),
      ),
    }
    for (const frame of [0, 5, 9, 14, 22]) {
      const covered = maskAt(grown, frame, SIZE, SIZE)
      let dark = 0
      let hit = 0
      truth(frame).forEach((value, at) => {
        if (value < 128) return
        dark++
        if (covered[at]! >= 128) hit++
      })
      expect(hit / dark, `frame ${frame}`).toBeGreaterThan(0.8)
    }
  })

  it('finds none where there is none', async () => {
    const { found } = await look(0)
    expect(found).toEqual({ keyframes: {}, looked: KEYS.length })
  })
})
