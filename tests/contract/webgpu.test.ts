import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { probe } from '../../src/main/ffmpeg/probe.js'
import { readFrames } from '../../src/main/ffmpeg/frames.js'
import { findFfmpeg } from '../../src/main/ffmpeg/tools.js'
import { softwareVulkan } from '../support/softwareVulkan.js'

const vulkan = softwareVulkan()
const title =
  vulkan === null
    ? 'models on a graphics card (skipped: no Vulkan in software here; it comes with Chromium on Linux)'
    : 'models on a graphics card'

/** The same packs through WebGPU, on a card that Chromium's SwiftShader plays, and on the processor. */
describe.skipIf(vulkan === null)(title, () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere webgpu '))
    await lumiere('cpu', 'packs', 'install', resolve('tests/fixtures/packs/tiny'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  async function lumiere(
    provider: string,
    ...args: string[]
  ): Promise<readonly Record<string, unknown>[]> {
    const env = {
      ...process.env,
      ...vulkan,
      ...{ LUMIERE_DATA: join(folder, 'data'), LUMIERE_PROVIDER: provider },
    }
    const cli = [resolve('out/main/cli.js'), '--json', ...args]
    const { stdout } = await promisify(execFile)(process.execPath, cli, { env })
    return stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  }

  async function framesOf(path: string): Promise<Uint8Array[]> {
    const tools = await findFfmpeg()
    const info = await probe(tools, path)
    const { width, height, frames } = info
    const found: Uint8Array[] = []
    const options = { from: 0, to: frames, width, height, layout: 'rgb24' } as const
    for await (const frame of readFrames(tools.ffmpeg, { path, info }, options)) found.push(frame)
    return found
  }

  /** Mean and largest difference in levels over a whole clip. */
  async function difference(a: string, b: string): Promise<{ mean: number; largest: number }> {
    const [one, two] = [await framesOf(a), await framesOf(b)]
    expect(one.length).toBe(two.length)
    let sum = 0
    let count = 0
    let largest = 0
    one.forEach((frame, n) => {
      frame.forEach((value, at) => {
        const apart = Math.abs(value - two[n]![at]!)
        sum += apart
        count++
        largest = Math.max(largest, apart)
      })
    })
    return { mean: sum / count, largest }
  }

  it('generate the clip that the processor generates', async () => {
    const made: Record<string, string> = {}
    for (const provider of ['webgpu', 'cpu']) {
      made[provider] = join(folder, `${provider}.mkv`)
      const words = ['a red ball', '--steps', '4', '--seed', '3', '--size', '64']
      const events = await lumiere(provider, 'generate', ...words, '--out', made[provider])
      expect(JSON.stringify(events.at(-1))).toContain(`"provider":"${provider}"`)
    }
    const { mean, largest } = await difference(made['webgpu']!, made['cpu']!)
    console.info(`WebGPU and processor: ${mean.toFixed(3)} levels apart, at most ${largest}`)
    expect(mean).toBeLessThan(0.5)
    expect(largest).toBeLessThan(12)
    // Shaders are compiled, and in software: ten seconds on a quiet processor.
  }, 400_000)

  it('says why there is no such card, where there is none', async () => {
    const env = {
      ...{ ...process.env, LUMIERE_DATA: join(folder, 'data'), LUMIERE_PROVIDER: 'webgpu' },
      ...{ VK_DRIVER_FILES: '/nowhere.json', VK_ICD_FILENAMES: '/nowhere.json' },
    }
    const cli = [resolve('out/main/cli.js'), '--json', 'generate', 'a red ball', '--steps', '2']
    const failed = await promisify(execFile)(
      process.execPath,
      [...cli, '--out', join(folder, 'no.mkv')],
      { env },
    ).then(
      () => null,
      (error: unknown) => error as { code: number; stdout: string },
    )
    expect(failed?.code).toBe(1)
    expect(JSON.parse(failed?.stdout.trim().split('\n').at(-1) ?? '{}')).toMatchObject({
      event: 'error',
      code: 'pack-failed',
      detail: expect.stringMatching(/webgpu: .*adapter/i) as string,
    })
  })
})
