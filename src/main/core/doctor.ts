import { mkdir, statfs } from 'node:fs/promises'
import { cpus, freemem, totalmem } from 'node:os'
import type { Doctor, ProviderTest } from '../../shared/contract/api.js'
import type { EngineInfo } from '../../shared/contract/engine.js'
import type { AnyPackSource } from '../../shared/contract/sources.js'
import { toErrorData } from '../../shared/contract/errors.js'
import { ffmpegFeatures } from '../ffmpeg/tools.js'
import type { FfmpegTools } from '../ffmpeg/tools.js'
import type { PackStore } from './packs/packStore.js'
import { verifyPack } from './packs/readPack.js'
import type { EngineHost } from './engineHost/engineHost.js'

/** Looks at everything the app stands on and says what it found, failures included. */
export async function examine(options: {
  readonly appVersion: string
  readonly tools: () => Promise<FfmpegTools>
  readonly engine: EngineHost
  readonly packs: PackStore
  readonly folder: string
  /** Seconds that a provider gets for loading a pack and one pass. */
  readonly patience?: number
}): Promise<Doctor> {
  const [ffmpeg, engine, freeBytes] = await Promise.all([
    examineFfmpeg(options.tools),
    options.engine.run('hello', {}).then(
      (info) => ({ ok: true, info }) as const,
      (error: unknown) => ({ ok: false, error: toErrorData(error) }) as const,
    ),
    freeDisk(options.folder),
  ])
  const [cpu] = cpus()
  return {
    versions: {
      lumiere: options.appVersion,
      node: process.versions.node,
      v8: process.versions.v8,
      ...(process.versions['electron'] === undefined
        ? {}
        : { electron: process.versions['electron'] }),
      platform: `${process.platform} ${process.arch}`,
    },
    ffmpeg,
    engine,
    packs: await examinePacks(options, engine.ok ? engine.info.providers : []),
    cpu: { model: cpu?.model.trim() ?? 'unknown', cores: cpus().length },
    memory: { totalBytes: totalmem(), freeBytes: freemem() },
    disk: { folder: options.folder, freeBytes },
  }
}

/** A pass takes seconds; a graphics card played in software may take minutes, and nobody waits. */
const PATIENCE_SECONDS = 60

async function examinePacks(
  {
    packs,
    engine,
    patience = PATIENCE_SECONDS,
  }: { readonly packs: PackStore; readonly engine: EngineHost; readonly patience?: number },
  providers: EngineInfo['providers'],
): Promise<Doctor['packs']> {
  const examined: Doctor['packs'][number][] = []
  const list = await packs.list()
  for (const { id } of [...list.packs, ...list.styles, ...list.upscalers]) {
    try {
      const pack = await packs.findAny({ id })
      await verifyPack(pack)
      const source = await packs.source(pack)
      const outcomes: ProviderTest[] = [await onePass(engine, source, 'cpu', patience)]
      for (const { name, usable, reason } of providers) {
        if (name === 'cpu') continue
        outcomes.push(
          usable
            ? await onePass(engine, source, name, patience)
            : { name, usable, ...(reason === undefined ? {} : { reason }) },
        )
      }
      examined.push({ id, test: { ok: true, providers: outcomes } })
    } catch (error) {
      examined.push({ id, test: { ok: false, error: toErrorData(error) } })
    }
  }
  return examined
}

async function onePass(
  engine: EngineHost,
  pack: AnyPackSource,
  provider: string,
  patience: number,
): Promise<ProviderTest> {
  const late = new AbortController()
  let timer: NodeJS.Timeout | undefined
  // Its first word comes when its turn has: waiting for another job is nobody's fault.
  const onProgress = (): void => {
    timer ??= setTimeout(() => late.abort(), patience * 1000)
  }
  try {
    const options = { signal: late.signal, onProgress }
    return { name: provider, ...(await engine.run('packTest', { pack, provider }, options)) }
  } catch (error) {
    if (!late.signal.aborted) throw error
    return { name: provider, usable: false, reason: `took longer than ${patience} s` }
  } finally {
    clearTimeout(timer)
  }
}

async function examineFfmpeg(tools: () => Promise<FfmpegTools>): Promise<Doctor['ffmpeg']> {
  try {
    const found = await tools()
    const features = await ffmpegFeatures(found)
    return { ok: true, path: found.ffmpeg, from: found.from, version: found.version, ...features }
  } catch (error) {
    return { ok: false, error: toErrorData(error) }
  }
}

async function freeDisk(folder: string): Promise<number> {
  await mkdir(folder, { recursive: true })
  const disk = await statfs(folder)
  return disk.bavail * disk.bsize
}
