import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { buildOrExit, root } from './build.mjs'
import { electronBinary, fetchElectron } from './fetchElectron.mjs'

const usage = 'Usage: npm start -- [--web] [--no-open] [--port N]'

const options = readOptions()
await buildOrExit()
if (options.web || !(await startElectron())) await startWeb()

function readOptions() {
  try {
    return parseArgs({
      options: {
        /** Serves the app to the browser instead of opening a window. */
        web: { type: 'boolean', default: false },
        'no-open': { type: 'boolean', default: false },
        port: { type: 'string' },
      },
    }).values
  } catch (error) {
    console.error(`${error.message}\n${usage}`)
    process.exit(2)
  }
}

/** True when the app ran in Electron; false, with the reason printed, when it cannot run here. */
async function startElectron() {
  let binary = electronBinary()
  if (binary === null) {
    try {
      binary = await fetchElectron()
    } catch (error) {
      console.log(`${error.message} Serving the same app to your browser instead.`)
      return false
    }
  }
  const obstacle = displayObstacle()
  if (obstacle !== null) {
    console.log(`${obstacle} Serving the same app to your browser instead.`)
    return false
  }
  console.log('Starting Lumière Studio …')
  return await runElectron(binary)
}

/** Why no Electron window can open in this session, or null. */
function displayObstacle() {
  if (process.platform !== 'linux') return null
  if (!process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return 'There is no screen here for a window.'
  if (process.getuid?.() === 0) return "Electron's sandbox does not run as root."
  return null
}

/** @param {string} binary */
async function runElectron(binary) {
  const environment = { ...process.env }
  // Set by some editors' terminals; it would turn Electron into plain Node.
  delete environment.ELECTRON_RUN_AS_NODE
  const started = Date.now()
  const child = spawn(binary, [root], { stdio: 'inherit', env: environment })
  // Ctrl-C reaches Electron by itself, with the whole foreground group; this process waits for it.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  const ended = await new Promise((done) => {
    child.on('error', (error) => done(error.message))
    child.on('exit', (code, signal) => done(signal ?? code))
  })
  // A window that never came up (a missing library, a forbidden sandbox) fails within moments.
  const failed = ended !== 0 && ended !== 'SIGINT' && ended !== 'SIGTERM'
  if (failed && Date.now() - started < 5000) {
    console.log(
      `Electron could not start here (${ended}). Serving the same app to your browser instead.`,
    )
    return false
  }
  process.exitCode = typeof ended === 'number' ? ended : 0
  return true
}

/** In this process: one thing to stop, whoever started it. */
async function startWeb() {
  const entry = join(root, 'out/main/web.js')
  process.argv = [
    process.argv[0],
    entry,
    ...(options['no-open'] ? ['--no-open'] : []),
    ...(options.port === undefined ? [] : ['--port', options.port]),
  ]
  await import(pathToFileURL(entry).href)
}
