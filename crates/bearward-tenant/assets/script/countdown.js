// `data-time` holds seconds since 1970; the words beside it go with the clock.
{
  const units = [[86400, "d"], [3600, "h"], [60, "min"], [1, "s"]];
  const inWords = (seconds) => {
    const size = Math.abs(seconds);
    const at = Math.max(units.findIndex(([length]) => size >= length), 0);
    const words = units.slice(at === 0 && size < 86400 ? 3 : at, at + 2)
      .map(([length, unit], i) => [Math.floor(i ? (size % units[at][0]) / length : size / length), unit])
      .filter(([count], i) => i === 0 || count > 0 || seconds >= 0)
      .map((parts) => parts.join(" ")).join(" ");
    return seconds >= 0 ? `in ${words}` : `${words} ago`;
  };
  const tick = () => {
    for (const time of document.querySelectorAll("[data-time]")) {
      const seconds = Math.floor(Number(time.dataset.time) - Date.now() / 1000);
      if (!Number.isFinite(seconds)) continue;
      if (time.hasAttribute("data-ends")) {
        time.classList.toggle("soon", seconds >= 0 && seconds < 60);
        time.classList.toggle("over", seconds < 0);
        if (time.dataset.ends) time.previousElementSibling.textContent = seconds < 0 ? "Expired" : "Expires";
      }
      const words = inWords(seconds);
      if (time.textContent !== words) time.textContent = words;
    }
  };
  document.addEventListener("DOMContentLoaded", () => { tick(); setInterval(tick, 1000); });
}
