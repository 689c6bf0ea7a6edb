import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { ffmpegFeatures, findFfmpeg } from './tools.js'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lumiere tools ü '))
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await rm(folder, { recursive: true, force: true })
})

async function program(name: string, prints: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, `#!/bin/sh\necho "${prints}"\n`)
  await chmod(path, 0o755)
  return path
}

describe.skipIf(process.platform === 'win32')('findFfmpeg', () => {
  it('takes the setting before the environment before the bundled one', async () => {
    vi.stubEnv('LUMIERE_FFMPEG', '')
    const bundled = await findFfmpeg()
    expect(bundled.from).toBe('bundled')
    const ffmpeg = await program('ffmpeg', 'ffmpeg version 7.7-test Copyright')
    await program('ffprobe', 'ffprobe version 7.7-test')
    vi.stubEnv('LUMIERE_FFMPEG', ffmpeg)
    expect(await findFfmpeg()).toMatchObject({ ffmpeg, from: 'environment', version: '7.7-test' })
    expect(
      await findFfmpeg({ setting: bundled.ffmpeg }).catch((error: unknown) => error),
    ).toMatchObject({
      // The bundled programs lie in two packages: a setting names a folder that holds both.
      code: 'ffmpeg-missing',
    })
    vi.stubEnv('LUMIERE_FFPROBE', bundled.ffprobe)
    expect(await findFfmpeg()).toMatchObject({ ffprobe: bundled.ffprobe })
    vi.stubEnv('LUMIERE_FFMPEG', '')
    expect(await findFfmpeg({ setting: ffmpeg })).toMatchObject({ ffmpeg, from: 'setting' })
  })

  it('does not fall back from a place that was named', async () => {
    vi.stubEnv('LUMIERE_FFMPEG', join(folder, 'nowhere'))
    await expect(findFfmpeg()).rejects.toMatchObject({ code: 'ffmpeg-missing' })
    const liar = await program('ffmpeg', 'hello')
    await program('ffprobe', 'hello')
    await expect(findFfmpeg({ setting: liar })).rejects.toMatchObject({ code: 'ffmpeg-missing' })
  })

  it('lists encoders and filters, and what is missing', async () => {
    const ffmpeg = await program(
      'ffmpeg',
      'Encoders:\n V..... = Video\n A..... = Audio\n ------\n V..... libx264              H.264\n A..... aac                  AAC\n T.C scale            V->V       Scale\n ... aresample         A->A       Resample',
    )
    const features = await ffmpegFeatures({ ffmpeg })
    expect(features.encoders).toEqual(['libx264', 'aac'])
    expect(features.filters).toEqual(['scale', 'aresample'])
    expect(features.missing).toContain('encoder:prores_ks')
    expect(features.missing).not.toContain('filter:scale')
  })
})
