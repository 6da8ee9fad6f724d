// Requests to the server: JSON in and out, one kind of error.
(function (phone) {
  "use strict";

  const BASE = "/phone/api/";
  const PATIENCE = 90000; // milliseconds

  /** Why a request did not do what it should. `code`: "offline" when there was no answer or the server is broken. */
  class Trouble extends Error {
    constructor(code, answer) {
      super((answer && answer.message) || code);
      this.code = code;
      this.answer = answer || {};
    }
  }

  /** The CSRF cookie; a service worker reads it from the cookie store, where there is one. */
  async function csrf() {
    if (self.document) return (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || ["", ""])[1];
    const cookie = self.cookieStore && (await self.cookieStore.get("csrftoken"));
    return cookie ? cookie.value : "";
  }

  async function headersFor(method, more) {
    const headers = Object.assign({ Accept: "application/json" }, more);
    const device = phone.store.fact("device");
    if (device && phone.store.enrolled()) headers["X-Device"] = device;
    const token = phone.store.enrolled() && (await phone.store.token());
    if (token) headers.Authorization = "Phone " + device + ":" + token;
    if (method === "POST") headers["X-CSRFToken"] = await csrf();
    return headers;
  }

  /** @param {string} method @param {string} path below /phone/api/ @param {any} [body] an object, or bytes @returns {Promise<any>} */
  async function call(method, path, body, more, again) {
    const bytes = body instanceof ArrayBuffer;
    const type = body === undefined ? {} : { "Content-Type": bytes ? "application/octet-stream" : "application/json" };
    const watch = new AbortController();
    const bell = setTimeout(() => watch.abort(), PATIENCE);
    let answer, told;
    try {
      answer = await fetch(BASE + path, {
        method: method, headers: await headersFor(method, Object.assign(type, more)), credentials: "same-origin", redirect: "manual",
        cache: "no-store", signal: watch.signal, body: body === undefined || bytes ? body : JSON.stringify(body),
      });
      if (answer.type === "opaqueredirect") throw new Trouble("login");
      told = await answer.json();
    } catch (error) {
      if (error instanceof Trouble) throw error;
      throw new Trouble("offline");
    } finally {
      clearTimeout(bell);
    }
    if (answer.ok) return told;
    if (told.code === "csrf" && !again) {
      await call("GET", "hello/");
      return call(method, path, body, more, true);
    }
    throw new Trouble(answer.status >= 500 ? "offline" : told.code || "bad", told);
  }

  phone.Trouble = Trouble;
  phone.api = { get: (path, more) => call("GET", path, undefined, more), post: (path, body, more) => call("POST", path, body, more) };
})((self.phone = self.phone || {}));
