import { parseArgs } from 'node:util'
import { createNodeCore } from './hosts/nodeCore.js'
import { appPaths } from './hosts/paths.js'
import { portNumber, serve } from './hosts/serve.js'

// Entry of `npm start -- --web`: the app for the browser, until Ctrl-C.
try {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, 'no-open': { type: 'boolean', default: false } },
  })
  const paths = appPaths(import.meta.url)
  await serve({
    core: createNodeCore(paths, 'web'),
    paths,
    port: values.port === undefined ? undefined : portNumber(values.port),
    open: !values['no-open'],
    announce: (url, fresh) => {
      if (fresh) console.log(`  ${url}\n`)
      else {
        console.log('Lumière Studio is ready. Open this address in your browser (it works once):\n')
        console.log(`  ${url}\n`)
        console.log(`${process.stdin.isTTY ? 'Enter prints a fresh address; ' : ''}Ctrl-C stops.`)
      }
    },
  })
  process.exit(0)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
}
