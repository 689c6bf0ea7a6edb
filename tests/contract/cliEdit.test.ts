import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { encode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Core } from '../../src/main/core/core.js'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'
import { createClient } from '../../src/main/hosts/cli/client.js'
import { edit as editClip, explain } from '../../src/main/hosts/cli/edit.js'
import type { CommandContext } from '../../src/main/hosts/cli/session.js'
import { createNodeCore } from '../../src/main/hosts/nodeCore.js'
import { appPaths } from '../../src/main/hosts/paths.js'
import type { AppPaths } from '../../src/main/hosts/paths.js'
import { renderCrossingSquare } from '../e2e/clip.js'
import { readAll } from '../integration/mediaClips.js'

const FRAMES = 12

describe('lumiere edit', () => {
  let folder = ''
  let clip = ''
  let core: Core
  let paths: AppPaths

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere cli edit '))
    clip = join(folder, 'clip.mp4')
    const own = { data: join(folder, 'data of core'), projects: join(folder, 'projects') }
    paths = { ...appPaths(pathToFileURL(resolve('out/main/cli.js')).href), ...own }
    core = createNodeCore(paths, 'cli')
    const { ffmpeg } = await findFfmpeg()
    await promisify(execFile)(ffmpeg, [
      ...['-v', 'error', '-f', 'lavfi', '-i', `testsrc2=s=160x96:r=24:d=${FRAMES / 24}`],
      ...['-pix_fmt', 'yuv420p', clip],
    ])
  })
  afterAll(async () => {
    await core.close()
    await rm(folder, { recursive: true, force: true })
  })

  /** What a command gets, with one core for all of them. */
  function context(): CommandContext {
    const none = (): void => undefined
    const { signal } = new AbortController()
    return {
      client: createClient(core, { signal, onJob: none }),
      report: { job: none, note: none, result: none, error: none },
      paths,
      signal,
    }
  }

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

  async function lastFrame(path: string): Promise<Uint8Array> {
    const frames = await readAll(path, await probe(await findFfmpeg(), path), 'rgb24')
    return frames.at(-1) ?? new Uint8Array()
  }

  it('explains a prompt without running or reading anything', async () => {
    const { code, last } = await edit('nowhere.mp4', 'leggermente più caldo', '--explain')
    expect(code).toBe(0)
    expect(last).toMatchObject({
      event: 'result',
      data: { language: 'it', operations: [{ kind: 'temperature', amount: 0.25 }] },
    })
  })

  it('explains fades, tones and exceptions', () => {
    const answers: unknown[] = []
    const report = { result: (data: unknown) => answers.push(data) }
    const prompt = 'black and white except the red, blue shadows, poi dissolvenza a nero'
    explain({ ...context(), report: { ...context().report, ...report } }, prompt)
    expect(answers[0]).toMatchObject({
      unknown: [],
      operations: [
        { kind: 'monochrome', except: ['red'] },
        { kind: 'tone', tones: 'shadows', to: 'blue', amount: 0.5 },
        { kind: 'fade-out', to: 'black', when: { from: { from: 'end', seconds: 1 }, to: null } },
      ],
    })
  })

  const refused: [string, string, string, string?][] = [
    ['an empty prompt', '  ', 'prompt-empty'],
    ['a prompt that is too long', 'warmer '.repeat(1500), 'invalid-request'],
    ['a thing that no colour picks out', 'make the jacket red', 'mask-empty'],
    ['a thing left out that no mask shows', 'everything except the car darker', 'mask-empty'],
    ['going over to another clip', 'crossfade to the next clip', 'prompt-not-understood'],
    ['a range without frames', 'warmer', 'invalid-request', '9-9'],
    ['a time outside of the clip', 'sepia after 9 s', 'edit-empty'],
  ]
  // Here, and not as processes of their own: each would only start Node and core once more.
  it.each(refused)('refuses %s, with a hint', async (_, prompt, code, range) => {
    const out = join(folder, 'never.mkv')
    const options = { clip, prompt, range, out, preset: 'ffv1', overwrite: false } as const
    const run = editClip(context(), { ...options, mask: undefined, feather: 4, seed: 0 })
    await expect(run).rejects.toMatchObject({ code, hint: expect.any(String) as string })
  })

  it('ends with code 1 and the reason as its last event', async () => {
    const { code, last } = await edit(clip, 'flibber the gorp', '--out', join(folder, 'never.mkv'))
    expect(code).toBe(1)
    expect(last).toMatchObject({
      code: 'prompt-not-understood',
      hint: expect.any(String) as string,
    })
  })

  it('takes ten thousand characters', () => {
    const prompt = 'warmer, '.repeat(1250)
    expect(prompt).toHaveLength(10_000)
    expect(explain(context(), prompt)).toBe(true)
  })

  it('lets one mask follow what it covers', async () => {
    const moving = await renderCrossingSquare(join(folder, 'moving.mp4'))
    const mask = join(folder, 'square.png')
    const data = new Uint8Array(320 * 180)
    for (let y = 70; y < 110; y++) data.fill(255, y * 320 + 40, y * 320 + 80)
    await writeFile(mask, encode({ width: 320, height: 180, channels: 1, data }))
    const out = join(folder, 'followed.mkv')
    const options = { clip: moving, out, preset: 'ffv1', overwrite: true, seed: 0 } as const
    const words = { prompt: 'make the square darker', range: undefined, mask, feather: 0 }
    /** How much darker the last frame is where the square ends up, and where it began. */
    const darker = async (): Promise<{ readonly end: number; readonly begin: number }> => {
      const [before, after] = [await lastFrame(moving), await lastFrame(out)]
      const change = (left: number): number => {
        let sum = 0
        for (let y = 75; y < 105; y++) {
          for (let x = left + 5; x < left + 35; x++) {
            const at = (y * 320 + x) * 3
            for (let c = 0; c < 3; c++) sum += (before[at + c] ?? 0) - (after[at + c] ?? 0)
          }
        }
        return sum / (30 * 30 * 3)
      }
      return { end: change(40 + 31 * 5), begin: change(40) }
    }
    const others = 'everything except the square darker'
    await editClip(context(), { ...options, ...words, prompt: others })
    const around = await darker()
    expect(around.end).toBeGreaterThan(5)
    expect(Math.abs(around.begin)).toBeLessThan(2)
    await editClip(context(), { ...options, ...words })
    const still = await darker()
    expect(Math.abs(still.end)).toBeLessThan(2)
    expect(still.begin).toBeGreaterThan(5)
    await editClip(context(), { ...options, ...words, track: true })
    const followed = await darker()
    expect(followed.end).toBeGreaterThan(5)
    expect(Math.abs(followed.begin)).toBeLessThan(2)
  })

  it('has one mask to follow, or says so', async () => {
    const options = { clip, prompt: 'sepia', preset: 'ffv1', overwrite: false, seed: 0 } as const
    const rest = { range: undefined, mask: undefined, feather: 4, out: join(folder, 'never.mkv') }
    await expect(editClip(context(), { ...options, ...rest, track: true })).rejects.toMatchObject({
      code: 'mask-invalid',
      hint: expect.any(String) as string,
    })
  })

  it('writes the whole clip with the edit in its range', async () => {
    const out = join(folder, 'out.mkv')
    const { code, last } = await edit(clip, 'sepia', '--range', '4-8', '--out', out)
    expect(code).toBe(0)
    expect(last).toMatchObject({ event: 'result', data: { frames: FRAMES, path: out } })
    expect((await probe(await findFfmpeg(), out)).frames).toBe(FRAMES)
  })
})
