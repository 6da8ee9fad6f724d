// Who uses this phone, in which language, how full it is, and the way out. Also the first page, before the log-in.
(function (phone) {
  "use strict";

  const { h, t, store } = phone;

  function screen() {
    const { me } = phone.state;
    const room = h("p", {});
    tellRoom(room);
    return {
      title: t("我"),
      body: [
        h("section", { class: "card" }, h("h2", {}, me.name), h("p", {}, me.role_label || ""), language()),
        h("section", { class: "card" }, h("h2", {}, t("这部手机")),
          h("p", {}, t("没有联系满{n}天，手机里的数据会自动清除。", { n: store.fact("days") })), room, clockNote()),
        prohibitions(),
        h("section", { class: "card" }, h("h2", {}, t("退出")),
          h("p", {}, phone.state.outbox.length
            ? t("还有{n}条没有发出。退出后它们封存在手机里，您再登录时才能发出。", { n: phone.state.outbox.length })
            : t("退出后手机里的户情立刻打不开。")),
          phone.button(t("退出登录"), () => phone.leave(), { class: "button wide", id: "leave" })),
      ],
    };
  }

  function language() {
    const options = Object.entries(phone.words.LANGUAGES).map(([code, label]) => ({ code, label }));
    return phone.chips(t("语言"), options, { chosen: [phone.words.language()], change: ([code]) => phone.speak(code) });
  }

  async function tellRoom(place) {
    if (!navigator.storage || !navigator.storage.estimate) return;
    const { usage, quota } = await navigator.storage.estimate();
    place.textContent = t("已用{used} MB，还能用{free} MB", { used: Math.ceil(usage / 1e6), free: Math.floor((quota - usage) / 1e6) });
  }

  function clockNote() {
    const ahead = store.fact("clockAhead") || 0;
    return Math.abs(ahead) > 300 ? h("p", { class: "due" }, t("手机的时间差了{n}分钟，请校准。", { n: Math.round(Math.abs(ahead) / 60) })) : null;
  }

  /** The eight prohibitions (FIELD-6). */
  function prohibitions() {
    const rules = phone.codes("prohibitions");
    return rules.length ? h("section", { class: "card" }, h("h2", {}, t("八个不准")), h("ul", {}, rules.map((rule) => h("li", {}, rule.label)))) : null;
  }

  /** Before anybody is logged in. */
  function start(why) {
    return {
      title: t("双联手机端"), bare: true,
      body: [
        h("section", { class: "card" }, h("p", {}, why || t("登录以后，您联系的户就在手机里，没有信号也能看、能记。")),
          phone.link(t("登录"), "/accounts/login/?next=/phone/", { class: "button main wide" }),
          phone.button(t("我已登录，继续"), () => phone.begin(), { class: "button wide" })),
        h("section", { class: "card" }, language()),
      ],
    };
  }

  Object.assign(phone.screens, { me: screen, start });
})((self.phone = self.phone || {}));
