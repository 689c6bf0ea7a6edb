import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..')

const stampFile = join(root, 'out/.built')
const lockFolder = join(root, '.cache/build.lock')
// As deep below the root as out/, so that the paths in source maps stay right.
const stagingFolder = join(root, '.cache')
const configuration = [
  'electron.vite.config.ts',
  'package.json',
  'package-lock.json',
  'tsconfig.base.json',
]
const products = [
  'main/index.js',
  'main/web.js',
  'main/cli.js',
  'main/engine.js',
  'preload/index.cjs',
  'renderer/index.html',
]

/**
 * {@link buildIfNeeded} for scripts: a failed build ends the process without a stack trace.
 * @param {{ quiet?: boolean }} [options]
 */
export async function buildOrExit(options) {
  try {
    await buildIfNeeded(options)
  } catch (error) {
    console.error(error.message)
    process.exit(1)
  }
}

/**
 * Builds out/ when its sources have changed since the last build. Compares contents, not
 * times: a checkout of another branch sets times in no useful order.
 * @param {{ quiet?: boolean }} [options] quiet: says nothing unless the build fails
 */
async function buildIfNeeded(options = {}) {
  const say = options.quiet ? () => {} : (/** @type {string} */ text) => console.log(text)
  const wanted = await sourcesHash()
  if (await isBuilt(wanted)) return
  await withLock(async () => {
    // Somebody else may have built while this process waited for the lock.
    if (await isBuilt(wanted)) return
    say('Building Lumière Studio (only needed when its sources have changed) …')
    const started = Date.now()
    await electronViteBuild()
    await replaceOutput()
    await writeFile(stampFile, wanted)
    say(`Built in ${Math.round((Date.now() - started) / 1000)} s.`)
  })
}

/** @param {string} wanted */
async function isBuilt(wanted) {
  try {
    if ((await readFile(stampFile, 'utf8')) !== wanted) return false
    await Promise.all(products.map((file) => stat(join(root, 'out', file))))
    return true
  } catch {
    return false
  }
}

async function sourcesHash() {
  const files = [
    ...configuration.map((file) => join(root, file)),
    ...(await sourceFiles(join(root, 'src'))),
  ]
  const hash = createHash('sha256')
  for (const file of files.sort()) {
    hash.update(`${file.slice(root.length)}\0`)
    hash.update(await readFile(file))
    hash.update('\0')
  }
  return hash.digest('hex')
}

/**
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
async function sourceFiles(folder) {
  const entries = await readdir(folder, { withFileTypes: true })
  const nested = entries.map((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sourceFiles(path)
    return /\.test\.tsx?$/.test(entry.name) ? [] : [path]
  })
  return (await Promise.all(nested)).flat()
}

async function electronViteBuild() {
  const cli = join(
    dirname(createRequire(import.meta.url).resolve('electron-vite/package.json')),
    'bin/electron-vite.js',
  )
  const child = spawn(
    process.execPath,
    [cli, 'build', '--logLevel', 'warn', '--outDir', stagingFolder],
    {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (output += part))
  /** @type {number | null} */
  const code = await new Promise((done, fail) => child.on('error', fail).on('close', done))
  if (code !== 0) {
    process.stderr.write(output)
    throw new Error('The build failed; the reason stands above.')
  }
}

/** Puts the new build in place of the old: what runs meanwhile finds either one, whole. */
async function replaceOutput() {
  await rm(stampFile, { force: true })
  await mkdir(join(root, 'out'), { recursive: true })
  for (const part of ['main', 'preload', 'renderer']) {
    await rm(join(root, 'out', part), { recursive: true, force: true })
    await rename(join(stagingFolder, part), join(root, 'out', part))
  }
}

/**
 * One build at a time in a checkout: two would write into each other's.
 * @param {() => Promise<void>} work
 */
async function withLock(work) {
  await mkdir(dirname(lockFolder), { recursive: true })
  const owner = join(lockFolder, 'pid')
  for (;;) {
    try {
      await mkdir(lockFolder)
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
      if (await isAbandoned(owner)) await rm(lockFolder, { recursive: true, force: true })
      else await new Promise((done) => setTimeout(done, 200))
    }
  }
  try {
    await writeFile(owner, String(process.pid))
    await work()
  } finally {
    await rm(lockFolder, { recursive: true, force: true })
  }
}

/** @param {string} owner */
async function isAbandoned(owner) {
  try {
    process.kill(Number(await readFile(owner, 'utf8')), 0)
    return false
  } catch (error) {
    if (error.code === 'EPERM') return false
    if (error.code === 'ESRCH') return true
    // Between mkdir and the write of the pid; a process killed right there leaves an old folder.
    const made = await stat(lockFolder).catch(() => null)
    return made !== null && Date.now() - made.mtimeMs > 5000
  }
}
