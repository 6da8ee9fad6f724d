// Small forms about a household: a demand, a correction, progress of a measure, the signature below a plan.
(function (phone) {
  "use strict";

  const { h, t } = phone;

  /** A demand not written yet. */
  phone.freshAsk = () => {
    const kinds = phone.codes("ask_categories").map((one) => one.code);
    return { text: "", category: kinds.includes("other") ? "other" : kinds[0] || "", urgent: false };
  };

  /** Kind and urgency of a demand; also part of a visit. */
  phone.askKind = (ask, changed) => [
    phone.field(t("哪一类"), phone.select(phone.codes("ask_categories"), ask.category, (value) => { ask.category = value; changed(); })),
    phone.chips(t("急不急"), [{ code: true, label: t("很急") }], { many: true, bare: true, chosen: [ask.urgent], change: (codes) => {
      ask.urgent = codes.length > 0;
      changed();
    } }),
  ];

  const homeOf = (id) => phone.state.households.get(Number(id));
  const foot = (save) => [phone.button(t("保存"), save, { class: "button main wide", id: "save" })];

  function ask(id) {
    const home = homeOf(id);
    if (!home) return phone.lost();
    const form = Object.assign({ household: home.id, village: null, visit: null }, phone.freshAsk());
    const save = async () => {
      if (!form.text.trim()) return phone.say(t("请写他们提了什么"), true);
      if (await phone.keep([{ kind: "ask.raise", body: form }])) phone.go("#/h/" + id, t("诉求已保存。"));
    };
    const text = phone.area("", 400, (value) => (form.text = value));
    return { title: t("{name}的诉求", { name: home.head }), back: "#/h/" + id, form: true, foot: foot(save),
      body: [phone.field(t("他们提了什么"), text), phone.askKind(form, () => undefined)] };
  }

  // --- correcting the file --------------------------------------------------------------------------------------------
  function edit(id) {
    const home = homeOf(id);
    if (!home || home.brief) return phone.lost();
    const seen = phone.pending.edited(home);
    const changed = {};
    const fields = (phone.state.lists.fields || []).map((field) => {
      if (field.kind === "position") return homePlace(field.code, changed);
      const before = seen[field.code] || "";
      const write = (value) => { if (value.trim() === before) delete changed[field.code]; else changed[field.code] = value.trim(); };
      return phone.field(phone.both(field), phone.input(field.kind === "telephone" ? "tel" : "text", before, write));
    });
    const save = async () => {
      const names = Object.keys(changed);
      if (!names.length) return phone.say(t("没有改动"), true);
      const base = {};
      names.forEach((name) => (base[name] = home.versions[name]));
      if (await phone.keep([{ kind: "household.edit", base: base, body: { household: home.id, fields: changed } }])) phone.go("#/h/" + id, t("改动已保存。"));
    };
    return { title: t("改{name}的信息", { name: home.head }), back: "#/h/" + id, form: true, body: [fields], foot: foot(save) };
  }

  /** The home's position is where the phone is now. */
  function homePlace(name, changed) {
    const said = h("p", { class: "hint" }, t("站在家门口时按一下，记下这户的位置。"));
    const press = async () => {
      said.textContent = t("正在取位置…");
      const found = await phone.place.here();
      if (found.position) changed[name] = { lon: found.position.lon, lat: found.position.lat };
      said.textContent = found.position ? t("位置已取，误差约{acc}米", { acc: found.position.acc }) : t("没有位置：{why}", { why: found.no_position_why });
    };
    return h("div", { class: "field" }, phone.button([phone.icon("pin"), " ", t("家就在这里")], press), said);
  }

  // --- the plan -------------------------------------------------------------------------------------------------------
  function progress(id, measureId) {
    const home = homeOf(id);
    const measure = home && home.plan && home.plan.measures.find((one) => one.id === Number(measureId));
    if (!measure) return phone.lost();
    const form = { measure: measure.id, on: phone.time.day(new Date()), quantity: "1", note: "", visit: null };
    const words = (label) => (label && typeof label === "object" ? phone.both(label) : label);
    const save = async () => {
      if (!Number(form.quantity)) return phone.say(t("请写做到多少"), true);
      if (await phone.keep([{ kind: "plan.progress", body: form }])) phone.go("#/h/" + id, t("进展已保存。"));
    };
    return { title: t("记进展：{what}", { what: words(measure.label) }), back: "#/h/" + id, form: true, foot: foot(save), body: [
      phone.field(t("这次新做到（{unit}）", { unit: words(measure.unit) }), phone.money(form.quantity, (value) => (form.quantity = value.trim()))),
      phone.field(t("说明"), phone.area("", 300, (value) => (form.note = value))),
    ] };
  }

  function agree(id) {
    const home = homeOf(id);
    if (!home || !home.plan) return phone.lost();
    const pad = padOf();
    const save = async () => {
      if (!pad.signed()) return phone.say(t("请先签字"), true);
      const body = { plan: home.plan.id, how: "signature", image: pad.image() };
      if (await phone.keep([{ kind: "plan.agree", body: body }])) phone.go("#/h/" + id, t("签字已保存。"));
    };
    return { title: t("{name}同意帮扶计划", { name: home.head }), back: "#/h/" + id, form: true, foot: foot(save), body: [
      h("p", {}, t("请把计划念给户主听，同意就在下面用手指签字。")), pad.canvas, phone.button(t("擦掉重签"), pad.clear),
    ] };
  }

  /** A place to sign with a finger. */
  function padOf() {
    const canvas = h("canvas", { width: "640", height: "320", class: "pad", role: "img", "aria-label": t("签字处") });
    const pen = canvas.getContext("2d");
    let strokes = 0;
    const clear = () => {
      strokes = 0;
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, canvas.width, canvas.height);
      Object.assign(pen, { lineWidth: 5, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
    };
    const at = (event) => {
      const box = canvas.getBoundingClientRect();
      return [((event.clientX - box.left) * canvas.width) / box.width, ((event.clientY - box.top) * canvas.height) / box.height];
    };
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      pen.beginPath();
      pen.moveTo(...at(event));
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!canvas.hasPointerCapture(event.pointerId)) return;
      strokes += 1;
      pen.lineTo(...at(event));
      pen.stroke();
    });
    clear();
    return { canvas, clear, signed: () => strokes > 3, image: () => canvas.toDataURL("image/png").split(",")[1] };
  }

  Object.assign(phone.screens, { ask, edit, progress, agree });
})((self.phone = self.phone || {}));
