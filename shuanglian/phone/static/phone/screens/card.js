// One household: whom to ring, who lives there, the plan, what they asked, the last visits.
(function (phone) {
  "use strict";

  const { h, t, pending, named } = phone;
  const has = (what) => phone.state.me.may.includes(what);

  function screen(id) {
    const home = phone.state.households.get(Number(id));
    if (!home) return phone.lost();
    const seen = pending.edited(home);
    return {
      title: seen.head, back: "#/",
      body: seen.brief ? [top(seen), asks(seen), visits(seen)] : [top(seen), people(seen), plan(seen), asks(seen), visits(seen), more(seen)],
    };
  }

  function top(home) {
    const at = "#/h/" + home.id;
    const days = pending.daysSince(home);
    return h("section", { class: "card" },
      h("p", {}, [home.village_name, home.group, home.address].filter(Boolean).join(" · ")),
      h("p", { class: days === null ? "due" : "" }, days === null ? t("还没有走访过") : days === 0 ? t("今天走访过") : t("{n}天前走访", { n: days })),
      home.brief ? h("p", { class: "tag", id: "brief" }, t("其余资料还在路上，先可以记走访")) : null,
      home.waiting.length ? h("p", { class: "tag" }, t("有改动还没有发出")) : null,
      h("div", { class: "buttons" },
        has("visit") ? phone.link(t("走访"), at + "/visit", { class: "button main" }) : null,
        home.phone ? phone.link([phone.icon("phone"), " ", home.phone], "tel:" + home.phone) : null,
        has("ask") ? phone.link(t("记诉求"), at + "/ask") : null,
        has("edit") && !home.brief ? phone.link(t("改信息"), at + "/edit") : null,
      ),
    );
  }

  const block = (title, kids) => h("section", { class: "card" }, h("h2", {}, title), kids);

  function people(home) {
    return block(t("家里的人（{n}口）", { n: home.size }), h("ul", { class: "plain" }, home.members.map((person) => h("li", {},
      h("strong", {}, person.name), " ",
      [named("relation", person.relation), person.age === null ? "" : t("{n}岁", { n: person.age }), named("labour", person.labour),
        (person.health || []).map((code) => named("health", code)).join("、")].filter(Boolean).join(" · "),
      person.phone ? [" ", h("a", { href: "tel:" + person.phone }, person.phone)] : null,
    ))));
  }

  function plan(home) {
    if (!home.plan) return block(t("帮扶计划"), h("p", {}, t("还没有今年的帮扶计划")));
    const { plan } = home;
    return block(t("{year}年帮扶计划", { year: plan.year }), [
      h("p", {}, t("人均收入{now}元，目标{target}元", { now: plan.now, target: plan.target })),
      Number(plan.gap) > 0 ? h("p", { class: "due" }, t("措施还差{gap}元", { gap: plan.gap })) : null,
      h("ul", { class: "plain" }, plan.measures.map((measure) => h("li", {},
        h("span", {}, t("{what}：已做{done}，要做{need}{unit}", {
          what: label(measure.label), done: pending.doneOf(measure), need: measure.need, unit: label(measure.unit),
        })),
        has("plan") ? phone.link(t("记进展"), "#/h/" + home.id + "/progress/" + measure.id, { "aria-label": t("记进展：{what}", { what: label(measure.label) }) }) : null,
      ))),
      has("plan") && plan.state !== "agreed" && plan.state !== "approved" && !agreed(plan)
        ? phone.link(t("请户主签字同意"), "#/h/" + home.id + "/agree", { class: "button main" }) : null,
      agreed(plan) ? h("p", { class: "tag" }, t("签字还没有发出")) : null,
    ]);
  }

  /** A text, or one in both languages. */
  const label = (words) => (words && typeof words === "object" ? phone.both(words) : words);
  const agreed = (plan) => pending.unsent("plan.agree").some((op) => op.body.plan === plan.id);

  function asks(home) {
    const open = pending.asksOf(home);
    if (!open.length) return null;
    return block(t("他们提的诉求"), h("ul", { class: "plain" }, open.map((ask) => h("li", {},
      ask.text, " ", h("small", {}, [named("ask_categories", ask.category), phone.dayName(ask.on)].filter(Boolean).join(" · ")),
      ask.urgent ? h("span", { class: "tag" }, t("急")) : null,
      ask.waiting ? h("span", { class: "tag" }, t("未发出")) : null,
    ))));
  }

  function visits(home) {
    const all = pending.visitsOf(home);
    if (!all.length) return null;
    return block(t("最近的走访"), h("ul", { class: "plain" }, all.map((visit) => h("li", {},
      h("strong", {}, phone.dayName(visit.on)), " ", visit.who, " · ", visit.tasks.map((code) => named("tasks", code)).join("、"),
      visit.photos ? " · " + t("{n}张照片", { n: visit.photos }) : "",
      visit.waiting ? h("span", { class: "tag" }, t("未发出")) : null,
      visit.done ? h("p", {}, visit.done) : null,
    ))));
  }

  function more(home) {
    const causes = [home.cause].concat(home.causes || []).filter(Boolean).map((code) => named("cause", code));
    const facts = [
      [t("致贫原因"), causes.join("、")], [t("帮扶需求"), named("need", home.need)], [t("人均纯收入"), home.income ? t("{n}元", { n: home.income }) : ""],
      [t("愿望"), home.wish], [t("贷款需求"), home.loan_need], [t("户编号"), home.number], [t("结对起"), phone.dayName(home.paired_since)],
    ].filter(([, value]) => value);
    return block(t("户情"), h("dl", {}, facts.map(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])));
  }

  Object.assign(phone.screens, { card: screen });
})((self.phone = self.phone || {}));
