import { toErrorData } from '../../../shared/contract/errors.js'
import { createNodeCore } from '../nodeCore.js'
import type { AppPaths } from '../paths.js'
import { createClient } from './client.js'
import type { Client } from './client.js'
import { createReport } from './report.js'
import type { Report } from './report.js'

/** Everything a command gets: core, a voice, and the signal that Ctrl-C aborts. */
export interface CommandContext {
  readonly client: Client
  readonly report: Report
  readonly paths: AppPaths
  readonly signal: AbortSignal
}

/** A second Ctrl-C this much later leaves at once; nearer, it is the same one coming through npx. */
const REPEAT_MS = 1000

/**
 * Runs a command on a core of its own and closes it whatever happens.
 * @returns the exit code: 0 done, 1 failed or cancelled
 */
export async function runCommand(
  paths: AppPaths,
  json: boolean,
  command: (context: CommandContext) => Promise<boolean>,
): Promise<number> {
  const report = createReport(json)
  const abort = new AbortController()
  const release = onInterrupt(abort)
  const core = createNodeCore(paths, 'cli')
  const client = createClient(core, { signal: abort.signal, onJob: report.job })
  let code = 1
  try {
    code = (await command({ client, report, paths, signal: abort.signal })) ? 0 : 1
  } catch (error) {
    report.error(toErrorData(error))
  }
  try {
    await core.close()
  } catch (error) {
    report.error(toErrorData(error))
    code = 1
  }
  release()
  return code
}

function onInterrupt(abort: AbortController): () => void {
  let first = 0
  const stop = (): void => {
    if (first === 0) {
      first = Date.now()
      abort.abort()
    } else if (Date.now() - first > REPEAT_MS) {
      process.exit(1)
    }
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, stop)
  return () => {
    for (const signal of signals) process.off(signal, stop)
  }
}
