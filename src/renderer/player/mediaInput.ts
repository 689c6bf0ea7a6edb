import { Input, MP4, UrlSource } from 'mediabunny'

const CACHE_BYTES = 16 * 1024 * 1024

/** A prepared file (proxy or take preview) read over HTTP ranges; dispose it after use. */
export function openInput(url: string): Input {
  return new Input({
    formats: [MP4],
    source: new UrlSource(url, {
      maxCacheSize: CACHE_BYTES,
      // The host is on this computer: what fails twice is gone, not slow.
      getRetryDelay: (attempts) => (attempts < 2 ? 0.2 : null),
      // A failed read ahead comes back as the error of the read that needs it.
      handleUnhandledError: () => undefined,
    }),
  })
}
