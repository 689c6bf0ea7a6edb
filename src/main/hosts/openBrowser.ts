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
  if (process.platform === 'darwin') return ['open', url]
  // `start` is a shell built-in; this is what it calls, without a shell.
  if (process.platform === 'win32') return ['rundll32', 'url.dll,FileProtocolHandler', url]
  return process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'] ? ['xdg-open', url] : []
}
