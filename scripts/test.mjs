import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buildOrExit, root } from './build.mjs'

// npm test [-- filter and other vitest options]: every project; ends with 'N passed, N failed'.
await buildOrExit()
const folder = await mkdtemp(join(tmpdir(), 'lumiere-tests-'))
const report = join(folder, 'report.json')
try {
  const code = await runVitest(process.argv.slice(2))
  process.exitCode = code === 0 ? 0 : 1
  await summarise()
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** @param {string[]} forwarded */
async function runVitest(forwarded) {
  const vitest = join(
    dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
    'vitest.mjs',
  )
  const reporting = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const child = spawn(process.execPath, [vitest, 'run', ...reporting, ...forwarded], {
    cwd: root,
    stdio: 'inherit',
  })
  // Ctrl-C reaches vitest by itself; this process waits for it to clean up.
  process.on('SIGINT', () => {})
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  return await new Promise((done, fail) => child.on('error', fail).on('exit', done))
}

async function summarise() {
  let result
  try {
    result = JSON.parse(await readFile(report, 'utf8'))
  } catch {
    console.log('The tests did not run to the end.')
    process.exitCode = 1
    return
  }
  const skipped = result.numPendingTests + result.numTodoTests
  // A file that fails to load has no failed test in it; it must not read as a pass.
  const broken = result.testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  )
  const failed = result.numFailedTests + broken.length
  for (const reason of skipReasons(result)) console.log(`Skipped: ${reason}`)
  console.log(
    `${result.numPassedTests} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
  )
  if (failed > 0) process.exitCode = 1
}

/** Suites that skip themselves say why in their title: 'name (skipped: reason)'. */
function skipReasons(result) {
  const reasons = new Set()
  for (const file of result.testResults) {
    for (const test of file.assertionResults) {
      if (test.status === 'passed' || test.status === 'failed') continue
      const said = test.ancestorTitles.find((title) => title.includes('(skipped: '))
      if (said !== undefined) reasons.add(said)
    }
  }
  return reasons
}
