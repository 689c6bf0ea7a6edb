import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AppError } from '../../shared/contract/errors.js'
import type { EngineHost } from './engineHost/engineHost.js'
import { examine } from './doctor.js'
import { createPackStore } from './packs/packStore.js'

/** An engine whose graphics card never ends a pass, unless it is told to stop. */
const engine = {
  async run(
    task: string,
    input: { provider?: string },
    options?: { signal?: AbortSignal; onProgress?: () => void },
  ) {
    if (task === 'hello') {
      const providers = [
        { name: 'cuda', usable: false, reason: 'no driver' },
        { name: 'webgpu', usable: true },
        { name: 'cpu', usable: true },
      ]
      return { onnxruntime: '1', opencv: '4', providers }
    }
    if (input.provider === 'cpu') return { usable: true, passSeconds: 0.1 }
    options?.onProgress?.()
    await new Promise((done) => options?.signal?.addEventListener('abort', done))
    throw new AppError('cancelled', 'Cancelled.')
  },
  pid: () => undefined,
  close: () => undefined,
} as unknown as EngineHost

describe('the examination of this computer', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'lumiere-doctor-'))
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('does not wait for a provider that takes for ever', async () => {
    const packs = createPackStore({
      appFolder: resolve('tests/fixtures/packs'),
      installedFolder: join(folder, 'packs'),
      slowFile: join(folder, 'slow.json'),
    })
    const found = await examine({
      ...{ appVersion: '0', engine, packs, folder, patience: 0.05 },
      tools: () => Promise.reject(new AppError('ffmpeg-missing', 'None.')),
    })
    expect(found.packs.find(({ id }) => id === 'tiny')?.test).toEqual({
      ok: true,
      providers: [
        { name: 'cpu', usable: true, passSeconds: 0.1 },
        { name: 'cuda', usable: false, reason: 'no driver' },
        { name: 'webgpu', usable: false, reason: 'took longer than 0.05 s' },
      ],
    })
    expect(found.ffmpeg).toMatchObject({ ok: false })
  })
})
