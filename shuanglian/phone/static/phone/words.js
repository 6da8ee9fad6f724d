// The app's own sentences. Chinese is the source; English comes from the room's catalogue (words.json), so that the
// language can be changed without a line.
(function (phone) {
  "use strict";

  const LANGUAGES = { "zh-hans": "中文", en: "English" };
  let english = {};
  let language = "zh-hans";

  /** @param {string} address of words.json */
  async function load(address) {
    try {
      english = (await (await fetch(address)).json()).en;
    } catch (error) {
      english = {}; // then it is Chinese
    }
  }

  function speak(code) {
    language = code in LANGUAGES ? code : "zh-hans";
    document.documentElement.lang = language === "en" ? "en" : "zh-Hans";
    document.cookie = "language=" + language + "; path=/; max-age=31536000; samesite=lax";
  }

  /** The sentence in the reader's language; {name} is filled in. @param {string} source @param {Record<string, any>} [values] */
  function t(source, values) {
    const sentence = (language === "en" && english[source]) || source;
    return sentence.replace(/\{(\w+)\}/g, (whole, name) => (values && name in values ? values[name] : whole));
  }

  /** A label in both languages, or a code of a list. @param {{zh: string, en: string}|null} label */
  const both = (label) => (label ? (language === "en" ? label.en : label.zh) : "");

  /** What a code of one of the profile's lists means. */
  function named(list, code) {
    const found = (phone.state.lists[list] || []).find((item) => item.code === code);
    return found ? both(found) : code || "";
  }

  /** "2015-06-01" as people read it. */
  function dayName(day) {
    if (!day) return "";
    const date = new Date(day + "T12:00:00");
    return date.toLocaleDateString(language === "en" ? "en-GB" : "zh-CN", { year: "numeric", month: "short", day: "numeric" });
  }

  /** A moment as people read it. @param {string} iso */
  function momentName(iso) {
    if (!iso) return "";
    const date = new Date(iso);
    return dayName(phone.time.day(date)) + " " + phone.time.clock(date);
  }

  phone.words = { load, speak, language: () => language, LANGUAGES };
  Object.assign(phone, { t, both, named, dayName, momentName });
})((self.phone = self.phone || {}));
