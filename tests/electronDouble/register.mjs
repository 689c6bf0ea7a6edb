import { register } from 'node:module'

const electron = new URL('./electron.mjs', import.meta.url).href
const hook = `export const resolve = (specifier, context, next) =>
  specifier === 'electron' ? { url: ${JSON.stringify(electron)}, shortCircuit: true } : next(specifier, context)`
register(`data:text/javascript,${encodeURIComponent(hook)}`)
