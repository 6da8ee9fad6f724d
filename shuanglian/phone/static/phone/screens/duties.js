// My duties: what is done and what is due (FIELD-2), as the server last counted it, with what still waits here.
(function (phone) {
  "use strict";

  const { h, t } = phone;

  function screen() {
    const duties = phone.state.duties;
    const waiting = phone.state.outbox.filter((op) => /record$|mark$/.test(op.kind) && op.state === "waiting").length;
    return {
      title: t("我的任务"),
      body: [
        waiting ? h("p", { class: "hint" }, t("手机里还有{n}条没有发出，发出后才计入。", { n: waiting })) : null,
        duties.length ? duties.map(one) : h("p", { class: "empty" }, t("没有给您定的任务")),
      ],
    };
  }

  function one(duty) {
    const [done, need] = [Number(duty.done), Number(duty.need)];
    return h("section", { class: "card" },
      h("h2", {}, phone.both(duty.label)),
      h("p", { class: done < need ? "due" : "" }, t("已做{done}，要做{need}{unit}", { done: duty.done, need: duty.need, unit: phone.both(duty.unit) })),
      h("progress", { max: String(need || 1), value: String(Math.min(done, need)), "aria-label": phone.both(duty.label) }),
      duty.until ? h("p", {}, t("截至{day}", { day: phone.dayName(duty.until) })) : null,
    );
  }

  Object.assign(phone.screens, { duties: screen });
})((self.phone = self.phone || {}));
