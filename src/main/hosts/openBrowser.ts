import { spawn } from 'node:child_process'

/** Opens the person's browser where there is one; the printed address serves everybody else. */
export function openBrowser(url: string): void {
  const [command, ...args] = opener(url)
  if (command === undefined) return
  const child = spawn(command, args, { stdio: 'ignore', detached: true })
  // No such program on this computer: the address stands in the terminal.
  child.on('error', () => undefined)
  child.unref()
}

function opener(url: string): readonly string[] {
  switch (process.platform) {
    case 'darwin':
      return ['open', url]
    case 'win32':
      // `start` is a shell built-in; this is what it calls, without a shell.
      return ['rundll32', 'url.dll,FileProtocolHandler', url]
    default:
      return process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'] ? ['xdg-open', url] : []
  }
}
