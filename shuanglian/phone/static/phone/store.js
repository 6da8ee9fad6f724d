// The store on the phone (IndexedDB through Dexie). In the clear stand only facts of the phone itself; households, lists,
// drafts, operations and photos are sealed (box.js). Operations stay until the server has confirmed them.
(function (phone) {
  "use strict";

  const DAY = 86400000;
  const BALLAST = 32; // pieces of 64 kB, given back when the disk is full, so that words always find room
  const ATTEMPTS = 10;
  const SECOND = 1000;
  let givenBack = 0; // when the ballast went
  const PIECE = 65536; // bytes: as much as the browser's generator gives at a time
  const db = new Dexie("shuanglian-phone");
  db.version(1).stores({
    facts: "name", // install, device, user, key, days, contact, latest, cursor, seq, language, settings
    sealed: "id", // "me", "lists", "household:31" …
    outbox: "id, seq, user",
    photos: "id, user, owner", // owner: the key of the visit they belong to, from the draft on
    drafts: "id, user",
  });

  /** Facts in memory. @type {Record<string, any>} */
  let facts = {};

  /** What the screens show, unsealed. */
  const state = empty();

  function empty() {
    return {
      me: null, households: new Map(), villages: [], posts: [], attendance: [], places: [], duties: [], conflicts: [],
      lists: {}, outbox: [], drafts: new Set(), others: 0,
    };
  }

  // --- facts ----------------------------------------------------------------------------------------------------------
  async function readFacts() {
    facts = {};
    (await db.facts.toArray()).forEach((row) => (facts[row.name] = row.value));
    if (!facts.install) await note({ install: phone.box.uuid() });
    return facts;
  }

  /** @param {Record<string, any>} changed */
  async function note(changed) {
    Object.assign(facts, changed);
    await db.facts.bulkPut(Object.keys(changed).map((name) => ({ name: name, value: changed[name] })));
  }

  const fact = (name) => facts[name];
  const enrolled = () => Boolean(facts.key);

  /** Days without contact; a clock that was set back does not make a phone younger. */
  function daysAlone(now) {
    return (Math.max(now, facts.latest || 0) - (facts.contact || 0)) / DAY;
  }

  /** Whether the phone was alone too long; remembers the latest hour it has seen. @param {number} now */
  async function expired(now) {
    if (!enrolled()) return false;
    if (now > (facts.latest || 0)) await note({ latest: now });
    return daysAlone(now) > facts.days;
  }

  // --- coming and going -----------------------------------------------------------------------------------------------
  /** Take in what `enrol` answered. What another person left here sealed stays; his copies of households go. */
  async function enrol(answer, now) {
    const key = await phone.box.keyFrom(answer.key);
    if (facts.user !== answer.user.id) await forget();
    await note({
      device: answer.device, user: answer.user.id, key: key, days: answer.days, contact: now, latest: now,
      batch: answer.batch, photo: answer.photo, token: answer.token ? await phone.box.seal(key, "token", answer.token) : null,
    });
    await write("me", answer.user);
    await keepBallast();
  }

  /** Key first, then every copy. Unsent operations and photos stay as ciphertext that nobody here can open. */
  async function forget() {
    await db.facts.bulkDelete(["key", "cursor", "token", "ballast"]);
    ["key", "cursor", "token", "ballast"].forEach((name) => delete facts[name]);
    await db.sealed.clear();
    Object.assign(state, empty());
  }

  /** Random bytes: zeros would be stored as next to nothing. */
  async function keepBallast() {
    if (facts.ballast) return;
    const bytes = new Uint8Array(BALLAST * PIECE);
    for (let at = 0; at < bytes.length; at += PIECE) crypto.getRandomValues(bytes.subarray(at, at + PIECE));
    try {
      await note({ ballast: bytes });
    } catch (error) {
      delete facts.ballast;
    }
  }

  /** Write; when the disk is full give the ballast back and write again. The browser needs some seconds until what was
   * given back counts as free. */
  async function surely(write) {
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await write();
      } catch (error) {
        if (!isFull(error) || attempt === ATTEMPTS || !(await giveBack())) throw error;
        await new Promise((done) => setTimeout(done, SECOND));
      }
    }
  }

  /** Whether there is hope: the ballast went just now, or a moment ago. */
  async function giveBack() {
    if (facts.ballast) {
      delete facts.ballast;
      await db.facts.delete("ballast");
      givenBack = Date.now();
    }
    return Date.now() - givenBack < 2 * ATTEMPTS * SECOND;
  }

  /** @param {any} error */
  function isFull(error) {
    const inner = (error && error.inner) || {};
    return [error && error.name, inner.name].includes("QuotaExceededError") || /quota/i.test(String(error && error.message));
  }

  // --- what the server told --------------------------------------------------------------------------------------------
  async function write(id, value) {
    await db.sealed.put(Object.assign({ id: id }, await phone.box.seal(facts.key, id, value)));
  }

  const SECTIONS = ["villages", "posts", "attendance", "places", "duties", "conflicts", "lists"];

  /** What screens may ask of a household that came briefly: its line of the list, the rest is on its way. */
  const blank = () => ({
    number: "", address: "", phone: "", members: [], cause: "", causes: [], need: null, lon: null, lat: null, income: null,
    wish: "", loan_need: "", plan: null, visits: [], asks: [], versions: {}, paired_since: null, brief: true,
  });
  const homesOf = (answer) => (answer.households || []).concat((answer.brief || []).map((home) => Object.assign(blank(), home)));

  /** Keep an answer of `state`, all of it or nothing. Sealing comes first: a transaction does not wait for it. */
  async function keep(answer, now) {
    const pieces = homesOf(answer).map((home) => ["household:" + home.id, home]);
    SECTIONS.filter((name) => name in answer).forEach((name) => pieces.push([name, answer[name]]));
    const rows = await Promise.all(
      pieces.map(async ([id, value]) => Object.assign({ id: id }, await phone.box.seal(facts.key, id, value))),
    );
    const told = { cursor: answer.cursor, contact: now, latest: now, days: answer.days || facts.days };
    await db.transaction("rw", db.sealed, db.facts, async () => {
      if (answer.full) await db.sealed.where("id").startsWith("household:").delete();
      await db.sealed.bulkDelete((answer.gone || []).map((id) => "household:" + id));
      await db.sealed.bulkPut(rows);
      await note(told);
    });
    show(answer, answer.full);
  }

  /** Into memory what just came. */
  function show(answer, full) {
    if (full) state.households.clear();
    (answer.gone || []).forEach((id) => state.households.delete(id));
    homesOf(answer).forEach((home) => state.households.set(home.id, home));
    SECTIONS.filter((name) => name in answer).forEach((name) => (state[name] = answer[name]));
  }

  /** Unseal everything for the screens. */
  async function load() {
    const rows = await db.sealed.toArray();
    const values = await Promise.all(rows.map((row) => phone.box.open(facts.key, row.id, row)));
    Object.assign(state, empty());
    rows.forEach((row, at) => {
      if (row.id.startsWith("household:")) state.households.set(values[at].id, values[at]);
      else state[row.id] = values[at];
    });
    await loadOutbox();
    state.drafts = new Set(await db.drafts.where("user").equals(facts.user).primaryKeys());
  }

  // --- the outbox -----------------------------------------------------------------------------------------------------
  /** @typedef {{id: string, seq: number, kind: string, at: string, base: any, body: any, state: string, tries: number, message: string}} Op */

  /** Keep operations for sending; they are there for good when this returns, all of them or none, and the draft that they
   * were made from is gone. Rows with photos are not touched: on a full disk there is no room to write them again.
   * @param {{kind: string, body: any, id?: string, base?: any}[]} ops @param {string} [draft] @returns {Promise<void>} */
  async function put(ops, draft) {
    const at = phone.time.iso(new Date());
    const rows = await Promise.all(ops.map(async (given) => {
      const op = Object.assign({ id: phone.box.uuid(), base: null, at: at, message: "" }, given);
      const sealed = await phone.box.seal(facts.key, op.id, op);
      return Object.assign({ id: op.id, user: facts.user, kind: op.kind, state: "waiting", tries: 0 }, sealed);
    }));
    await surely(() => db.transaction("rw", db.outbox, db.facts, db.drafts, async () => {
      const last = (await db.facts.get("seq")) || { value: 0 };
      rows.forEach((row, place) => (row.seq = last.value + 1 + place));
      await note({ seq: last.value + rows.length });
      await db.outbox.bulkPut(rows);
      if (draft) await db.drafts.delete(draft);
    }));
    if (draft) state.drafts.delete(draft);
    await loadOutbox();
  }

  /** @returns {Promise<Op[]>} the person's own, oldest first; others' are only counted */
  async function loadOutbox() {
    const rows = await db.outbox.orderBy("seq").toArray();
    const own = rows.filter((row) => row.user === facts.user);
    state.others = rows.length - own.length;
    state.outbox = await Promise.all(own.map(async (row) => Object.assign(await phone.box.open(facts.key, row.id, row), {
      seq: row.seq, state: row.state, tries: row.tries,
    })));
    return state.outbox;
  }

  /** Another state of an operation, with the server's sentence. */
  async function mark(op, changed) {
    const now = Object.assign({}, op, changed);
    const sealed = await phone.box.seal(facts.key, op.id, { id: op.id, kind: op.kind, at: op.at, base: op.base, body: op.body, message: now.message || "" });
    await db.outbox.update(op.id, Object.assign({ state: now.state, tries: now.tries }, sealed));
  }

  /** Note that these are on their way: from now on their content is not changed any more. @param {string[]} ids */
  const tried = (ids) => db.outbox.where("id").anyOf(ids).modify((row) => { row.tries += 1; });

  /** Out of the outbox: the server has it, or the person has seen that it was refused. */
  async function drop(id) {
    await db.transaction("rw", db.outbox, db.photos, async () => {
      await db.outbox.delete(id);
      await db.photos.delete(id);
    });
  }

  /** A visit that becomes a draft again, under `key`. Under a new key its photos get new ids too: the old ones may be
   * known to the server. @param {string[]} photos ids of its photo operations */
  async function takeBack(id, photos, key) {
    for (const row of key === id ? [] : (await db.photos.bulkGet(photos)).filter(Boolean)) {
      await keepPhoto(key, await bytesOf(row), row.about);
      await db.photos.delete(row.id);
    }
    await db.outbox.bulkDelete([id, ...photos]);
    await loadOutbox();
  }

  // --- drafts and photos ----------------------------------------------------------------------------------------------
  async function keepDraft(id, draft) {
    const sealed = await phone.box.seal(facts.key, id, draft);
    await surely(() => db.drafts.put(Object.assign({ id: id, user: facts.user }, sealed)));
    state.drafts.add(id);
  }

  async function draft(id) {
    const row = await db.drafts.get(id);
    return row && row.user === facts.user ? phone.box.open(facts.key, id, row) : null;
  }

  async function dropDraft(id) {
    state.drafts.delete(id);
    await db.drafts.delete(id);
  }

  /** @param {string} owner @param {ArrayBuffer} bytes @param {object} about takenAt, digest */
  async function keepPhoto(owner, bytes, about) {
    const id = phone.box.uuid();
    const sealed = await phone.box.sealBytes(facts.key, id, bytes);
    await db.photos.put(Object.assign({ id: id, user: facts.user, owner: owner, about: about, size: bytes.byteLength }, sealed));
    return id;
  }

  const photosOf = (owner) => db.photos.where("owner").equals(owner).toArray();
  const photo = (id) => db.photos.get(id);
  const dropPhoto = (id) => db.photos.delete(id);
  const bytesOf = (row) => phone.box.openBytes(facts.key, row.id, row);
  const token = async () => (facts.token ? phone.box.open(facts.key, "token", facts.token) : "");

  phone.state = state;
  phone.store = {
    db, readFacts, note, fact, enrolled, expired, daysAlone, enrol, forget, isFull, keep, load, put, loadOutbox, mark, tried,
    drop, takeBack, keepDraft, draft, dropDraft, keepPhoto, photosOf, photo, dropPhoto, bytesOf, token, keepBallast,
  };
})((self.phone = self.phone || {}));
