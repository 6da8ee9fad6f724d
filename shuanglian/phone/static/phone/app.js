// The app: which screen is shown, when to send, what to do when the server says no.
(function (phone) {
  "use strict";

  const { h, t, store, sync, state } = phone;
  const AGAIN = 60000; // milliseconds between attempts while something waits
  const ROUTES = [
    [/^$/, "households"], [/^h\/(\d+)$/, "card"], [/^h\/(\d+)\/(visit|ask|edit|agree)$/, null], [/^h\/(\d+)\/progress\/(\d+)$/, "progress"],
    [/^village$/, "village"], [/^duties$/, "duties"], [/^outbox$/, "outbox"], [/^me$/, "me"], [/^service$/, "service"], [/^inspection\/(inspection|study)$/, "inspection"],
  ];
  const TABS = () => [
    ["#/", "house", t("户")], ["#/village", "village", t("村")], ["#/duties", "check", t("任务")], ["#/outbox", "outbox", t("待发")], ["#/me", "person", t("我")],
  ];
  const page = (id) => document.getElementById(id);
  /** The screen that is shown. @type {{title: string, body: any[], foot?: any[], back?: string, form?: boolean, leave?: () => Promise<void>}} */
  let shown = null;
  let why = ""; // said on the first page
  let pause = AGAIN;

  // --- screens ----------------------------------------------------------------------------------------------------------
  /** The screen of the address. */
  async function draw(focus) {
    const place = reachable().indexOf(document.activeElement);
    if (shown && shown.leave) await shown.leave();
    shown = await screenOf(location.hash.replace(/^#\/?/, ""));
    document.title = shown.title + " · " + t("双联");
    const title = h("h1", { tabindex: "-1" }, shown.title);
    phone.fill(page("top"), shown.back ? h("a", { href: shown.back, class: "back", "aria-label": t("返回") }, phone.icon("back")) : null, title);
    phone.fill(page("main"), shown.body);
    phone.fill(page("foot"), shown.foot || null);
    page("foot").hidden = !shown.foot;
    tabs();
    banner();
    if (focus) {
      window.scrollTo(0, 0);
      title.focus();
    } else if (place >= 0 && reachable()[place]) reachable()[place].focus({ preventScroll: true });
  }

  /** What the keyboard can reach, in order: a page drawn anew keeps the place of whoever walks it by keyboard. */
  const reachable = () => Array.from(document.querySelectorAll("a[href], button, input, select, textarea, summary, h1[tabindex]"));

  async function screenOf(path) {
    if (!store.enrolled()) return phone.screens.start(why);
    for (const [pattern, name] of ROUTES) {
      const found = path.match(pattern);
      if (found) return name ? phone.screens[name](...found.slice(1)) : phone.screens[found[2]](found[1]);
    }
    return phone.lost();
  }

  phone.lost = () => ({ title: t("找不到"), back: "#/", body: [h("p", { class: "empty" }, t("这一页不在手机里。"))] });

  function tabs() {
    const nav = page("tabs");
    nav.hidden = Boolean(!store.enrolled() || shown.foot || shown.bare);
    nav.setAttribute("aria-label", t("主菜单"));
    const waiting = state.outbox.length + (state.me ? phone.pending.conflicts().length : 0);
    const here = "#/" + location.hash.replace(/^#\/?/, "").split("/")[0].replace(/^h$/, "");
    phone.fill(nav, TABS().map(([to, icon, label]) => h("a", { href: to, "aria-current": here === to ? "page" : null }, phone.icon(icon), h("span", {}, label),
      to === "#/outbox" && waiting ? h("b", { class: "count", id: "waiting" }, String(waiting)) : null)));
  }

  const TROUBLE = () => ({
    login: [t("登录过期了：请登录，手机里的{n}条就会发出。", { n: state.outbox.length }), "/accounts/login/?next=/phone/"],
    password: [t("请先改掉办公室给的密码。"), "/accounts/password/"],
    forbidden: [t("您的角色不能使用手机端。"), ""], bad: [t("有一条发不出去，请告诉双联办。"), ""],
    full: [t("手机存储已满，新户情放不下。请删些照片或应用。"), ""],
  });

  /** One line below the title: no signal, log-in needed, disk full. */
  function banner() {
    const place = page("banner");
    const [words, to] = TROUBLE()[sync.trouble()] || [sync.trouble() === "offline" || !navigator.onLine ? t("没有信号，先记在手机里。") : "", ""];
    place.hidden = !words || !store.enrolled();
    phone.fill(place, to ? h("a", { href: to }, words) : words);
  }

  // --- what the screens ask for -------------------------------------------------------------------------------------------
  /** Keep operations; whether it worked. Then try to send. */
  phone.keep = async (ops, draft) => {
    try {
      await store.put(ops, draft);
    } catch (error) {
      phone.say(store.isFull(error) ? t("手机存储已满，没有保存。请删些照片或应用再按保存。") : String(error), true);
      return false;
    }
    later();
    sync.run();
    return true;
  };

  /** Asks the browser to send when the signal is back, also with the app closed (where the browser can). */
  async function later() {
    const worker = navigator.serviceWorker && (await navigator.serviceWorker.ready);
    if (worker && worker.sync) worker.sync.register("outbox").catch(() => undefined);
  }

  phone.go = (to, words) => {
    if (words) phone.say(words);
    if (location.hash === to) draw(true);
    else location.hash = to;
  };
  phone.redraw = () => draw(false);

  phone.speak = async (code) => {
    phone.words.speak(code);
    await store.note({ language: code });
    draw(false);
  };

  /** Out: the key is gone before anything else; the server hears of it if there is a line. */
  phone.leave = async () => {
    const waiting = state.outbox.length;
    const told = phone.api.post("leave/", { waiting: waiting }).catch(() => undefined);
    await Promise.resolve(); // the request has its headers; the key may go
    await Promise.race([told, new Promise((done) => setTimeout(done, 3000))]);
    await store.forget();
    why = t("已退出。");
    await endSession();
    phone.go("#/");
  };

  async function endSession() {
    const token = (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || ["", ""])[1];
    await fetch("/accounts/logout/", { method: "POST", headers: { "X-CSRFToken": token }, redirect: "manual" }).catch(() => undefined);
  }

  // --- beginning ----------------------------------------------------------------------------------------------------------
  /** Enrol this phone for whoever is logged in, then fetch everything. `told`: why there is nothing, said already. */
  phone.begin = async (told) => {
    try {
      if (!(await phone.api.get("hello/")).signed_in) throw new phone.Trouble("login");
      const answer = await phone.api.post("enrol/", { install: store.fact("install"), name: deviceName(), about: { browser: navigator.userAgent.slice(0, 200), platform: navigator.platform || "" } });
      await store.enrol(answer, Date.now());
      if (!store.fact("language")) phone.words.speak(answer.user.language || phone.words.language());
      await store.load();
      if (navigator.storage && navigator.storage.persist) navigator.storage.persist();
    } catch (error) {
      why = told || { login: "", offline: t("没有信号，第一次使用要有信号。"), locked: t("这部手机已被锁定，请找双联办。"), ended: t("账号已停用。") }[error.code];
      if (why === undefined) why = error.message;
      return draw(false);
    }
    why = "";
    await draw(true);
    return sync.run();
  };

  /** "Redmi 4A" out of what the browser tells. */
  function deviceName() {
    const found = navigator.userAgent.match(/\(([^)]*)\)/);
    return ((found && found[1].split(";").pop()) || navigator.platform || "").trim().slice(0, 60);
  }

  phone.told = (what, about) => {
    if (what === "synced") settle(about);
    if (!shown || shown.form || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return tabsOnly();
    if (["state", "outbox", "synced"].includes(what)) draw(false);
    return undefined;
  };

  function tabsOnly() {
    if (shown) { tabs(); banner(); }
  }

  /** After a round: gone, another person, or again a little later. */
  async function settle(how) {
    pause = how === "offline" ? Math.min(pause * 2, 16 * AGAIN) : AGAIN;
    if (how === "locked" || how === "ended") {
      why = how === "locked" ? t("这部手机已被双联办锁定，手机里的数据已清除。") : t("账号已停用，手机里的数据已清除。");
      phone.go("#/");
    }
    if (how === "other_user") {
      await store.forget();
      await phone.begin();
    }
    if (how === "unknown_device") await phone.begin();
  }

  function tick() {
    setTimeout(() => {
      keepShell();
      if (!document.hidden && store.enrolled() && navigator.onLine) sync.run();
      tick();
    }, pause);
  }

  /** Keeps the app itself for flight mode. A cut while its files came down leaves nothing kept: asked again with every tick. */
  async function keepShell() {
    const all = navigator.serviceWorker;
    if (!all || all.controller || !navigator.onLine) return;
    await all.register("/phone/sw.js", { scope: "/phone/" }).catch(() => undefined);
  }

  async function boot() {
    await store.readFacts();
    phone.words.speak(store.fact("language") || (document.cookie.match(/(?:^|; )language=([^;]+)/) || ["", "zh-hans"])[1]);
    await phone.words.load(document.body.dataset.words);
    if (await store.expired(Date.now())) {
      await store.forget();
      why = t("太久没有联系，手机里的数据已清除。请登录。");
    }
    if (store.enrolled()) await store.load();
    window.addEventListener("hashchange", () => draw(true));
    window.addEventListener("online", () => { pause = AGAIN; sync.run(); });
    window.addEventListener("offline", banner);
    document.addEventListener("visibilitychange", () => (document.hidden ? shown && shown.leave && shown.leave() : store.enrolled() && sync.run()));
    if (navigator.serviceWorker) {
      navigator.serviceWorker.addEventListener("message", async () => { await store.load(); if (!shown.form) draw(false); });
    }
    keepShell();
    await draw(false);
    tick();
    return store.enrolled() ? sync.run() : phone.begin(why);
  }

  boot();
})((self.phone = self.phone || {}));
