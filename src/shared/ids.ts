import type { Id, RecType } from './document/model.js'

// Web Crypto is a global in Node and in the page alike; this layer knows the types of neither.
declare const crypto: { getRandomValues(array: Uint8Array): Uint8Array }

/** A fresh record id, `<type>_<12 lower-case letters and digits>` (62 bits), safe as a file name everywhere. */
export function newId(type: RecType | 'project' | 'job'): Id {
  const alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  let text = ''
  for (const byte of bytes) text += alphabet.charAt(byte % alphabet.length)
  return `${type}_${text}`
}
