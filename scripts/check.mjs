import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { root } from './build.mjs'

// npm run check: every check, as many side by side as there are cores; the longest begin first.
const CHECKS = ['lint', 'typecheck', 'cycles', 'unused', 'format']

const waiting = [...CHECKS]
const failed = []
await Promise.all(Array.from({ length: Math.min(4, availableParallelism()) }, worker))
if (failed.length > 0) {
  console.error(`Failed: ${failed.join(', ')}`)
  process.exitCode = 1
}

async function worker() {
  for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) {
    const began = Date.now()
    const { code, output } = await run(name)
    const seconds = ((Date.now() - began) / 1000).toFixed(1)
    console.log(`${code === 0 ? 'ok' : 'FAILED'}  ${name}  ${seconds} s`)
    if (code === 0) continue
    failed.push(name)
    console.error(output)
  }
}

/** @param {string} name script of package.json */
function run(name) {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const child = spawn(npm, ['run', '--silent', name], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: process.platform === 'win32',
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => (output += text))
  }
  return new Promise((done, fail) =>
    child.on('error', fail).on('close', (code) => done({ code, output })),
  )
}
