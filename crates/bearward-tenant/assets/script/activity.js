// `data-activity="ADDRESS"` on the body of the newest page of the activity: new lines come in by themselves
// every five seconds while the page is seen. Lines that somebody points at or has the focus in do not move.
document.addEventListener("DOMContentLoaded", () => {
  const list = document.querySelector("[data-activity]");
  if (!list) return;
  const table = list.closest(".activity");
  const says = document.getElementById("fresh-says");
  const most = 50;
  const element = (name, text, attributes = {}) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const row = (line) => {
    const made = element("tr", "", { "data-id": line.id });
    const cell = (inside) => {
      const td = element("td");
      td.append(inside);
      return td;
    };
    const what = element("th", "", { scope: "row" });
    const badge = element("span", "", { class: `badge ${line.class}` });
    badge.append(element("span", line.sign, { "aria-hidden": "true" }), line.word);
    what.append(element("a", line.what, { href: line.href }), badge);
    made.append(
      cell(element("time", line.ago, { class: "time", datetime: line.datetime, title: line.date, "data-time": line.seconds })),
      what,
      cell(element("code", line.reason, { class: "quiet" })),
      cell(element("span", line.application, { class: "foreign" })),
      cell(element("span", line.api, { class: "foreign" })),
    );
    return made;
  };
  const look = async () => {
    if (document.hidden) return;
    let lines;
    try {
      const response = await fetch(list.dataset.activity, { headers: { accept: "application/json" }, redirect: "error" });
      if (!response.ok) throw new Error(String(response.status));
      lines = await response.json();
    } catch { // the tenant is down, or the session is over: the next look or a reload tells
      says.textContent = "The tenant does not answer. Refresh to try again.";
      return;
    }
    const newest = list.firstElementChild?.dataset.id ?? "";
    const fresh = lines.filter((line) => line.id > newest);
    if (fresh.length === 0) {
      says.textContent = "";
      return;
    }
    if (table.matches(":hover, :focus-within")) {
      says.textContent = `${fresh.length === most ? "Many" : fresh.length} new above.`;
      return;
    }
    list.prepend(...fresh.map(row));
    while (list.children.length > most) list.lastElementChild.remove();
    table.hidden = false;
    says.textContent = "";
  };
  setInterval(look, 5000);
  document.addEventListener("visibilitychange", look);
});
