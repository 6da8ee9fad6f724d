// My villages: who is posted there, and the attendance of the team (FIELD-2, FIELD-3): arriving and leaving, one tap each.
(function (phone) {
  "use strict";

  const { h, t, pending, named } = phone;
  const may = (what) => phone.state.me.may.includes(what);

  function screen() {
    const villages = phone.state.villages;
    return {
      title: t("我的村"),
      body: [
        may("service") ? phone.link(t("记农技服务"), "#/service", { class: "button wide" }) : null,
        may("inspect") ? [phone.link(t("记督查"), "#/inspection/inspection", { class: "button wide" }), phone.link(t("记蹲点调研"), "#/inspection/study", { class: "button wide" })] : null,
        villages.length || may("inspect") ? villages.map(one) : h("p", { class: "empty" }, t("还没有联系的村")),
      ],
    };
  }

  function one(village) {
    const today = phone.time.day(new Date());
    return h("section", { class: "card" },
      h("h2", {}, village.name),
      h("p", {}, [village.township, t("我的户{n}户", { n: village.households })].filter(Boolean).join(" · ")),
      may("attendance") ? attendance(village, today) : null,
      h("ul", { class: "plain" }, (village.posts || []).map((post) => h("li", {},
        h("strong", {}, named("posts", post.kind)), " ", post.name, " ",
        post.phone ? h("a", { href: "tel:" + post.phone }, post.phone) : null))),
    );
  }

  function attendance(village, today) {
    const mark = pending.attendanceOf(village.code, today);
    const clock = (iso) => (iso ? phone.time.clock(new Date(iso)) : "");
    const homes = pending.homesEntered(village.code, today);
    return h("div", { class: "attendance" },
      h("p", {}, !mark ? t("今天还没有签到") : mark.out_at ? t("今天{from}到村，{to}离村", { from: clock(mark.in_at), to: clock(mark.out_at) }) : t("今天{from}到村", { from: clock(mark.in_at) }),
        mark && mark.waiting ? h("span", { class: "tag" }, t("未发出")) : null),
      h("p", {}, t("今天走访了{n}户", { n: homes })),
      mark && !homes ? h("p", { class: "due" }, t("到了村还没有进过一户")) : null,
      h("div", { class: "buttons" },
        !mark ? phone.button(t("到村签到"), () => arrive(village, today), { class: "button main" }) : null,
        mark && !mark.out_at ? phone.button(t("离村"), () => depart(village, today, mark, false), { class: "button main" }) : null,
        mark && !mark.night ? phone.button(t("今晚住村"), () => depart(village, today, mark, true)) : null,
      ),
    );
  }

  async function arrive(village, today) {
    const told = await phone.place.here();
    const body = Object.assign({ village: village.code, on: today, in_at: phone.time.iso(new Date()), out_at: null, night: false, note: "" }, told);
    if (await phone.keep([{ kind: "attendance.mark", body: body }])) phone.go("#/village", t("已签到。"));
  }

  /** The day's mark again, with the time of leaving or the night; the position is that of arriving. */
  async function depart(village, today, mark, night) {
    const told = mark.position ? { position: mark.position, no_position_why: "" } : await phone.place.here();
    const body = Object.assign({
      village: village.code, on: today, in_at: mark.in_at, out_at: night ? mark.out_at : phone.time.iso(new Date()),
      night: night || Boolean(mark.night), note: mark.note || "",
    }, told);
    if (await phone.keep([{ kind: "attendance.mark", body: body }])) phone.go("#/village", night ? t("已记住村。") : t("已记离村。"));
  }

  Object.assign(phone.screens, { village: screen });
})((self.phone = self.phone || {}));
