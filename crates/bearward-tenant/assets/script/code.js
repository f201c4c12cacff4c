// Code tabs: one language at a time, the same in every group, remembered for the next page.
document.addEventListener("DOMContentLoaded", () => {
  const groups = [...document.querySelectorAll(".code")];
  const choose = (group, language) => {
    const panels = [...group.querySelectorAll(".code-panel")];
    const chosen = panels.find((panel) => panel.dataset.language === language);
    if (!chosen) return;
    for (const panel of panels) panel.classList.toggle("chosen", panel === chosen);
    for (const tab of group.querySelectorAll("[role=tab]")) {
      const current = tab.dataset.language === language;
      tab.setAttribute("aria-selected", String(current));
      tab.tabIndex = current ? 0 : -1;
    }
    group.querySelector("select").value = language;
    group.querySelector("[data-copies]").dataset.copies = chosen.querySelector("code").id;
  };
  const chooseEverywhere = (language) => {
    for (const group of groups) choose(group, language);
    try { localStorage.setItem("language", language); } catch { /* lasts as long as the page */ }
  };
  let remembered = null;
  try { remembered = localStorage.getItem("language"); } catch { /* storage is switched off: the first stays */ }
  for (const group of groups) {
    if (remembered) choose(group, remembered);
    const tabs = [...group.querySelectorAll("[role=tab]")];
    for (const [at, tab] of tabs.entries()) {
      tab.addEventListener("click", () => chooseEverywhere(tab.dataset.language));
      tab.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        const next = tabs[(at + step + tabs.length) % tabs.length];
        chooseEverywhere(next.dataset.language);
        next.focus();
      });
    }
    group.querySelector("select").addEventListener("change", (event) => chooseEverywhere(event.target.value));
  }
});
