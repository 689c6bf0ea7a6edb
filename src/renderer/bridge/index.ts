import { useConnection } from './connection.js'
import { createElectronBridge } from './electronBridge.js'
import type { Bridge } from './types.js'
import { createWebBridge, uploadFile } from './webBridge.js'

function pick(): Bridge {
  const page = globalThis.window as Window | undefined
  if (page?.lumiere) return createElectronBridge(page.lumiere)
  return createWebBridge({
    fetch: (input, init) => fetch(input, init),
    openSocket: (url) => new WebSocket(url),
    upload: uploadFile,
    origin: page?.location.origin ?? '',
    onConnection: (connected) => useConnection.setState({ connected }),
    delay: (milliseconds, then) => setTimeout(then, milliseconds),
  })
}

/** The one way to the host: Electron's preload where there is one, HTTP otherwise. */
export const bridge: Bridge = pick()
