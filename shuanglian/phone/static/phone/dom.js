// Building pages out of text and elements; nothing that came from anybody is ever read as markup.
(function (phone) {
  "use strict";

  let count = 0;
  const SVG = "http://www.w3.org/2000/svg";
  const ICONS = {
    house: "M3 12l9-8 9 8M6 10v10h12V10M10 20v-5h4v5",
    village: "M9 4L3 6.5V20l6-2.5 6 2.5 6-2.5V4l-6 2.5zM9 4v13.5M15 6.5V20",
    check: "M5 12.5l4.5 4.5L19 7.5",
    outbox: "M12 16V4M7 9l5-5 5 5M4 17v2a1 1 0 0 0 1 1h14a1 1 0 0 0 1-1v-2",
    person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM5 20a7 7 0 0 1 14 0",
    back: "M15 5l-7 7 7 7",
    phone: "M6 3h4l2 5-2.5 1.5a11 11 0 0 0 5 5L16 12l5 2v4a2 2 0 0 1-2 2A16 16 0 0 1 4 5a2 2 0 0 1 2-2z",
    camera: "M4 8h4l2-3h4l2 3h4v11H4zM12 16.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z",
    pin: "M12 21s-7-6.5-7-12a7 7 0 0 1 14 0c0 5.5-7 12-7 12zM12 11.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  };

  /** An element. `on`: listeners by event name; a false, null or undefined attribute is left out.
   * @param {string} tag @param {Record<string, any>} [attributes] @param {...any} kids text, elements, lists of them
   * @returns {any} */
  function h(tag, attributes, ...kids) {
    const element = document.createElement(tag);
    Object.entries(attributes || {}).forEach(([name, value]) => {
      if (value === false || value === null || value === undefined) return;
      if (name === "on") Object.entries(value).forEach(([event, listener]) => element.addEventListener(event, listener));
      else if (name === "value") element.value = value;
      else element.setAttribute(name, value === true ? "" : value);
    });
    add(element, kids);
    return element;
  }

  function add(element, kids) {
    [].concat(...kids).forEach((kid) => {
      if (Array.isArray(kid)) add(element, kid);
      else if (kid !== null && kid !== undefined && kid !== false) element.append(kid);
    });
  }

  /** Other content for an element. */
  function fill(element, ...kids) {
    element.textContent = "";
    add(element, kids);
    return element;
  }

  function icon(name) {
    const svg = document.createElementNS(SVG, "svg");
    const attributes = { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" };
    Object.entries(attributes).forEach(([key, value]) => svg.setAttribute(key, value));
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  }

  const fresh = (word) => word + "-" + (count += 1);

  /** A labelled control. @param {string} label @param {HTMLElement} control @param {string} [hint] */
  function field(label, control, hint) {
    control.id = control.id || fresh("field");
    const note = hint && h("p", { class: "hint", id: control.id + "-hint" }, hint);
    if (note) control.setAttribute("aria-describedby", note.id);
    return h("div", { class: "field" }, h("label", { for: control.id }, label), control, note);
  }

  /** Large choices to tap: radio buttons or check boxes. @param {string} legend
   * @param {{code: any, label: string}[]} options @param {{many?: boolean, chosen: any[], change: (codes: any[]) => void, bare?: boolean}} how */
  function chips(legend, options, how) {
    const name = fresh("chips");
    const inputs = options.map((option) => {
      const input = h("input", { type: how.many ? "checkbox" : "radio", name: name, id: fresh("chip") });
      input.checked = how.chosen.includes(option.code);
      input.addEventListener("change", () => how.change(options.filter((_one, at) => inputs[at].checked).map((one) => one.code)));
      return input;
    });
    const boxes = options.map((option, at) => h("div", { class: "chip" }, inputs[at], h("label", { for: inputs[at].id }, option.label)));
    return h("fieldset", { class: "chips" }, h("legend", { class: how.bare && "hidden" }, legend), h("div", { class: "chip-row" }, boxes));
  }

  /** One of a list. @param {{code: string, label: string}[]} options */
  function select(options, chosen, change, blank) {
    const all = blank === undefined ? options : [{ code: "", label: blank }, ...options];
    const box = h("select", { on: { change: () => change(box.value) } }, all.map((option) => h("option", { value: option.code }, option.label)));
    all.forEach((option, at) => { if (String(option.code) === String(chosen)) box.selectedIndex = at; });
    return box;
  }

  function area(value, most, change) {
    const box = h("textarea", { rows: "3", maxlength: String(most), on: { input: () => change(box.value) } });
    box.value = value || "";
    return box;
  }

  function input(type, value, change, more) {
    const box = h("input", Object.assign({ type: type, on: { input: () => change(box.value) }, autocomplete: "off" }, more));
    box.value = value === null || value === undefined ? "" : value;
    return box;
  }

  const money = (value, change) => input("text", value, change, { inputmode: "decimal", pattern: "-?[0-9]*[.]?[0-9]{0,2}" });
  const button = (label, press, more) => h("button", Object.assign({ type: "button", class: "button", on: { click: press } }, more), label);
  const link = (label, to, more) => h("a", Object.assign({ href: to, class: "button" }, more), label);
  const fold = (title, open, ...kids) => h("details", { open: open, class: "fold" }, h("summary", {}, title), kids);
  const codes = (list) => (phone.state.lists[list] || []).map((item) => ({ code: item.code, label: phone.both(item) }));

  /** Say it, to the eye and to the ear; `bad` stays until the next one. */
  function say(sentence, bad) {
    const place = document.getElementById(bad ? "alert" : "status");
    document.getElementById(bad ? "status" : "alert").textContent = "";
    place.textContent = sentence;
    if (!bad) setTimeout(() => { if (place.textContent === sentence) place.textContent = ""; }, 6000);
  }

  Object.assign(phone, { h, fill, icon, field, chips, select, area, input, money, button, link, fold, codes, say });
})((self.phone = self.phone || {}));
