// The theme is set before anything is drawn, so that no page flashes in the other one.
"use strict";
{
  const root = document.documentElement.dataset;
  root.script = "";
  try { root.theme = localStorage.getItem("theme") ?? ""; } catch { /* storage is switched off: follow the system */ }
  document.addEventListener("DOMContentLoaded", () => {
    const choice = document.getElementById("theme");
    if (!choice) return;
    choice.value = root.theme ?? "";
    choice.addEventListener("change", () => {
      root.theme = choice.value;
      try { localStorage.setItem("theme", choice.value); } catch { /* lasts as long as the page */ }
    });
  });
}
