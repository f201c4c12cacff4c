// Answers of /authorize: `data-submits` is a form to send at once, `data-message` a message to the application.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("form[data-submits]")?.submit();
  const message = document.querySelector("[data-message]");
  const application = window.opener ?? (window.parent === window ? null : window.parent);
  if (message && application) {
    const response = JSON.parse(message.dataset.message);
    application.postMessage({ type: "authorization_response", response }, message.dataset.origin);
  }
});
