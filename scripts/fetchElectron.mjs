import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const CONNECT_SECONDS = 10
const STALL_SECONDS = 30

const require = createRequire(import.meta.url)
const manifest = require.resolve('electron/package.json')
const folder = dirname(manifest)
const { version } = require(manifest)

/** Path of Electron's executable when it is installed in the right version, else null. */
export function electronBinary() {
  try {
    const dist = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? join(folder, 'dist')
    const found = readFileSync(join(dist, 'version'), 'utf8').replace(/^v/, '').trim()
    const binary = join(dist, readFileSync(join(folder, 'path.txt'), 'utf8'))
    return found === version && existsSync(binary) ? binary : null
  } catch {
    return null
  }
}

/**
 * Downloads Electron into its own cache with progress on this terminal, then unpacks it with
 * the package's installer. Throws an Error whose message is one plain sentence.
 * @returns {Promise<string>} path of the executable
 */
export async function fetchElectron() {
  console.log(`Fetching Electron ${version} (about 120 MB, once) …`)
  await download()
  await run(process.execPath, [join(folder, 'install.js')])
  const binary = electronBinary()
  if (binary === null) throw new Error('Electron was fetched but could not be unpacked.')
  return binary
}

async function download() {
  // Electron's own downloader, so that mirrors, its cache and its checksums keep working.
  const { downloadArtifact } = await import(
    pathToFileURL(createRequire(manifest).resolve('@electron/get')).href
  )
  const patience = new globalThis.AbortController()
  let reached = false
  let timer = setTimeout(() => patience.abort(), CONNECT_SECONDS * 1000)
  const show = progressLine()
  try {
    await downloadArtifact({
      version,
      artifactName: 'electron',
      checksums: require(join(folder, 'checksums.json')),
      cacheRoot: process.env.electron_config_cache,
      downloadOptions: {
        quiet: true,
        signal: patience.signal,
        getProgressCallback: (
          /** @type {{ transferred: number, total: number | null }} */ progress,
        ) => {
          reached = true
          clearTimeout(timer)
          timer = setTimeout(() => patience.abort(), STALL_SECONDS * 1000)
          show(progress)
        },
      },
    })
  } catch (error) {
    throw new Error(sentence(reached, error), { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

/**
 * @param {boolean} reached
 * @param {Error} error
 */
function sentence(reached, error) {
  if (reached) return 'The download of Electron broke off.'
  if (error.name === 'HTTPError') return `Electron could not be downloaded (${error.message}).`
  return "Electron's download host could not be reached."
}

function progressLine() {
  let shown = -1
  return (/** @type {{ transferred: number, total: number | null }} */ { transferred, total }) => {
    const megabytes = Math.floor(transferred / 1e6)
    const step = total === null ? megabytes : Math.floor((100 * transferred) / total)
    if (step === shown) return
    const text =
      total === null
        ? `  ${megabytes} MB`
        : `  ${step} % (${megabytes} of ${Math.ceil(total / 1e6)} MB)`
    if (process.stdout.isTTY) process.stdout.write(`\r${text}${step === 100 ? '\n' : ''}`)
    else if (step % 10 === 0) console.log(text)
    shown = step
  }
}

/**
 * @param {string} command
 * @param {string[]} args
 */
async function run(command, args) {
  const child = spawn(command, args, { stdio: 'inherit' })
  await new Promise((done, fail) => child.on('error', fail).on('exit', done))
}
