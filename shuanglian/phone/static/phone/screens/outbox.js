// What waits on this phone, what the server refused, and where two people changed the same thing.
(function (phone) {
  "use strict";

  const { h, t, store, pending } = phone;

  const KINDS = () => ({
    "visit.record": t("走访"), "visit.photo": t("照片"), "attendance.mark": t("考勤"), "service.record": t("农技服务"),
    "inspection.record": t("督查调研"), "ask.raise": t("诉求"), "household.edit": t("改信息"), "plan.progress": t("计划进展"),
    "plan.agree": t("计划签字"), "conflict.settle": t("冲突处理"),
  });

  function screen() {
    const { outbox, others } = phone.state;
    const refused = outbox.filter((op) => op.state === "refused");
    const waiting = outbox.filter((op) => op.state !== "refused");
    const open = pending.conflicts();
    return {
      title: t("待发"),
      body: [
        h("p", { id: "sent" }, standing(waiting.length)),
        phone.button(t("现在就发"), () => phone.sync.run(), { class: "button main wide", disabled: phone.sync.busy() }),
        open.length ? [h("h2", {}, t("两个人改了同一处")), open.map(conflict)] : null,
        refused.length ? [h("h2", {}, t("没有收下")), h("ul", { class: "rows" }, refused.map(refusedRow))] : null,
        waiting.length ? [h("h2", {}, t("等待发出")), h("ul", { class: "rows" }, waiting.map(waitingRow))] : null,
        others ? h("p", { class: "hint" }, t("另有{n}条是别人在这部手机上留下的，封存着，本人登录后才能发出。", { n: others })) : null,
      ],
    };
  }

  function standing(count) {
    const contact = store.fact("contact");
    return [count ? t("还有{n}条没有发出。", { n: count }) : t("全部发出了。"), " ",
      contact ? t("上次联系：{when}", { when: phone.momentName(new Date(contact).toISOString()) }) : ""].join("");
  }

  /** What it is about, in a few words. */
  function about(op) {
    const { body } = op;
    const visit = op.kind === "visit.photo" && phone.state.outbox.find((one) => one.id === body.visit);
    const home = phone.state.households.get(body.household || (visit ? visit.body.household : 0));
    const village = phone.state.villages.find((one) => one.code === (body.village || body.area));
    return [KINDS()[op.kind] || op.kind, home ? home.head : "", village ? village.name : ""].filter(Boolean).join(" · ");
  }

  function waitingRow(op) {
    return h("li", { class: "piece", "data-op": op.id },
      h("strong", {}, about(op)), h("span", {}, phone.momentName(op.at)),
      op.message ? h("span", { class: "due" }, op.message) : null,
      op.kind === "visit.record" && op.tries === 0 ? phone.button(t("改"), () => reopen(op), { class: "button small" }) : null,
    );
  }

  function refusedRow(op) {
    return h("li", { class: "piece", "data-op": op.id },
      h("strong", {}, about(op)), h("span", {}, phone.momentName(op.at)), h("p", { class: "due" }, op.message),
      h("div", { class: "buttons" },
        op.kind === "visit.record" ? phone.button(t("改好再发"), () => reopen(op), { class: "button small" }) : null,
        phone.button(t("知道了，删掉"), () => remove(op), { class: "button small" })),
    );
  }

  /** Back into a draft: under its own key when it was never sent, else under a new one. */
  async function reopen(op) {
    const key = op.state === "refused" ? phone.box.uuid() : op.id;
    const name = "visit:" + op.body.household;
    const [ask] = op.body.asks;
    const draft = Object.assign({}, op.body, { key: key, ask: ask || phone.freshAsk() });
    draft.given = op.body.given.map((one) => Object.assign({}, one, { yuan: one.yuan === null ? "" : one.yuan }));
    const photos = phone.state.outbox.filter((one) => one.kind === "visit.photo" && one.body.visit === op.id);
    await store.keepDraft(name, draft);
    await store.takeBack(op.id, photos.map((one) => one.id), key);
    phone.go("#/h/" + op.body.household + "/visit");
  }

  async function remove(op) {
    const photos = phone.state.outbox.filter((one) => one.kind === "visit.photo" && one.body.visit === op.id);
    for (const one of [op, ...photos]) await store.drop(one.id);
    await store.loadOutbox();
    phone.redraw();
  }

  // --- conflicts --------------------------------------------------------------------------------------------------------
  const shown = (value) => (value && typeof value === "object" ? value.lon + "，" + value.lat : value || t("（空）"));

  function conflict(one) {
    let chosen = null;
    const [mine, theirs] = [{ who: one.mine_by, value: shown(one.mine) }, { who: one.by, value: shown(one.theirs) }];
    const choices = [
      { code: "mine", label: one.own === false ? t("{who}填的：{value}", mine) : t("我填的：{value}", mine) },
      { code: "theirs", label: one.by ? t("{who}填的：{value}", theirs) : t("档案里的：{value}", theirs) },
    ];
    const base = one.version ? { [one.field]: one.version } : null;
    const save = async () => {
      if (!chosen) return phone.say(t("请选一个"), true);
      if (await phone.keep([{ kind: "conflict.settle", base: base, body: { conflict: one.id, value: one[chosen] } }])) phone.go("#/outbox", t("已选定。"));
    };
    return h("section", { class: "card", "data-conflict": one.id },
      phone.chips([one.head, phone.named("fields", one.field)].filter(Boolean).join(" · "), choices, { chosen: [], change: ([code]) => (chosen = code) }),
      one.at ? h("p", { class: "hint" }, t("对方改于{when}", { when: phone.momentName(one.at) })) : null,
      phone.button(t("就用选的这个"), save, { class: "button main" }));
  }

  Object.assign(phone.screens, { outbox: screen });
})((self.phone = self.phone || {}));
