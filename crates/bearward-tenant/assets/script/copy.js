// `data-copies="ID"` copies the text of that element; `data-shows="ID"` shows or masks a secret.
{
  const whole = (element) => element.dataset.secret ?? element.textContent;
  const copy = async (button) => {
    const source = document.getElementById(button.dataset.copies);
    const word = button.dataset.word ??= button.textContent;
    try {
      await navigator.clipboard.writeText(whole(source));
      button.textContent = "Copied";
    } catch { // no clipboard on plain http from elsewhere: the reader's own copy key does the rest
      if (source.dataset.secret) source.textContent = source.dataset.secret;
      getSelection().selectAllChildren(source);
      button.textContent = "Selected";
    }
    setTimeout(() => { button.textContent = word; }, 1500);
  };
  const show = (button) => {
    const source = document.getElementById(button.dataset.shows);
    const mask = source.dataset.mask ??= source.textContent;
    const shown = button.getAttribute("aria-pressed") !== "true";
    source.textContent = shown ? source.dataset.secret : mask;
    button.setAttribute("aria-pressed", String(shown));
    button.textContent = shown ? "Hide" : "Show";
  };
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copies], [data-shows]");
    if (button?.dataset.copies) copy(button);
    else if (button) show(button);
  });
}
