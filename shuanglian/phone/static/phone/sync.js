// Sending and fetching: words first, then what is new, then photos. Safe to be cut anywhere: everything that was not
// confirmed is sent again under the same id.
(function (phone) {
  "use strict";

  const { store, api, state } = phone;
  const ROUNDS_OF_DIGEST = 3;
  const FIRST = 8, NEXT = 40; // households that come whole in one answer: the first brings the list within seconds
  let running = null;
  /** How the last round went: "", "offline", "login", "locked", "other_user", "forbidden", "password" … */
  let trouble = "";

  /** One round; a second call while one runs waits for that one. @returns {Promise<string>} trouble, "" when all went well */
  function run() {
    if (!running) {
      running = attempt();
      phone.told("syncing");
    }
    return running;
  }

  async function attempt() {
    try {
      await alone(round);
      trouble = "";
    } catch (error) {
      trouble = await understand(error);
    } finally {
      running = null;
    }
    phone.told("synced", trouble);
    return trouble;
  }

  /** Only one page or worker of this phone at a time. */
  function alone(work) {
    return self.navigator.locks ? navigator.locks.request("shuanglian-sync", work) : work();
  }

  async function round() {
    if (!store.enrolled()) return;
    if (self.navigator.onLine === false) throw new phone.Trouble("offline");
    await sendOps();
    await fetchState();
    await sendPhotos();
    await store.keepBallast();
  }

  /** @param {any} error @returns {Promise<string>} */
  async function understand(error) {
    if (store.isFull(error)) return "full";
    if (!(error instanceof phone.Trouble)) throw error;
    if (error.code === "login") return lockedWithoutLogIn();
    if (error.answer.wipe) await store.forget();
    if (error.code === "unknown_device") await store.note({ cursor: "" });
    return error.code;
  }

  /** An ended log-in says nothing of a lost phone; `hello` tells without one. */
  async function lockedWithoutLogIn() {
    try {
      await api.get("hello/");
    } catch (error) {
      if (error.answer.wipe) {
        await store.forget();
        return error.code;
      }
    }
    return "login";
  }

  // --- operations -----------------------------------------------------------------------------------------------------
  async function sendOps() {
    const asked = new Set(); // what has to wait for something else is not asked again in the same round
    for (;;) {
      const waiting = (await store.loadOutbox()).filter((op) => op.state === "waiting" && !asked.has(op.id));
      if (!waiting.length) return;
      const some = fitting(waiting.slice(0, store.fact("batch") || 100));
      some.forEach((op) => asked.add(op.id));
      await store.tried(some.map((op) => op.id));
      const answer = await api.post("ops/", {
        clock: phone.time.iso(new Date()),
        ops: some.map(({ id, seq, kind, at, base, body }) => ({ id, seq, kind, at, base, body })),
      });
      const byId = new Map(some.map((op) => [op.id, op]));
      for (const result of answer.results) await settle(byId.get(result.id), result);
      await store.loadOutbox();
      phone.told("outbox");
    }
  }

  /** As many as fit into one request of 3 MB (signatures are large). */
  function fitting(ops) {
    let size = 0;
    return ops.filter((op, at) => (size += JSON.stringify(op.body).length) < 3000000 || at === 0);
  }

  async function settle(op, result) {
    if (!op) return;
    if (result.status === "refused") return store.mark(op, { state: "refused", message: result.message });
    if (result.status === "later") return store.mark(op, { tries: op.tries + 1, message: result.message });
    if (op.kind === "visit.photo") return store.mark(op, { state: "bytes", message: "" });
    return store.drop(op.id);
  }

  // --- what is new ----------------------------------------------------------------------------------------------------
  /** Answer by answer until everything is here; each is kept before the next is asked for, a cut costs one at most. */
  async function fetchState() {
    for (let more = true; more; ) {
      const cursor = store.fact("cursor");
      const asked = cursor ? "most=" + NEXT + "&cursor=" + encodeURIComponent(cursor) : "most=" + FIRST;
      const answer = await api.get("state/?" + asked);
      await store.note({ clockAhead: Math.round((Date.now() - Date.parse(answer.now)) / 1000) });
      await store.keep(answer, Date.now());
      phone.told("state");
      more = answer.more > 0;
    }
  }

  // --- photos ---------------------------------------------------------------------------------------------------------
  async function sendPhotos() {
    const ready = state.outbox.filter((op) => op.kind === "visit.photo" && op.state === "bytes");
    for (const op of ready) {
      await sendPhoto(op);
      const words = (await store.loadOutbox()).some((one) => one.state === "waiting" && one.tries === 0);
      if (words) await sendOps(); // what was written meanwhile does not wait for the next photo
    }
  }

  async function sendPhoto(op) {
    const row = await store.photo(op.id);
    if (!row) return store.drop(op.id);
    const bytes = await store.bytesOf(row);
    const path = "photos/" + op.id + "/";
    let told = await api.get(path);
    for (let begun = 0; told.status === "more" && begun < ROUNDS_OF_DIGEST; ) {
      told = await sendChunk(path, bytes, told.have, row.about.digest);
      phone.told("photo", { id: op.id, share: told.have / bytes.byteLength });
      if (told.code === "digest") begun += 1;
    }
    if (told.status === "done") await store.drop(op.id);
    if (told.status === "refused") await store.mark(op, { state: "refused", message: told.message });
    await store.loadOutbox();
    phone.told("outbox");
  }

  async function sendChunk(path, bytes, from, digest) {
    const chunk = bytes.slice(from, from + store.fact("photo").chunk);
    try {
      return await api.post(path, chunk, { "X-Offset": String(from), "X-Total": String(bytes.byteLength), "X-Digest": digest });
    } catch (error) {
      if (error.code !== "offset") throw error;
      return api.get(path);
    }
  }

  phone.sync = { run, trouble: () => trouble, busy: () => Boolean(running) };
})((self.phone = self.phone || {}));
