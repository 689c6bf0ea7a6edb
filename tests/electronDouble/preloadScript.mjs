/**
 * The page script that runs the built preload, as text, with a `require` that knows only
 * 'electron'. What it exposes lands on `window`; media addresses are translated to loopback.
 * @param {string} preload the built preload
 * @param {string} mediaOrigin where the media protocol is served
 */
export function preloadScript(preload, mediaOrigin) {
  return `(() => {
    const listeners = new Map()
    const toHttp = (value) =>
      typeof value === 'string' ? value.replace(/^media:\\/\\/project/, ${JSON.stringify(mediaOrigin)}) : value
    const electron = {
      contextBridge: {
        exposeInMainWorld(name, api) {
          const copy = {}
          for (const [key, value] of Object.entries(api)) {
            copy[key] = typeof value === 'function' ? (...args) => toHttp(value(...args)) : value
          }
          Object.defineProperty(window, name, { value: Object.freeze(copy) })
        },
      },
      ipcRenderer: {
        invoke: (channel, ...args) => window.electronDoubleInvoke(channel, args),
        on: (channel, listener) => {
          if (!listeners.has(channel)) listeners.set(channel, new Set())
          listeners.get(channel).add(listener)
        },
        off: (channel, listener) => listeners.get(channel)?.delete(listener),
      },
      webUtils: { getPathForFile: () => '' },
    }
    Object.defineProperty(window, 'electronDoubleReceive', {
      value: (channel, args) => {
        for (const listener of listeners.get(channel) ?? []) listener({}, ...args)
      },
    })
    const require = (name) => {
      if (name === 'electron') return electron
      throw new Error('module not found: ' + name)
    }
    const module = { exports: {} }
    ;((require, module, exports) => {
${preload}
    })(require, module, module.exports)
  })()`
}
