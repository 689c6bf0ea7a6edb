import { fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { mkdirSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { chromium } from 'playwright-core'
import { startProtocolServer } from './protocolServer.mjs'
import { preloadScript } from './preloadScript.mjs'

/** What the test asked for with `control`: answers of dialogs, and a record of what was shown. */
const state = { dialogAnswers: [], errorBoxes: [], opened: [], menu: null, ready: false }
const handlers = new Map()
const protocolHandlers = new Map()
const windows = new Set()
let server
let browser

class App extends EventEmitter {
  isPackaged = false
  name = 'Lumière Studio'
  #paths = new Map()
  #quitting = false

  requestSingleInstanceLock = () => true
  enableSandbox = () => (state.sandboxed = true)
  getLocale = () => process.env.ELECTRON_DOUBLE_LOCALE ?? 'en'
  setPath = (name, path) => {
    mkdirSync(path, { recursive: true })
    this.#paths.set(name, path)
  }
  getPath = (name) => this.#paths.get(name)

  async whenReady() {
    server ??= await startProtocolServer(protocolHandlers)
    browser ??= await chromium.launch({
      executablePath: process.env.LUMIERE_CHROMIUM,
      args: [
        ...JSON.parse(process.env.ELECTRON_DOUBLE_FLAGS),
        // The test drives the same page through an endpoint of its own.
        `--remote-debugging-port=${process.env.ELECTRON_DOUBLE_PORT}`,
      ],
    })
    state.ready = true
  }

  /** The order of Electron's documentation: before-quit, close the windows, will-quit, quit. */
  async quit() {
    if (this.#quitting) return
    this.#quitting = true
    const allowed = (name) => {
      const event = cancellable()
      this.emit(name, event)
      return !event.defaultPrevented
    }
    const go = allowed('before-quit')
    if (go) await Promise.all([...windows].map((window) => window.close()))
    if (go && allowed('will-quit')) {
      await browser?.close()
      server?.close()
      this.emit('quit', {}, 0)
      process.exit(0)
    }
    this.#quitting = false
  }
}
export const app = new App()

class WebContents extends EventEmitter {
  openHandler = () => ({ action: 'allow' })
  setWindowOpenHandler = (handler) => (this.openHandler = handler)
  send(channel, ...args) {
    this.page
      ?.evaluate(
        ([name, values]) => globalThis.electronDoubleReceive?.(name, values),
        [channel, args],
      )
      .catch(() => undefined)
  }
}

export class BrowserWindow extends EventEmitter {
  webContents = new WebContents()
  #destroyed = false
  #loaded = false

  constructor(options) {
    super()
    this.options = options
    windows.add(this)
    app.emit('web-contents-created', {}, this.webContents)
  }

  async loadURL(url) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
    const page = await context.newPage()
    this.webContents.page = page
    await page.exposeBinding('electronDoubleInvoke', (source, channel, args) => {
      const handler = handlers.get(channel)
      if (handler === undefined) throw new Error(`No handler registered for '${channel}'`)
      return handler({ sender: this.webContents, senderFrame: frameOf(source.frame) }, ...args)
    })
    const preload = await readFile(this.options.webPreferences.preload, 'utf8')
    await page.addInitScript(preloadScript(preload, server.origin('media')))
    await page.route('**/*', (route) => this.#guard(route))
    page.on('popup', (popup) => {
      const { action } = this.webContents.openHandler({ url: popup.url() })
      if (action === 'deny') void popup.close()
    })
    page.on('close', () => this.#closed())
    await page.goto(server.toHttp(url))
    this.#loaded = true
    this.emit('ready-to-show')
  }

  /** Navigations after the first ask the app, as `will-frame-navigate` does. */
  #guard(route) {
    const request = route.request()
    if (!this.#loaded || !request.isNavigationRequest()) return route.continue()
    const event = cancellable()
    event.url = server.toScheme(request.url())
    event.isMainFrame = request.frame().parentFrame() === null
    this.webContents.emit('will-frame-navigate', event)
    return event.defaultPrevented ? route.abort('aborted') : route.continue()
  }

  #closed() {
    if (this.#destroyed) return
    this.#destroyed = true
    windows.delete(this)
    this.emit('closed')
    if (windows.size === 0) app.emit('window-all-closed')
  }

  async close() {
    await this.webContents.page?.close()
    this.#closed()
  }
  isDestroyed = () => this.#destroyed
  isMinimized = () => false
  restore() {}
  focus() {}
  show() {
    state.shown = true
  }
}

function frameOf(frame) {
  const url = server.toScheme(frame.url())
  const { protocol, host } = new URL(url)
  return { url, origin: `${protocol}//${host}`, parent: frame.parentFrame() === null ? null : {} }
}

function cancellable() {
  const event = { defaultPrevented: false, preventDefault: () => (event.defaultPrevented = true) }
  return event
}

export const ipcMain = { handle: (channel, handler) => handlers.set(channel, handler) }

export const protocol = {
  registerSchemesAsPrivileged: (schemes) => {
    if (state.ready) throw new Error('Schemes must be registered before the app is ready.')
    state.schemes = schemes
  },
  handle: (scheme, handler) => protocolHandlers.set(scheme, handler),
}

export const session = {
  defaultSession: {
    setPermissionRequestHandler: (handler) => (state.permissionRequest = handler),
    setPermissionCheckHandler: (handler) => (state.permissionCheck = handler),
    setDevicePermissionHandler: (handler) => (state.devicePermission = handler),
  },
}

export const Menu = {
  buildFromTemplate: (template) => template,
  setApplicationMenu: (menu) => (state.menu = menu),
}

const answerOf = (args) => {
  state.opened.push(args.at(-1))
  return state.dialogAnswers.shift() ?? null
}
export const dialog = {
  showOpenDialog: async (...args) => {
    const path = answerOf(args)
    return { canceled: path === null, filePaths: path === null ? [] : [path] }
  },
  showSaveDialog: async (...args) => {
    const path = answerOf(args)
    return { canceled: path === null, filePath: path ?? '' }
  },
  showErrorBox: (title, content) => state.errorBoxes.push({ title, content }),
}

export const shell = { showItemInFolder: (path) => (state.revealed = path) }

export const utilityProcess = {
  fork(path, args, options) {
    const child = fork(path, args, { stdio: [...options.stdio, 'ipc'], execArgv: [] })
    child.postMessage = (message) => child.send(message)
    return child
  },
}

function menuItem(labels) {
  let items = state.menu
  let found
  for (const label of labels) {
    found = items?.find((item) => item.label === label)
    items = found?.submenu
  }
  return found
}

/** What the test may ask for; the answer goes back with the same id. */
const controls = {
  ready: () => state.shown === true,
  answerDialog: (path) => void state.dialogAnswers.push(path),
  openedDialogs: () => state.opened,
  menu: (labels) => {
    const { label, accelerator, role, registerAccelerator } = menuItem(labels) ?? {}
    return { label, accelerator, role, registerAccelerator }
  },
  clickMenu: (labels) => void menuItem(labels)?.click(),
  permissions: async () => ({
    request: await new Promise((done) => state.permissionRequest(null, 'media', done)),
    check: state.permissionCheck(null, 'media'),
    device: state.devicePermission({ deviceType: 'usb' }),
  }),
  security: () => ({
    sandboxed: state.sandboxed === true,
    schemes: state.schemes,
    webPreferences: [...windows].map((window) => window.options.webPreferences),
  }),
  errorBoxes: () => state.errorBoxes,
  quit: () => void app.quit(),
}

process.on('message', async ({ id, name, value }) => {
  try {
    process.send({ id, value: await controls[name](value) })
  } catch (error) {
    process.send({ id, error: String(error) })
  }
})
