import { resolve } from 'node:path'
import { runnerImport } from 'vite'
import { buildOrExit } from './build.mjs'

// Builds when needed, then runs one TypeScript file: node scripts/withBuild.mjs tests/x.ts [arguments]
const [file, ...rest] = process.argv.slice(2)
if (file === undefined) {
  console.error('Usage: node scripts/withBuild.mjs FILE [arguments]')
  process.exit(2)
}
await buildOrExit()
const path = resolve(file)
process.argv = [process.argv[0], path, ...rest]
// The file does its work at the top level, with await: the import ends when it has ended.
await runnerImport(path, { logLevel: 'warn' })
