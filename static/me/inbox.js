// A letter that is open before somebody's eyes is read: its button presses itself, and goes.

for (const form of document.querySelectorAll("form[data-read-now]")) {
  fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" })
    .then((answer) => {
      // The answer leads back to the inbox; it is enough that it came.
      if (answer.ok || answer.type === "opaqueredirect") form.remove();
    })
    .catch(() => {}); // Without a line the button stays.
}
