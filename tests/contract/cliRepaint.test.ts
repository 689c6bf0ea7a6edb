import { execFile } from 'node:child_process'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'

/** The commands `replace` and `regenerate`, with a pack of random weights. */
describe('lumiere replace and regenerate', () => {
  let folder = ''
  let clip = ''
  let mask = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere cli repaint '))
    clip = join(folder, 'clip.mp4')
    mask = join(folder, 'mask.png')
    const { ffmpeg } = await findFfmpeg()
    await promisify(execFile)(ffmpeg, [
      ...['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=160x96:r=24:d=1'],
      ...['-pix_fmt', 'yuv420p', clip],
    ])
    const data = new Uint8Array(160 * 96)
    for (let y = 30; y < 60; y++) data.fill(255, y * 160 + 50, y * 160 + 90)
    await writeFile(mask, encode({ width: 160, height: 96, data, channels: 1, depth: 8 }))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** Exit code and the last event. */
  async function lumiere(
    ...args: string[]
  ): Promise<{ code: number; last: Record<string, unknown> }> {
    const env = { ...process.env, LUMIERE_DATA: join(folder, 'data') }
    const cli = [resolve('out/main/cli.js'), '--json', ...args]
    const { code, out } = await promisify(execFile)(process.execPath, cli, { env }).then(
      ({ stdout }) => ({ code: 0, out: stdout }),
      (error: unknown) => {
        const { code: status, stdout } = error as { code: number; stdout: string }
        return { code: status, out: stdout }
      },
    )
    const last = out.trim().split('\n').at(-1) ?? ''
    return { code, last: last === '' ? {} : (JSON.parse(last) as Record<string, unknown>) }
  }

  it('says that a model is wanted, and what is written wrongly', async () => {
    const out = join(folder, 'none.mkv')
    const words = ['--prompt', 'a red ball', '--out', out]
    const missing = await lumiere('replace', clip, '--mask', mask, ...words)
    expect(missing).toMatchObject({ code: 1, last: { event: 'error', code: 'pack-missing' } })
    expect((await lumiere('replace', clip, ...words)).code).toBe(2)
    expect((await lumiere('regenerate', clip, '--strength', '2', '--out', out)).code).toBe(2)
    const style = ['stylize', clip, '--mode', 'words', '--out', out]
    expect((await lumiere(...style)).last).toMatchObject({ code: 'invalid-request' })
    const mixed = [...style, '--prompt', 'watercolour', '--style', mask]
    expect((await lumiere(...mixed)).last).toMatchObject({
      ...{ code: 'invalid-request', message: expect.stringContaining('--style') as string },
    })
    await lumiere('packs', 'install', resolve('tests/fixtures/packs/tiny'))
  }, 60_000)

  it('writes a clip of the same length with its recipe, and leaves nothing else', async () => {
    const replaced = join(folder, 'replaced.mkv')
    const steps = ['--steps', '2', '--seed', '7']
    const first = await lumiere(
      ...['replace', clip, '--mask', mask, '--prompt', 'a red ball', ...steps, '--out', replaced],
    )
    expect(first).toMatchObject({
      code: 0,
      last: {
        event: 'result',
        data: { frames: 24, recipe: { task: 'replace', sampling: { seed: 7, steps: 2 } } },
      },
    })
    const again = join(folder, 'again.mkv')
    const second = await lumiere(
      ...['regenerate', clip, '--from', '6', '--to', '0.75s', '--strength', '0.5', ...steps],
      ...['--out', again],
    )
    expect(second.last).toMatchObject({
      data: { recipe: { task: 'regenerate', range: { from: 6, to: 18 }, strength: 0.5 } },
    })
    const tools = await findFfmpeg()
    for (const path of [replaced, again]) {
      expect(await probe(tools, path)).toMatchObject({ frames: 24, width: 160, height: 96 })
    }
    const styled = await lumiere(
      ...[
        'stylize',
        clip,
        '--mode',
        'words',
        '--prompt',
        'watercolour',
        '--range',
        '6-18',
        ...steps,
      ],
      ...['--out', join(folder, 'styled.mkv')],
    )
    expect(styled).toMatchObject({
      code: 0,
      last: { data: { mode: 'words', prompt: 'watercolour', strength: 0.6, frames: 24 } },
    })
    expect(await readdir(join(folder, 'data'))).toEqual(
      expect.not.arrayContaining([expect.stringMatching(/replace|regenerate/)]),
    )
  }, 120_000)
})
