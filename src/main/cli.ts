import { runCli } from './hosts/cli.js'
import { appPaths } from './hosts/paths.js'

// Entry of `npx lumiere`. The exit waits for output that is still on its way through a pipe.
process.exitCode = await runCli(process.argv, appPaths(import.meta.url))
// Whatever a library has left open must not keep the command line waiting.
setTimeout(() => process.exit(), 1000).unref()
