// What technicians and leaders write down: a service in a village (PAIR-9), an inspection or an in-depth study (FIELD-2).
(function (phone) {
  "use strict";

  const { h, t } = phone;
  const foot = (save) => [phone.button(t("保存"), save, { class: "button main wide", id: "save" })];
  const villages = () => phone.state.villages.map((one) => ({ code: one.code, label: one.name }));
  /** Townships and villages to inspect, a village below its township. */
  const places = () => phone.state.places.map((one) => {
    const above = phone.state.places.find((other) => other.code === one.parent);
    return { code: one.code, label: above ? above.name + " · " + one.name : one.name };
  });
  const today = () => phone.time.day(new Date());

  function service() {
    const form = {
      village: (villages()[0] || {}).code || "", on: today(), days: "0.5", topic: (phone.codes("topics")[0] || {}).code || "",
      households: [], people: 1, done: "", position: null, no_position_why: "",
    };
    const homes = h("div", {});
    const draw = () => phone.fill(homes, homesOf(form));
    draw();
    return { title: t("农技服务"), back: "#/village", form: true, foot: foot(() => saveService(form)), body: [
      phone.place.line(form, () => undefined),
      phone.field(t("哪个村"), phone.select(villages(), form.village, (value) => { form.village = value; form.households = []; draw(); })),
      phone.chips(t("用了多长时间"), [{ code: "0.5", label: t("半天") }, { code: "1", label: t("一天") }], { chosen: [form.days], change: ([code]) => (form.days = code) }),
      phone.field(t("服务内容"), phone.select(phone.codes("topics"), form.topic, (value) => (form.topic = value))),
      homes,
      phone.field(t("有多少人参加"), phone.input("number", form.people, (value) => (form.people = Number(value)), { min: "0", inputmode: "numeric" })),
      phone.field(t("做了什么"), phone.area("", 600, (value) => (form.done = value))),
    ] };
  }

  function homesOf(form) {
    const all = Array.from(phone.state.households.values()).filter((home) => home.village === form.village);
    if (!all.length) return null;
    return phone.fold(t("去了哪些户"), false, phone.chips(t("去了哪些户"), all.map((home) => ({ code: home.id, label: home.head })), {
      many: true, bare: true, chosen: form.households, change: (codes) => (form.households = codes),
    }));
  }

  async function saveService(form) {
    if (!form.done.trim()) return phone.say(t("请写做了什么"), true);
    const { no_position_why, ...body } = form;
    if (await phone.keep([{ kind: "service.record", body: body }])) phone.go("#/village", t("农技服务已保存。"));
  }

  // --- leaders ----------------------------------------------------------------------------------------------------------
  function inspection(kind) {
    const form = { kind: kind, area: (places()[0] || {}).code || "", on: today(), found: "", decided: [], position: null, no_position_why: "", note: "" };
    const place = h("div", {});
    const draw = () => phone.fill(place, form.decided.map((one, at) => h("div", { class: "piece" },
      phone.field(t("定了什么事"), phone.input("text", one.what, (value) => (one.what = value), { maxlength: "200" })),
      phone.field(t("谁来办"), phone.input("text", one.who, (value) => (one.who = value), { maxlength: "100" })),
      phone.field(t("什么时候办完"), phone.input("date", one.due, (value) => (one.due = value || null))),
      phone.button(t("去掉"), () => { form.decided.splice(at, 1); draw(); }, { class: "button small" }))));
    const add = () => {
      form.decided.push({ what: "", who: "", due: null });
      draw();
      place.lastChild.querySelector("input").focus();
    };
    return { title: kind === "study" ? t("蹲点调研") : t("督查"), back: "#/village", form: true, foot: foot(() => saveInspection(form)), body: [
      phone.place.line(form, () => undefined),
      phone.field(t("哪里"), phone.select(places(), form.area, (value) => (form.area = value))),
      phone.field(t("看到了什么"), phone.area("", 600, (value) => (form.found = value))),
      place, phone.button(t("添加定下的事"), add),
    ] };
  }

  async function saveInspection(form) {
    if (!form.found.trim()) return phone.say(t("请写看到了什么"), true);
    const { no_position_why, ...body } = form;
    body.decided = form.decided.filter((one) => one.what.trim());
    if (await phone.keep([{ kind: "inspection.record", body: body }])) phone.go("#/village", t("已保存。"));
  }

  Object.assign(phone.screens, { service, inspection });
})((self.phone = self.phone || {}));
