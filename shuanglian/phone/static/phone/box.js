// Sealing: everything about people lies on the phone as AES-GCM ciphertext only. The key comes from the server at
// enrolment, is imported so that no script can read it out again, and dies with the log-out.
(function (phone) {
  "use strict";

  const IV_BYTES = 12;
  const words = new TextEncoder();
  const text = new TextDecoder();

  /** @param {string} base64 @returns {Uint8Array} */
  function bytesOf(base64) {
    return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  }

  /** The data key, not extractable. @param {string} base64 32 bytes @returns {Promise<CryptoKey>} */
  function keyFrom(base64) {
    return crypto.subtle.importKey("raw", bytesOf(base64), "AES-GCM", false, ["encrypt", "decrypt"]);
  }

  /** Its name is sealed along with the content: a box that was moved to another name does not open. */
  function settings(iv, name) {
    return { name: "AES-GCM", iv: iv, additionalData: words.encode(name) };
  }

  /** @param {CryptoKey} key @param {string} name @param {ArrayBuffer|Uint8Array} bytes @returns {Promise<{iv: Uint8Array, box: ArrayBuffer}>} */
  async function sealBytes(key, name, bytes) {
    const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
    return { iv: iv, box: await crypto.subtle.encrypt(settings(iv, name), key, bytes) };
  }

  /** @returns {Promise<ArrayBuffer>} */
  function openBytes(key, name, sealed) {
    return crypto.subtle.decrypt(settings(sealed.iv, name), key, sealed.box);
  }

  /** @param {any} value whatever JSON holds */
  function seal(key, name, value) {
    return sealBytes(key, name, words.encode(JSON.stringify(value)));
  }

  async function open(key, name, sealed) {
    return JSON.parse(text.decode(await openBytes(key, name, sealed)));
  }

  /** SHA-256 in hex. @param {ArrayBuffer} bytes */
  async function digest(bytes) {
    const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return Array.from(sum, (byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  /** A random UUID (version 4); old browsers have no crypto.randomUUID. */
  function uuid() {
    const b = crypto.getRandomValues(new Uint8Array(16));
    b[6] = (b[6] & 0x0f) | 0x40;
    b[8] = (b[8] & 0x3f) | 0x80;
    const hex = Array.from(b, (byte) => byte.toString(16).padStart(2, "0")).join("");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
  }

  phone.box = { keyFrom, seal, open, sealBytes, openBytes, digest, uuid };
})((self.phone = self.phone || {}));
