// Matrix: each change is saved as it is made, and can be undone. Without a script the form has a button.
document.addEventListener("DOMContentLoaded", () => {
  for (const form of document.querySelectorAll("form[data-matrix]")) {
    const line = form.querySelector("[role=status]");
    const undo = form.querySelector("[data-undo]");
    let last = null;
    const say = (words, box) => {
      line.textContent = words;
      last = box;
      undo.hidden = !box;
    };
    const save = async (box) => {
      const granted = box.checked;
      const body = new URLSearchParams({
        csrf: form.elements.namedItem("csrf").value, change: box.value, granted: granted ? "on" : "off",
      });
      const name = box.dataset.name;
      box.disabled = true;
      try {
        const response = await fetch(form.action, { method: "POST", body, redirect: "error", headers: { accept: "application/json" } });
        if (!response.ok) throw new Error(`the tenant answered ${response.status}`);
        say(granted ? `Granted: ${name}.` : `No longer granted: ${name}.`, box);
      } catch (error) {
        box.checked = !granted;
        say(`Not saved: ${name}. ${error instanceof TypeError ? "The tenant did not answer." : `${error.message}.`} Reload the page and try again.`, null);
      }
      box.disabled = false;
      if (document.activeElement === document.body) box.focus(); // disabling took the focus away
    };
    form.addEventListener("change", (event) => { if (event.target.type === "checkbox") save(event.target); });
    form.addEventListener("submit", (event) => event.preventDefault());
    undo.addEventListener("click", () => { if (last) { last.checked = !last.checked; save(last); } });
    form.addEventListener("pointerover", (event) => {
      const at = event.target.closest("td, th")?.cellIndex ?? -1;
      for (const cell of form.querySelectorAll("td, th")) cell.classList.toggle("lit", at > 0 && cell.cellIndex === at);
    });
    form.addEventListener("pointerleave", () => { for (const cell of form.querySelectorAll(".lit")) cell.classList.remove("lit"); });
  }
});
