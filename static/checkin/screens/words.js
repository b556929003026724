/** The scanner's words and instants, in the language of the page. */

const WORDS = JSON.parse(document.getElementById("scanner-words").textContent);

/** The sentence of a key, its `%(name)s` filled in; empty if there is none. */
export function say(key, params = {}) {
  const sentence = WORDS[key] ?? "";
  return sentence.replace(/%\((\w+)\)s/g, (_whole, name) => params[name] ?? "");
}

/** Whether this device has no Chinese font of its own, so that the page had to fetch one. */
export function lacksHan() {
  return [...document.fonts].some(({ family, status }) => family.includes("Noto Sans SC") && status === "loaded");
}

/** A text in two languages, as the page's language has it, else as it is. */
export function text(words, language) {
  if (!words) return "";
  const wanted = language.startsWith("zh") ? "zh" : "en";
  return words[wanted] ?? words.en ?? words.zh ?? "";
}

/** The same text in the other language, if it says something else. */
export function otherText(words, language) {
  if (!words?.en || !words?.zh || words.en === words.zh) return "";
  return language.startsWith("zh") ? words.en : words.zh;
}

/** An instant as the venue's clocks show it; the day only if it is not today. */
export function when(ms, timeZone, language, now = Date.now()) {
  const locale = language.startsWith("zh") ? "zh-Hans-CN" : "en-GB";
  const day = new Intl.DateTimeFormat(locale, { timeZone, dateStyle: "medium" });
  const clock = new Intl.DateTimeFormat(locale, { timeZone, hour: "2-digit", minute: "2-digit" });
  const time = clock.format(ms);
  return day.format(ms) === day.format(now) ? time : `${day.format(ms)} ${time}`;
}
