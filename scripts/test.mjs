import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { setPriority, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { buildOrExit, root } from './build.mjs'

// npm test [-- filter and other vitest options]: every project; ends with 'N passed, N failed'.
// Without options two lanes run side by side: they wait for a browser and for starting processes.
const FIRST = { name: 'first', options: ['--project', 'unit', '--project', 'integration'] }
// Behind the other one, which measures how fast a job is cancelled.
const SECOND = {
  name: 'second',
  options: ['--project', 'contract', '--project', 'e2e'],
  niceness: 2,
  quiet: true,
}

await buildOrExit()
const folder = await mkdtemp(join(tmpdir(), 'lumiere-tests-'))
// Ctrl-C reaches vitest by itself; this process waits for it to clean up.
process.on('SIGINT', () => {})
try {
  const forwarded = process.argv.slice(2)
  const lanes = forwarded.length === 0 ? [FIRST, SECOND] : [{ name: 'all', options: forwarded }]
  const codes = await Promise.all(lanes.map(runVitest))
  process.exitCode = codes.every((code) => code === 0) ? 0 : 1
  await summarise(lanes)
} finally {
  await rm(folder, { recursive: true, force: true })
}

function reportOf({ name }) {
  return join(folder, `${name}.json`)
}

/** Runs a lane; a quiet one shows its output whole when it has ended. */
async function runVitest({ name, options, niceness, quiet }) {
  const vitest = join(
    dirname(createRequire(import.meta.url).resolve('vitest/package.json')),
    'vitest.mjs',
  )
  const reporting = [
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${reportOf({ name })}`,
  ]
  const child = spawn(process.execPath, [vitest, 'run', ...reporting, ...options], {
    cwd: root,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
  })
  if (niceness !== undefined && child.pid !== undefined) setPriority(child.pid, niceness)
  const said = []
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (part) => said.push(part))
  process.on('SIGTERM', () => child.kill('SIGTERM'))
  const code = await new Promise((done, fail) => child.on('error', fail).on('close', done))
  process.stdout.write(Buffer.concat(said))
  return code
}

/** @param {{ name: string }[]} lanes */
async function summarise(lanes) {
  const sum = { passed: 0, failed: 0, skipped: 0 }
  const reasons = new Set()
  for (const lane of lanes) {
    let result
    try {
      result = JSON.parse(await readFile(reportOf(lane), 'utf8'))
    } catch {
      console.log(`The tests did not run to the end (${lane.name}).`)
      sum.failed++
      continue
    }
    // A file that fails to load has no failed test in it; it must not read as a pass.
    const broken = result.testResults.filter(
      (file) => file.status === 'failed' && file.assertionResults.length === 0,
    )
    sum.passed += result.numPassedTests
    sum.failed += result.numFailedTests + broken.length
    sum.skipped += result.numPendingTests + result.numTodoTests
    for (const reason of skipReasons(result)) reasons.add(reason)
  }
  for (const reason of reasons) console.log(`Skipped: ${reason}`)
  const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : ''
  console.log(`${sum.passed} passed, ${sum.failed} failed${skipped}`)
  if (sum.failed > 0) process.exitCode = 1
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
