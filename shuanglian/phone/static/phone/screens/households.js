// My households: whom I have not seen for longest stands first.
(function (phone) {
  "use strict";

  const { h, t, pending } = phone;
  const LONG = 30; // days after which a household is marked
  let words = "";
  let only = "all";

  function screen() {
    const list = h("ul", { class: "rows", id: "homes" });
    const draw = () => phone.fill(list, rows());
    const coming = Array.from(phone.state.households.values()).filter((home) => home.brief).length;
    const search = phone.input("search", words, (value) => { words = value.trim(); draw(); }, { id: "search", placeholder: t("姓名、社组、户编号") });
    const options = [{ code: "all", label: t("全部") }, { code: "due", label: t("该去的") }, { code: "asked", label: t("有诉求") }];
    draw();
    return {
      title: t("我的户"),
      body: [
        phone.field(t("查找"), search),
        phone.chips(t("看哪些户"), options, { chosen: [only], bare: true, change: (codes) => { only = codes[0]; draw(); } }),
        coming ? h("p", { class: "hint", id: "coming", role: "status" }, t("{n}户的详细资料还在路上", { n: coming })) : null,
        list,
      ],
    };
  }

  function rows() {
    const homes = Array.from(phone.state.households.values()).map(pending.edited).map((home) => ({ home, days: pending.daysSince(home) }));
    const found = homes.filter(wanted).sort((a, b) => weight(b.days) - weight(a.days) || a.home.id - b.home.id);
    if (!found.length) return h("li", { class: "empty" }, homes.length ? t("没有符合的户") : t("还没有分到您名下的户"));
    return found.map(row);
  }

  const weight = (days) => (days === null ? Infinity : days);

  function wanted({ home, days }) {
    if (only === "due" && days !== null && days <= LONG) return false;
    if (only === "asked" && !pending.asksOf(home).length) return false;
    return [home.head, home.group, home.number, home.village_name].join(" ").includes(words);
  }

  function row({ home, days }) {
    const last = days === null ? t("还没有走访过") : days === 0 ? t("今天走访过") : t("{n}天前走访", { n: days });
    const asks = pending.asksOf(home).length;
    const draft = phone.state.drafts.has("visit:" + home.id);
    return h("li", {},
      h("a", { class: "row", href: "#/h/" + home.id },
        h("strong", {}, home.head),
        h("span", {}, [home.village_name, home.group, t("{n}口人", { n: home.size })].filter(Boolean).join(" · ")),
        h("span", { class: days === null || days > LONG ? "due" : "" }, last),
        asks ? h("span", { class: "tag" }, t("{n}条诉求", { n: asks })) : null,
        draft ? h("span", { class: "tag" }, t("有没写完的走访")) : null,
      ),
      phone.state.me.may.includes("visit")
        ? h("a", { class: "button main go", href: "#/h/" + home.id + "/visit", "aria-label": t("走访{name}", { name: home.head }) }, t("走访")) : null,
    );
  }

  phone.screens = Object.assign(phone.screens || {}, { households: screen });
})((self.phone = self.phone || {}));
