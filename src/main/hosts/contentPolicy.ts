/**
 * The content security policy of the interface: its own files, pictures and sound from the
 * open project, and nothing from anywhere else.
 * @param media further source of media (`media:` in Electron); the web host serves its own
 * @param events further source of connections, where 'self' does not cover the event socket
 */
export function contentPolicy(options: { media?: string; events?: string } = {}): string {
  const media = options.media === undefined ? '' : ` ${options.media}`
  const events = options.events === undefined ? '' : ` ${options.events}`
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    `img-src 'self' blob: data:${media}`,
    `media-src 'self' blob:${media}`,
    `connect-src 'self'${media}${events}`,
    "worker-src 'self' blob:",
    "font-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ')
}
