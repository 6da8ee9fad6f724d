// A visit in five taps: 走访, whom I met, whether I went in, which task, 保存. Everything is kept while it is written: a
// closed app, a dead battery or a call in between lose nothing.
(function (phone) {
  "use strict";

  const { h, t, store } = phone;
  const KEEP_AFTER = 300; // milliseconds without typing

  async function screen(id) {
    const home = phone.state.households.get(Number(id));
    if (!home) return phone.lost();
    const name = "visit:" + home.id;
    const draft = (await store.draft(name)) || fresh(home);
    const form = { home, name, draft, keep: keeper(name, draft) };
    return {
      title: t("走访{name}", { name: home.head }), back: "#/h/" + home.id, form: true,
      body: [when(form), met(form), entered(form), tasks(form), done(form), asks(form), photos(form), given(form), incomes(form), earlier(form), honest(), giveUp(form)],
      foot: [phone.button(t("保存"), () => save(form), { class: "button main wide", id: "save" })],
      leave: form.keep.now,
    };
  }

  function fresh(home) {
    return {
      key: phone.box.uuid(), household: home.id, on: phone.time.day(new Date()), started_at: phone.time.iso(new Date()),
      tasks: [], done: "", entered: false, met: [], met_note: "", position: null, no_position_why: "",
      given: [], ask: phone.freshAsk(), incomes: [],
    };
  }

  /** Writes the draft a moment after the last change; `now` writes at once. */
  function keeper(name, draft) {
    let bell = 0;
    const now = async () => {
      if (!bell) return;
      clearTimeout(bell);
      bell = 0;
      try {
        await store.keepDraft(name, draft);
      } catch (error) {
        phone.say(store.isFull(error) ? t("手机存储已满，请先删些照片或应用，再接着写。") : String(error), true);
      }
    };
    const soon = () => {
      clearTimeout(bell);
      bell = setTimeout(now, KEEP_AFTER);
    };
    soon.now = now;
    soon.stop = () => {
      clearTimeout(bell);
      bell = 0;
    };
    return soon;
  }

  function when({ draft, keep }) {
    return h("section", { class: "card" },
      h("p", {}, t("{day} {clock} 开始", { day: phone.dayName(draft.on), clock: draft.started_at.slice(11, 16) })),
      phone.place.line(draft, () => begun(draft) && keep()));
  }

  /** Whether there is anything to keep: who only looks at the form leaves no draft. */
  const begun = (draft) => Boolean(draft.met.length || draft.tasks.length || draft.done || draft.ask.text);

  function met({ home, draft, keep }) {
    const people = home.members.map((person) => ({ code: person.id, label: person.name })).concat(phone.codes("met"));
    const stranger = (codes) => codes.some((code) => typeof code === "string");
    const note = phone.field(t("说明一下"), phone.input("text", draft.met_note, (value) => { draft.met_note = value; keep(); }, { maxlength: "80" }));
    note.hidden = !stranger(draft.met);
    return h("div", {}, phone.chips(t("见到了谁"), people, { many: true, chosen: draft.met, change: (codes) => {
      draft.met = codes;
      note.hidden = !stranger(codes);
      keep();
    } }), note);
  }

  function entered({ draft, keep }) {
    return phone.chips(t("在哪里"), [{ code: true, label: t("进了家门") }], { many: true, chosen: [draft.entered], change: (codes) => {
      draft.entered = codes.length > 0;
      keep();
    } });
  }

  function tasks({ draft, keep }) {
    return phone.chips(t("做了哪项任务（六大任务）"), phone.codes("tasks"), { many: true, chosen: draft.tasks, change: (codes) => { draft.tasks = codes; keep(); } });
  }

  function done({ draft, keep }) {
    return phone.field(t("做了什么"), phone.area(draft.done, 600, (value) => { draft.done = value; keep(); }));
  }

  function asks({ draft, keep }) {
    const { ask } = draft;
    const more = h("div", { hidden: !ask.text }, phone.askKind(ask, keep)); // shown once there is a text
    const text = phone.area(ask.text, 400, (value) => { ask.text = value; more.hidden = !value; keep(); });
    return h("div", {}, phone.field(t("他们提了什么"), text), more);
  }

  // --- photos ---------------------------------------------------------------------------------------------------------
  function photos({ draft }) {
    const strip = h("div", { class: "strip" });
    const picker = h("input", { type: "file", accept: "image/*", capture: "environment", multiple: true, class: "over", id: "photos" });
    const draw = async () => {
      const rows = await store.photosOf(draft.key);
      const room = rows.length < store.fact("photo").per_visit;
      picker.disabled = !room;
      phone.fill(strip, await Promise.all(rows.map((row) => picture(row, draw))));
    };
    picker.addEventListener("change", async () => {
      for (const file of Array.from(picker.files)) await take(draft.key, file);
      picker.value = "";
      draw();
    });
    draw();
    return h("div", { class: "field" }, h("div", { class: "picker" }, picker, h("label", { class: "button wide", for: "photos" }, phone.icon("camera"), " ", t("拍照"))),
      h("p", { class: "hint" }, t("照片会缩小，只带时间和本次走访的位置，有信号时在文字之后发出。")), strip);
  }

  async function picture(row, draw) {
    const remove = phone.button(t("删除"), async () => { await store.dropPhoto(row.id); draw(); }, { class: "button small" });
    return h("div", {}, await phone.photos.thumb(row), remove);
  }

  async function take(key, file) {
    const kept = (await store.photosOf(key)).length;
    if (kept >= store.fact("photo").per_visit) return;
    try {
      await phone.photos.take(key, file);
    } catch (error) {
      phone.say(store.isFull(error) ? t("手机存储已满：文字都在，这张照片没有保存。") : t("这张照片打不开，没有保存。"), true);
    }
  }

  // --- what was given, what was earned ----------------------------------------------------------------------------------
  /** A list of rows that can grow. */
  function growing(title, list, blank, draw, keep) {
    const place = h("div", {});
    const all = () => phone.fill(place, list.map((one, at) => h("div", { class: "piece" }, draw(one),
      phone.button(t("去掉"), () => { list.splice(at, 1); keep(); all(); }, { class: "button small" }))));
    all();
    return phone.fold(title, list.length > 0, place, phone.button(t("添加一项"), () => { list.push(blank()); keep(); all(); place.lastChild.querySelector("select").focus(); }));
  }

  function given({ draft, keep }) {
    const goods = phone.codes("goods");
    const unit = (code) => phone.both(((phone.state.lists.goods || []).find((one) => one.code === code) || {}).unit);
    return growing(t("送了什么"), draft.given, () => ({ kind: (goods[0] || {}).code || "", quantity: "1", yuan: "", note: "" }), (one) => {
      const quantity = h("div", {});
      const draw = () => phone.fill(quantity, phone.field(t("数量（{unit}）", { unit: unit(one.kind) }), phone.money(one.quantity, (value) => { one.quantity = value; keep(); })));
      draw();
      return [
        phone.field(t("物资"), phone.select(goods, one.kind, (value) => { one.kind = value; draw(); keep(); })), quantity,
        phone.field(t("值多少元"), phone.money(one.yuan, (value) => { one.yuan = value; keep(); })),
      ];
    }, keep);
  }

  function incomes({ draft, keep }) {
    const channels = phone.codes("channels");
    return growing(t("收入有什么变化"), draft.incomes, () => ({ channel: (channels[0] || {}).code || "", yuan: "", note: "" }), (one) => [
      phone.field(t("哪类收入"), phone.select(channels, one.channel, (value) => { one.channel = value; keep(); })),
      phone.field(t("变化（元，减少写负数）"), phone.money(one.yuan, (value) => { one.yuan = value; keep(); })),
      phone.field(t("怎么来的"), phone.input("text", one.note, (value) => { one.note = value; keep(); }, { maxlength: "200" })),
    ], keep);
  }

  function earlier({ draft, keep }) {
    const today = phone.time.day(new Date());
    const on = phone.input("date", draft.on, (value) => { draft.on = value || today; move(); }, { max: today });
    const clock = phone.input("time", draft.started_at.slice(11, 16), () => move());
    const move = () => {
      draft.started_at = phone.time.iso(new Date(draft.on + "T" + (clock.value || "12:00") + ":00"));
      draft.late = draft.on !== today;
      if (draft.late) Object.assign(draft, { position: null, no_position_why: t("事后补记") });
      keep();
    };
    return phone.fold(t("不是今天的走访？"), draft.on !== today, phone.field(t("日期"), on), phone.field(t("开始时间"), clock));
  }

  /** The eight prohibitions stand where they apply (FIELD-6). */
  function honest() {
    const rules = phone.codes("prohibitions");
    return rules.length ? phone.fold(t("八个不准"), false, h("ul", {}, rules.map((rule) => h("li", {}, rule.label)))) : null;
  }

  /** Two presses throw the draft and its photos away. */
  function giveUp({ name, draft, home, keep }) {
    const press = async () => {
      if (!button.dataset.sure) {
        button.dataset.sure = "yes";
        button.textContent = t("再按一次，删掉这次走访");
        return;
      }
      keep.stop();
      for (const row of await store.photosOf(draft.key)) await store.dropPhoto(row.id);
      await store.dropDraft(name);
      phone.go("#/h/" + home.id, t("没有记这次走访。"));
    };
    const button = phone.button(t("不记这次走访"), press, { class: "button wide" });
    return button;
  }

  // --- saving ---------------------------------------------------------------------------------------------------------
  /** The first thing that is missing, as a sentence. */
  function missing(draft) {
    if (!draft.met.length) return t("请点一下见到了谁");
    if (!draft.tasks.length) return t("请点一下做了哪项任务");
    if (draft.given.some((one) => !(Number(one.quantity) > 0))) return t("请写送了多少");
    if (draft.incomes.some((one) => !Number(one.yuan))) return t("请写收入变化多少元");
    return "";
  }

  function bodyOf(draft) {
    const { key, ask, late, ...body } = draft;
    const amount = (text) => (String(text).trim() === "" ? null : String(text).trim());
    return Object.assign(body, {
      ended_at: late ? null : phone.time.iso(new Date()), replaces: null,
      no_position_why: draft.position ? "" : draft.no_position_why || t("没有等到位置"),
      given: draft.given.map((one) => Object.assign({}, one, { yuan: amount(one.yuan) })),
      asks: ask.text.trim() ? [Object.assign({}, ask, { text: ask.text.trim() })] : [],
    });
  }

  async function save(form) {
    const { name, draft, home } = form;
    const lacks = missing(draft);
    if (lacks) return phone.say(lacks, true);
    await form.keep.now();
    const pictures = (await store.photosOf(draft.key)).map((row) => ({
      id: row.id, kind: "visit.photo", body: { visit: draft.key, taken_at: row.about.takenAt, bytes: row.size, digest: row.about.digest },
    }));
    const kept = await phone.keep([{ id: draft.key, kind: "visit.record", body: bodyOf(draft) }, ...pictures], name);
    if (kept) phone.go("#/h/" + home.id, t("走访已保存在手机里，有信号时自动发出。"));
  }

  Object.assign(phone.screens, { visit: screen });
})((self.phone = self.phone || {}));
