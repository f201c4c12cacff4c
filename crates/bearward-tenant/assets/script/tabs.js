// Where the sections or the parts of an object scroll sideways, the current one is brought into sight.
document.addEventListener("DOMContentLoaded", () => {
  for (const link of document.querySelectorAll("nav [aria-current=page]")) link.scrollIntoView({ block: "nearest", inline: "center" });
});
