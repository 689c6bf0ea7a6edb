import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'

const FRAMES = 12

describe('lumiere edit', () => {
  let folder = ''
  let clip = ''

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere cli edit '))
    clip = join(folder, 'clip.mp4')
    const { ffmpeg } = await findFfmpeg()
    await promisify(execFile)(ffmpeg, [
      ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=s=160x96:r=24:d=${FRAMES / 24}`],
      ...['-pix_fmt', 'yuv420p', clip],
    ])
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  /** Exit code and the last event. */
  async function edit(...args: string[]): Promise<{ code: number; last: Record<string, unknown> }> {
    const env = { ...process.env, LUMIERE_DATA: join(folder, 'data') }
    const cli = [resolve('out/main/cli.js'), '--json', 'edit', ...args]
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

  it('explains a prompt without running or reading anything', async () => {
    const { code, last } = await edit('nowhere.mp4', 'leggermente più caldo', '--explain')
    expect(code).toBe(0)
    expect(last).toMatchObject({
      event: 'result',
      data: { language: 'it', operations: [{ kind: 'temperature', amount: 0.25 }] },
    })
  })

  const refused: [string, string[], string][] = [
    ['an empty prompt', ['  '], 'prompt-empty'],
    ['a prompt that is too long', ['warmer '.repeat(1500)], 'invalid-request'],
    ['words that it does not know', ['flibber the gorp'], 'prompt-not-understood'],
    ['a change of speed', ['warmer and in slow motion'], 'retime-unavailable'],
    ['a thing that no colour picks out', ['make the jacket red'], 'mask-empty'],
    ['a range without frames', ['warmer', '--range', '9-9'], 'invalid-request'],
    ['a time outside of the clip', ['sepia after 9 s'], 'edit-empty'],
  ]
  it.each(refused)('refuses %s, with a hint', async (_, args, reason) => {
    const { code, last } = await edit(clip, ...args, '--out', join(folder, 'never.mkv'))
    expect(code).toBe(1)
    expect(last).toMatchObject({ code: reason, hint: expect.any(String) as string })
  })

  it('takes ten thousand characters', async () => {
    const prompt = 'warmer, '.repeat(1250)
    expect(prompt).toHaveLength(10_000)
    expect((await edit(clip, prompt, '--explain')).code).toBe(0)
  })

  it('writes the whole clip with the edit in its range', async () => {
    const out = join(folder, 'out.mkv')
    const { code, last } = await edit(clip, 'sepia', '--range', '4-8', '--out', out)
    expect(code).toBe(0)
    expect(last).toMatchObject({ event: 'result', data: { frames: FRAMES, path: out } })
    expect((await probe(await findFfmpeg(), out)).frames).toBe(FRAMES)
  })
})
